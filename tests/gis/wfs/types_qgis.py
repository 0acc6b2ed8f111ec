#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Prints the properties of a feature type with their types as QGIS has them, as JSON: [[name, type], ...].

types_qgis.py ROOT TYPE
"""
import json
import sys

from qgis.core import QgsApplication, QgsVectorLayer
from qgis.PyQt.QtCore import QVariant

names = {QVariant.String: "String", QVariant.Bool: "Boolean", QVariant.Int: "Integer", QVariant.LongLong: "Integer64", QVariant.Double: "Real", QVariant.Date: "Date", QVariant.DateTime: "DateTime"}
root, kind = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
layer = QgsVectorLayer(f"url='{root}' typename='pp:{kind}' version='2.0.0' srsname='EPSG:25832'", kind, "WFS")
assert layer.isValid(), "QGIS takes it for a layer"
print(json.dumps([[field.name(), names[field.type()]] for field in layer.fields()]))
sys.stdout.flush()
del layer
application.exitQgis()
