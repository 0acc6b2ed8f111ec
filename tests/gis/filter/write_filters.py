# SPDX-License-Identifier: EUPL-1.2
"""Filters as real clients write them. Reads JSON {"geometries": [WKT], "expressions": [QGIS expression]} and prints JSON:
gml (a list of the spellings of GDAL and QGIS for each geometry), qgis (an ogc:Filter for each expression), owslib (pairs of filter and CQL2)."""
import json
import os
import re
import sys

os.environ['QT_QPA_PLATFORM'] = 'offscreen'
from osgeo import ogr
from owslib import fes, fes2
from owslib.etree import etree
from qgis.core import QgsExpression, QgsGeometry, QgsOgcUtils
from qgis.PyQt.QtXml import QDomDocument

GML, GML32 = 'http://www.opengis.net/gml', 'http://www.opengis.net/gml/3.2'


def text_of(element, document):
	document.appendChild(element)
	return document.toString(-1)


def with_namespace(text, namespace):
	return text if 'xmlns:gml' in text else re.sub(r'^<gml:\w+', rf'\g<0> xmlns:gml="{namespace}"', text)


def spellings(wkt):
	geometry = ogr.CreateGeometryFromWkt(wkt)
	yield with_namespace(geometry.ExportToGML(), GML)
	for options in (['FORMAT=GML3'], ['FORMAT=GML3', 'GML3_LINESTRING_ELEMENT=curve'], ['FORMAT=GML32', 'GMLID=g']):
		yield with_namespace(geometry.ExportToGML(options), GML32 if 'GML32' in options[0] else GML)
	if wkt.startswith('GEOMETRYCOLLECTION'):
		return
	for version in ('GML2', 'GML3'):
		document = QDomDocument()
		yield with_namespace(text_of(QgsOgcUtils.geometryToGML(QgsGeometry.fromWkt(wkt), document, version, 17), document), GML)


def qgis_filter(expression):
	document = QDomDocument()
	return text_of(QgsOgcUtils.expressionToOgcFilter(QgsExpression(expression), document), document)


def owslib_filters():
	for module in (fes, fes2):
		like = {'escapeChar': '!'} if module is fes else {'escapeChar': '!', 'matchCase': True}
		made = module.And([
			module.PropertyIsLike('name', 'a*!*%', wildCard='*', singleChar='?', **like),
			module.BBox([1.5, 2, 3, 4], crs='urn:ogc:def:crs:EPSG::25832'),
			module.Or([module.PropertyIsBetween('area_m2', '1', '2e3'), module.Not([module.PropertyIsNull('name')]),
				module.PropertyIsLessThanOrEqualTo('dataset_date', '2027-01-31')])])
		request = module.FilterRequest().setConstraint(made)
		yield etree.tostring(request).decode(), (
			"name LIKE 'a%*\\%' AND S_INTERSECTS(geometry, BBOX(1.5, 2, 3, 4)) AND"
			" (area_m2 BETWEEN 1 AND 2000 OR name IS NOT NULL OR dataset_date <= DATE('2027-01-31'))")


asked = json.load(sys.stdin)
print(json.dumps({'gml': [list(spellings(wkt)) for wkt in asked['geometries']], 'qgis': [qgis_filter(e) for e in asked['expressions']],
	'owslib': list(owslib_filters())}))
