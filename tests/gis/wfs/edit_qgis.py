# SPDX-License-Identifier: EUPL-1.2
"""A draft inserted, changed and removed by QGIS over WFS, signed in as its user would (authentication Basic); prints what the layer shows after each step."""
import json
import sys

from qgis.core import QgsApplication, QgsAuthMethodConfig, QgsFeature, QgsGeometry, QgsVectorLayer

root, token = sys.argv[1:]
application = QgsApplication([], False)
application.initQgis()
who = QgsAuthMethodConfig("Basic")
who.setId("draw123")
who.setName("Planungsplattform")
who.setConfig("username", "qgis")
who.setConfig("password", token)
assert QgsApplication.authManager().setMasterPassword("nur hier", True)
assert QgsApplication.authManager().storeAuthenticationConfig(who)
layer = QgsVectorLayer(f"url='{root}' typename='pp:drafts' version='2.0.0' srsname='EPSG:25832' authcfg='{who.id()}'", "drafts", "WFS")
assert layer.isValid(), "QGIS takes it for a layer"
steps = []


def show():
    layer.dataProvider().reloadData()
    steps.append([dict(title=f["title"] or None, note=f["note"] or None, geometry=json.loads(f.geometry().asJson(3)) if f.hasGeometry() else None) for f in layer.getFeatures()])


def save():
    assert layer.commitChanges(), layer.commitErrors()
    show()


def named(title):
    return next(f for f in layer.getFeatures() if f["title"] == title)


show()
layer.startEditing()
for title in ("von QGIS", "noch einer"):
    feature = QgsFeature(layer.fields())
    feature["title"] = title
    feature.setGeometry(QgsGeometry.fromWkt("MultiPolygon (((565000 5934000,565100 5934000,565100 5934100,565000 5934000)))"))
    assert layer.addFeature(feature)
save()
layer.startEditing()
feature = named("von QGIS")
layer.changeAttributeValue(feature.id(), layer.fields().indexOf("title"), "Ränder & <Ecken>")
layer.changeAttributeValue(feature.id(), layer.fields().indexOf("note"), "geändert")
layer.changeGeometry(feature.id(), QgsGeometry.fromWkt("MultiPolygon (((565000 5934000,565200 5934000,565200 5934100,565000 5934000)))"))
save()
layer.startEditing()
for title in ("Ränder & <Ecken>", "noch einer"):
    layer.deleteFeature(named(title).id())
save()
print(json.dumps(steps))
sys.stdout.flush()
del layer
application.exitQgis()
