#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Reads a feature type as OWSLib does and prints its features page by page, as GeoJSON's.

read_owslib.py ROOT TYPE PAGE SRS [MINX MINY MAXX MAXY]

SRS is that of the box: OWSLib cannot name one for the features, so they come in the default of GeoJSON.

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

from owslib.wfs import WebFeatureService

root, kind, page, srs, *box = sys.argv[1:]
client = WebFeatureService(root, version="2.0.0")
assert f"pp:{kind}" in client.contents, "it is among the feature types"
assert {"GetCapabilities", "DescribeFeatureType", "GetFeature"} <= {operation.name for operation in client.operations}
features = []
while True:
    reply = json.loads(client.getfeature(typename=[f"pp:{kind}"], startindex=len(features), maxfeatures=int(page),
        outputFormat="application/json", **({"bbox": (*map(float, box), srs)} if box else {})).read())
    if not reply["features"]:
        break
    features += reply["features"]
json.dump(features, sys.stdout)
