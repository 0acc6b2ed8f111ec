# SPDX-License-Identifier: EUPL-1.2
"""A draft inserted, changed and removed by GDAL over WFS, with a token as password of Basic; prints what the layer shows after each step."""
import json
import sys

from osgeo import gdal, ogr

root, token = sys.argv[1:]
gdal.UseExceptions()
ogr.UseExceptions()
gdal.SetConfigOption("GDAL_HTTP_AUTH", "BASIC")
gdal.SetConfigOption("GDAL_HTTP_USERPWD", f"gdal:{token}")
source = gdal.OpenEx(f"WFS:{root}?version=2.0.0", gdal.OF_UPDATE | gdal.OF_VECTOR)
layer = source.GetLayerByName("pp:drafts")
steps = []


def features():
    layer.ResetReading()
    return list(layer)


def show():
    steps.append([dict(id=f["gml_id"], title=f["title"], note=f["note"], geometry=json.loads(f.GetGeometryRef().ExportToJson()) if f.GetGeometryRef() else None) for f in features()])


def named(title):
    return next(f for f in features() if f["title"] == title)


show()
feature = ogr.Feature(layer.GetLayerDefn())
feature["title"] = "von GDAL"
feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON ((565000 5934000,565100 5934000,565100 5934100,565000 5934000))"))
layer.CreateFeature(feature)
given = feature["gml_id"]
show()
feature = named("von GDAL")
feature["title"] = "Ränder & <Ecken>"
feature["note"] = "geändert"
feature.SetGeometry(ogr.CreateGeometryFromWkt("POLYGON ((565000 5934000,565200 5934000,565200 5934100,565000 5934000))"))
layer.SetFeature(feature)
show()
# Two of them in one transaction.
layer.StartTransaction()
for title in ("eins", "zwei"):
    feature = ogr.Feature(layer.GetLayerDefn())
    feature["title"] = title
    layer.CreateFeature(feature)
layer.CommitTransaction()
show()
for title in ("eins", "zwei", "Ränder & <Ecken>"):
    layer.DeleteFeature(named(title).GetFID())
show()
print(json.dumps(dict(given=given, steps=steps)))
