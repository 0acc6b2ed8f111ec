# SPDX-License-Identifier: EUPL-1.2
"""Reads features from GML or CSV with Python's own parsers: id, properties as they are written, coordinates in their order."""
import csv
import io
import json
import re
import sys
import xml.etree.ElementTree as tree

GML, PP = '{http://www.opengis.net/gml/3.2}', '{urn:planungsplattform:features:1}'


def plain_id(text):
	return re.sub('_(..)', lambda found: chr(int(found[1], 16)), text.split('.', 1)[1])


def gml(text):
	root = tree.fromstring(text)
	srs, ids = set(), [element.get(GML + 'id') for element in root.iter() if element.get(GML + 'id')]
	assert len(ids) == len(set(ids)), 'an id twice'
	found = []
	for feature in [root] if root.tag.startswith(PP) else [member[0] for member in root]:
		geometry = feature.find(PP + 'geometry')
		numbers = []
		for element in [] if geometry is None else geometry.iter():
			srs.update({element.get('srsName')} - {None})
			if element.tag in (GML + 'pos', GML + 'posList'):
				numbers += element.text.split()
		found.append({'type': feature.tag.removeprefix(PP), 'id': plain_id(feature.get(GML + 'id')),
			'shape': None if geometry is None else geometry[0].tag.removeprefix(GML), 'coordinates': [float(n) for n in numbers],
			'properties': {child.tag.removeprefix(PP): child.text or '' for child in feature if child is not geometry}})
	return {'features': found, 'srs': sorted(srs)}


def wkt(rows):
	csv.field_size_limit(1 << 30)
	found = []
	for row in csv.DictReader(io.StringIO(rows, newline=''), strict=True):
		geometry = row.pop('wkt')
		found.append({'id': row.pop('id'), 'properties': row, 'shape': geometry.split('(')[0] or None,
			'coordinates': [float(n) for n in re.findall(r'-?[\d.]+', geometry)]})
	return {'features': found}


text = sys.stdin.buffer.read().decode()
print(json.dumps(gml(text.encode()) if sys.argv[1] == 'gml' else wkt(text)))
