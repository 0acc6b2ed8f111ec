#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Prints the properties of a feature type with their types as GDAL has them, as JSON: [[name, type], ...].

types_gdal.py ROOT TYPE
"""
import json
import sys

from osgeo import gdal, ogr

gdal.UseExceptions()
root, kind = sys.argv[1:]
source = gdal.OpenEx(f"WFS:{root}?version=2.0.0", gdal.OF_VECTOR)
fields = source.GetLayerByName(f"pp:{kind}").GetLayerDefn()
print(json.dumps([[field.GetName(), "Boolean" if field.GetSubType() == ogr.OFSTBoolean else ogr.GetFieldTypeName(field.GetType())] for field in map(fields.GetFieldDefn, range(fields.GetFieldCount()))]))
