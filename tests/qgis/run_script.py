"""Run the Processing script of the documents in a real QGIS.

    python3 run_script.py SCRIPT PROGRAM EVENTS FOLDER

Prints as JSON where the results are, and how many valid layers the project then has.
"""

from __future__ import annotations

import importlib.util
import json
import os
import sys

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (
    QgsApplication,
    QgsProcessingContext,
    QgsProcessingFeedback,
    QgsProject,
)


def main(script, program, events, folder):
    """Run the algorithm with a small study."""
    spec = importlib.util.spec_from_file_location("geo_export", script)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    context, feedback = QgsProcessingContext(), QgsProcessingFeedback()
    context.setProject(QgsProject.instance())
    given = {"PROGRAM": program, "EVENTS": events, "FOLDER": folder, "LANGUAGE": 1, "POINTS": 0}
    algorithm = module.GeoExport().create()
    good, why = algorithm.checkParameterValues(given, context)
    assert good, why
    # A secret of QGIS's own environment that must not reach the program.
    os.environ["GDAL_DATA"] = "/nowhere"
    os.environ["PYTHONHOME_OF_QGIS"] = "/nowhere"
    results, done = algorithm.run(given, context, feedback, {}, False)
    layers = QgsProject.instance().mapLayers().values()
    said = {
        "done": done,
        "output": results.get("OUTPUT"),
        "valid": sum(layer.isValid() for layer in layers),
        "log": feedback.textLog(),
    }
    sys.stdout.write(json.dumps(said))
    sys.stdout.flush()


if __name__ == "__main__":
    application = QgsApplication([], True)
    application.initQgis()
    main(*sys.argv[1:])
    os._exit(0)
