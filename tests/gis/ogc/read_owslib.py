#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Reads a collection as OWSLib does and prints its features page by page, as JSON.

read_owslib.py ROOT COLLECTION PAGE [WEST SOUTH EAST NORTH]

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

import requests
from owslib.ogcapi.features import Features

root, collection, page, *box = sys.argv[1:]
client = Features(root)
assert collection in client.feature_collections(), "it is among the collections of features"
assert client.collection(collection)["id"] == collection
reply = client.collection_items(collection, limit=int(page), **({"bbox": list(map(float, box))} if box else {}))
features = []
while True:
    features += reply["features"]
    following = [link["href"] for link in reply["links"] if link["rel"] == "next"]
    if not following:
        break
    reply = requests.get(following[0], timeout=60).json()
if features:
    assert client.collection_item(collection, features[0]["id"])["id"] == features[0]["id"]
json.dump(features, sys.stdout)
