#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""What GDAL sees in a GeoPackage with one layer, and whether its validator finds it valid, as JSON; or the ids that QGIS reads.

read_gpkg.py gdal|qgis FILE

Debian's own Python is named above, because that is the one that has Debian's packages.
"""
import json
import sys

program, path = sys.argv[1:]
if program == "qgis":
	from qgis.core import QgsApplication, QgsVectorLayer

	application = QgsApplication([], False)
	application.initQgis()
	layer = QgsVectorLayer(path, "file", "ogr")
	assert layer.isValid(), "QGIS takes it for a layer"
	json.dump([dict(id=feature["id"], geometry=json.loads(feature.geometry().asJson(10)) if feature.hasGeometry() else None)
		for feature in layer.getFeatures()], sys.stdout)
	sys.stdout.flush()
	del layer
	application.exitQgis()
else:
	from osgeo import ogr
	from osgeo_utils.samples import validate_gpkg

	validate_gpkg.check(path)
	data = ogr.Open(path)
	assert data.GetLayerCount() == 1
	layer = data.GetLayer(0)
	definition, srs = layer.GetLayerDefn(), layer.GetSpatialRef()
	fields = [definition.GetFieldDefn(i) for i in range(definition.GetFieldCount())]
	json.dump(dict(name=layer.GetName(), code=srs and srs.GetAuthorityCode(None), count=layer.GetFeatureCount(),
		index=bool(layer.TestCapability(ogr.OLCFastSpatialFilter)), about=layer.GetMetadata(),
		type=ogr.GeometryTypeToName(definition.GetGeomType()),
		fields={field.GetName(): field.GetTypeName() for field in fields}), sys.stdout)
