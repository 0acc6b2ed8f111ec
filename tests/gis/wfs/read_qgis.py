#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Reads a feature type as QGIS does (provider WFS) and prints each feature's id and geometry, as JSON.

read_qgis.py ROOT TYPE PAGE SRS [VERSION] [MINX MINY MAXX MAXY]

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

from qgis.core import QgsApplication, QgsFeatureRequest, QgsRectangle, QgsVectorLayer

root, kind, page, srs, *box = sys.argv[1:]
version = box.pop(0) if len(box) % 2 else "2.0.0"
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"url='{root}' typename='pp:{kind}' version='{version}' srsname='{srs}' pageSize='{page}' pagingEnabled='true' restrictToRequestBBOX='1'", kind, "WFS")
assert layer.isValid(), "QGIS takes it for a layer"
request = QgsFeatureRequest()
if box:
    request.setFilterRect(QgsRectangle(*map(float, box)))
features = [dict(id=[feature[name] for name in ("valid_from", "number", "ags", "neighbour", "plan_no", "procedure") if name in feature.fields().names()],
    geometry=json.loads(feature.geometry().asJson(10)) if feature.hasGeometry() else None) for feature in layer.getFeatures(request)]
json.dump(features, sys.stdout, default=lambda value: value.toString() if hasattr(value, "toString") else str(value))
sys.stdout.flush()
del layer
application.exitQgis()
