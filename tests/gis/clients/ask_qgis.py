#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Asks as QGIS does (providers WFS and OAPIF) and prints what it has read, as JSON: for each question its features.

ask_qgis.py QUESTIONS

As ask_gdal.py; a question of WFS has its version as well. QGIS keeps no id of what came by WFS, so "key" names the properties that tell features apart.
login may be missing. A condition is the layer's own ("subset"), which is sent to the server.

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer

with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
application = QgsApplication([], False)
application.initQgis()
name, _, token = asked.get("login", "").partition(":")
login = f"username='{name}' password='{token}' " if token else ""


def read(service, collection, page, key, version="2.0.0", crs="", box=None, where=None):
    if service == "wfs":
        srs = "OGC:CRS84" if crs.endswith("CRS84") else crs.replace("urn:ogc:def:crs:", "").replace("::", ":")
        words = f"url='{asked['wfs']}' typename='pp:{collection}' version='{version}' srsname='{srs}' restrictToRequestBBOX='1'"
    else:
        words = f"url='{asked['ogc']}' typename='{collection}'"
    layer = QgsVectorLayer(f"{login}{words} pageSize='{page}' pagingEnabled='true'", collection, "WFS" if service == "wfs" else "OAPIF")
    assert layer.isValid(), f"QGIS takes it for a layer: {words}"
    if where:
        assert layer.setSubsetString(f"\"{where[0]}\" = '{where[1]}'"), where
    request = QgsFeatureRequest()
    if box:
        request.setFilterRect(QgsRectangle(*box))
    return [dict(id="|".join(str(feature[each]) for each in key),
        geometry=json.loads(feature.geometry().asJson(12)) if feature.hasGeometry() else None) for feature in layer.getFeatures(request)]


print(json.dumps([read(**question) for question in asked["questions"]]))
sys.stdout.flush()
application.exitQgis()
