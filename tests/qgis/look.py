"""Open a project in a real QGIS without a screen, and say in JSON what it makes of it.

    python3 look.py PROJECT [PICTURES]

Run by the Python that QGIS comes with, which is not the one of the tests. For every layer and every
style it counts the features of each class; with a folder for pictures it draws every theme and
every page. Status 3: there is no QGIS here.
"""

from __future__ import annotations

import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

try:
    from qgis.core import (
        QgsApplication,
        QgsExpressionContext,
        QgsExpressionContextUtils,
        QgsLayoutExporter,
        QgsMapRendererParallelJob,
        QgsMapSettings,
        QgsProject,
        QgsReferencedRectangle,
        QgsRenderContext,
        QgsVectorLayer,
    )
    from qgis.PyQt.QtCore import QSize
except ImportError as error:
    sys.stderr.write(f"no QGIS for this Python: {error}\n")
    sys.exit(3)


def counts(layer):
    """Return the features of each class of the current style, and those that are not drawn."""
    if layer.renderer().type() in ("heatmapRenderer",):
        return None, 0
    renderer = layer.renderer().clone()
    settings = QgsMapSettings()
    settings.setOutputSize(QSize(800, 600))
    settings.setExtent(layer.extent())
    settings.setDestinationCrs(layer.crs())
    context = QgsRenderContext.fromMapSettings(settings)
    scopes = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
    scopes.setFields(layer.fields())
    context.setExpressionContext(scopes)
    labels = {item.ruleKey() or item.label(): item.label() for item in renderer.legendSymbolItems()}
    found = dict.fromkeys(labels, 0)
    undrawn = 0
    renderer.startRender(context, layer.fields())
    for feature in layer.getFeatures():
        context.expressionContext().setFeature(feature)
        keys = [key for key in renderer.legendKeysForFeature(feature, context) if key in found]
        undrawn += not keys or not renderer.willRenderFeature(feature, context)
        for key in keys:
            found[key] += 1
    renderer.stopRender(context)
    return [[labels[key], number] for key, number in found.items()], undrawn


def facts_of(layer):
    """Return what a layer is, style by style."""
    facts = {"valid": layer.isValid(), "crs": layer.crs().authid(), "title": layer.name()}
    facts["source"] = os.path.basename(layer.source())  # noqa: PTH119  Python of QGIS may be old
    if not isinstance(layer, QgsVectorLayer) or not layer.isValid():
        return facts
    facts["features"] = layer.featureCount()
    facts["fields"] = {
        field.name(): layer.attributeAlias(at) for at, field in enumerate(layer.fields())
    }
    facts["temporal"] = layer.temporalProperties().isActive()
    manager = layer.styleManager()
    first = manager.currentStyle()
    styles = {}
    for name in manager.styles():
        manager.setCurrentStyle(name)
        classes, undrawn = counts(layer)
        kind = layer.renderer().type()
        styles[name] = {"renderer": kind, "classes": classes, "undrawn": undrawn}
    manager.setCurrentStyle(first)
    return {**facts, "styles": styles, "current": first}


def draw(project, folder):
    """Draw every theme and every page into a folder."""
    os.makedirs(folder, exist_ok=True)  # noqa: PTH103
    themes = project.mapThemeCollection()
    for at, name in enumerate(themes.mapThemes()):
        settings = QgsMapSettings()
        settings.setOutputSize(QSize(1000, 680))
        settings.setDestinationCrs(project.crs())
        view = QgsReferencedRectangle(project.viewSettings().defaultViewExtent())
        settings.setExtent(view)
        settings.setLayers(themes.mapThemeVisibleLayers(name))
        settings.setLayerStyleOverrides(themes.mapThemeStyleOverrides(name))
        job = QgsMapRendererParallelJob(settings)
        job.start()
        job.waitForFinished()
        job.renderedImage().save(os.path.join(folder, f"theme-{at}.png"))  # noqa: PTH118
    for at, page in enumerate(project.layoutManager().printLayouts()):
        exporter = QgsLayoutExporter(page)
        chosen = QgsLayoutExporter.ImageExportSettings()
        chosen.dpi = 110
        exporter.exportToImage(os.path.join(folder, f"page-{at}.png"), chosen)  # noqa: PTH118


def look(path, pictures):
    """Return what QGIS makes of a project."""
    project = QgsProject.instance()
    opened = project.read(path)
    layers = project.mapLayers()
    tree = [node.layerId() for node in project.layerTreeRoot().findLayers()]
    clock = project.timeSettings()
    found = {
        "opened": opened,
        "title": project.title(),
        "crs": project.crs().authid(),
        "layers": {key: facts_of(layer) for key, layer in layers.items()},
        "in_tree": sorted(tree) == sorted(layers),
        "visible": [
            node.name() for node in project.layerTreeRoot().findLayers() if node.isVisible()
        ],
        "themes": project.mapThemeCollection().mapThemes(),
        "pages": [page.name() for page in project.layoutManager().printLayouts()],
        "relations": {
            key: relation.isValid()
            for key, relation in project.relationManager().relations().items()
        },
        "step": [clock.timeStep(), int(clock.timeStepUnit())],
        "range": [
            clock.temporalRange().begin().toString("yyyy-MM-dd hh:mm:ss"),
            clock.temporalRange().end().toString("yyyy-MM-dd hh:mm:ss"),
        ],
    }
    if pictures:
        draw(project, pictures)
    return found


if __name__ == "__main__":
    application = QgsApplication([], True)
    application.initQgis()
    said = look(os.path.abspath(sys.argv[1]), sys.argv[2] if len(sys.argv) > 2 else None)  # noqa: PTH100
    sys.stdout.write(json.dumps(said, ensure_ascii=True))
    sys.stdout.flush()
    # QGIS may crash while Python takes it apart.
    os._exit(0)
