#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Asks as GDAL does (drivers WFS and OAPIF) and prints what it has read, as JSON: for each question its features.

ask_gdal.py QUESTIONS

QUESTIONS is a file: {"wfs": ROOT, "ogc": ROOT, "login": "NAME:TOKEN", "questions": [{"service", "collection", "crs", "page", "box", "where"}]};
box has east first, in that CRS, and where is [property, value].

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

from osgeo import gdal, ogr

gdal.UseExceptions()
ogr.UseExceptions()
with open(sys.argv[1], encoding="utf-8") as file:
    asked = json.load(file)
gdal.SetConfigOption("GDAL_HTTP_USERPWD", asked["login"])


def read(service, collection, crs, page, box=None, where=None):
    if service == "wfs":
        gdal.SetConfigOption("OGR_WFS_PAGE_SIZE", str(page))
        source, name = gdal.OpenEx(f"WFS:{asked['wfs']}?version=2.0.0&srsName={crs}", gdal.OF_VECTOR), f"pp:{collection}"
    else:
        source, name = gdal.OpenEx(f"OAPIF:{asked['ogc']}", gdal.OF_VECTOR, open_options=[f"PAGE_SIZE={page}"]), collection
    layer = source.GetLayerByName(name)
    if box:
        layer.SetSpatialFilterRect(*box)
    if where:
        layer.SetAttributeFilter(f"{where[0]} = '{where[1]}'")
    for feature in layer:
        place = feature.GetGeometryRef()
        if place:
            # GML's surfaces are none of JSON's. The axes are east and north already, whatever the CRS says, as GDAL's users have them.
            place = place.GetLinearGeometry()
            place.AssignSpatialReference(None)
        yield dict(id=feature.GetField("gml_id" if service == "wfs" else "id"), geometry=place and json.loads(place.ExportToJson(["COORDINATE_PRECISION=12"])))


print(json.dumps([list(read(**question)) for question in asked["questions"]]))
