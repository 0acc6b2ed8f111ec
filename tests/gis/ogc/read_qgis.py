#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Reads a collection as QGIS does (provider OAPIF) and prints each feature's id and geometry, as JSON.

read_qgis.py ROOT COLLECTION PAGE [WEST SOUTH EAST NORTH]

PP_LOGIN=NAME:TOKEN are its credentials, sent as Basic.

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import os
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer

root, collection, page, *box = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
name, _, token = os.environ.get("PP_LOGIN", "").partition(":")
login = f"username='{name}' password='{token}' " if token else ""
layer = QgsVectorLayer(f"{login}url='{root}' typename='{collection}' pageSize='{page}' pagingEnabled='true'", collection, "OAPIF")
assert layer.isValid(), "QGIS takes it for a layer"
request = QgsFeatureRequest()
if box:
    request.setFilterRect(QgsRectangle(*map(float, box)))
features = [dict(id=feature["id"] if "id" in feature.fields().names() else None,
    geometry=json.loads(feature.geometry().asJson(10)) if feature.hasGeometry() else None) for feature in layer.getFeatures(request)]
json.dump(features, sys.stdout)
sys.stdout.flush()
del layer
application.exitQgis()
