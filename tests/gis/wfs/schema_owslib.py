#!/usr/bin/python3
# SPDX-License-Identifier: EUPL-1.2
"""Prints what OWSLib makes of the schema of a feature type.

schema_owslib.py ROOT VERSION TYPE
"""
import json
import sys

from owslib.wfs import WebFeatureService

root, version, kind = sys.argv[1:]
print(json.dumps(WebFeatureService(root, version=version).get_schema(f"pp:{kind}")))
