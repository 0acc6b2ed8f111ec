#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Asks as OWSLib does and prints what it has read, as JSON: for each question its features, those of GeoJSON as they come.

ask_owslib.py QUESTIONS

As ask_gdal.py; a question of WFS has its version as well. Its client of 2.0 cannot name the CRS of features, and sends a condition as the parameter
"query", which WFS does not have. It sends documents instead, and that is how it asks for these; with 1.1 it asks for everything by itself.

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys
from xml.sax.saxutils import escape

import requests
from owslib.ogcapi.features import Features
from owslib.util import Authentication
from owslib.wfs import WebFeatureService

SPACES = 'xmlns:wfs="http://www.opengis.net/wfs/2.0" xmlns:fes="http://www.opengis.net/fes/2.0" xmlns:gml="http://www.opengis.net/gml/3.2" xmlns:pp="urn:planungsplattform:features:1"'
with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
name, token = asked["login"].split(":")
login = Authentication(username=name, password=token)
services = {version: WebFeatureService(asked["wfs"], version=version, auth=login) for version in ("1.1.0", "2.0.0")}
api = Features(asked["ogc"], auth=login)


def equal(prefix, reference, property, value):
    return (f"<{prefix}:Filter><{prefix}:PropertyIsEqualTo><{prefix}:{reference}>pp:{property}</{prefix}:{reference}>"
        f"<{prefix}:Literal>{escape(value)}</{prefix}:Literal></{prefix}:PropertyIsEqualTo></{prefix}:Filter>")


def document(collection, crs, page, start, box, where):
    condition = equal("fes", "ValueReference", *where) if where else ""
    if box:
        condition = f'<fes:Filter><fes:BBOX><gml:Envelope srsName="{crs}"><gml:lowerCorner>{box[0]} {box[1]}</gml:lowerCorner><gml:upperCorner>{box[2]} {box[3]}</gml:upperCorner></gml:Envelope></fes:BBOX></fes:Filter>'
    return (f'<wfs:GetFeature service="WFS" version="2.0.0" count="{page}" startIndex="{start}" outputFormat="application/geo+json" {SPACES}>'
        f'<wfs:Query typeNames="pp:{collection}" srsName="{crs}">{condition}</wfs:Query></wfs:GetFeature>')


def north_first(crs):
    return crs.endswith((":4326", ":4258"))


def of_wfs(version, collection, crs, page, box=None, where=None):
    client, features = services[version], []
    assert f"pp:{collection}" in client.contents, "it is among the feature types"
    shared = dict(typename=[f"pp:{collection}"], maxfeatures=page, outputFormat="application/geo+json")
    while True:
        start = len(features)
        if version == "1.1.0":
            # It turns the box round itself, where the CRS wants it.
            reply = client.getfeature(**shared, startindex=start, srsname=crs, **({"bbox": (*box, crs)} if box else {}),
                **({"filter": equal("ogc", "PropertyName", *where).replace(">", ' xmlns:ogc="http://www.opengis.net/ogc" xmlns:pp="urn:planungsplattform:features:1">', 1)} if where else {}))
        elif crs.endswith("CRS84") and not where:
            reply = client.getfeature(**shared, startindex=start, **({"bbox": (*box, crs)} if box else {}))
        else:
            turned = [box[1], box[0], box[3], box[2]] if box and north_first(crs) else box
            reply = client.getfeature(method="Post", filter=document(collection, crs, page, start, turned, where).encode())
        found = json.loads(reply.read())["features"]
        features += found
        if len(found) < page:
            return features


def of_ogc(collection, crs, page, box=None, where=None):
    assert collection in api.feature_collections(), "it is among the collections of features"
    turned = [box[1], box[0], box[3], box[2]] if box and north_first(crs) else box
    uri = "http://www.opengis.net/def/crs/" + crs.removeprefix("urn:ogc:def:crs:").replace("::", "/0/").replace(":", "/")
    words = dict(limit=page, crs=uri, **({"bbox": turned, "bbox-crs": uri} if box else {}), **({"filter": f"{where[0]} = '{where[1]}'"} if where else {}))
    reply, features = api.collection_items(collection, **words), []
    while True:
        features += reply["features"]
        following = [link["href"] for link in reply["links"] if link["rel"] == "next"]
        if not following:
            break
        reply = requests.get(following[0], auth=(name, token), timeout=60).json()
    assert api.collection_item(collection, features[0]["id"])["id"] == features[0]["id"]
    return features


print(json.dumps([of_wfs(**question) if question.pop("service") == "wfs" else of_ogc(**question) for question in asked["questions"]]))
