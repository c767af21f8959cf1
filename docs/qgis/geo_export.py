"""A script for QGIS's Processing toolbox: run ``geo export --qgis`` and add what it made.

It imports nothing but QGIS and the standard library, and calls the command line of geo in an
environment without QGIS's own settings: two versions of GDAL and PROJ must not meet in one process.
How to install it stands in README.md beside it.
"""

import os
import subprocess
import tempfile
from pathlib import Path

from qgis.core import (
    QgsLayerDefinition,
    QgsProcessingAlgorithm,
    QgsProcessingException,
    QgsProcessingOutputFolder,
    QgsProcessingParameterEnum,
    QgsProcessingParameterFile,
    QgsProcessingParameterFolderDestination,
    QgsProcessingParameterString,
    QgsProject,
)

OURS = ("PYTHON", "GDAL", "PROJ", "QT", "QGIS", "OSGEO", "LD_LIBRARY", "DYLD")
"""Beginnings of the variables that belong to QGIS and must not reach geo."""

LANGUAGES, POINTS = ("en", "es"), ("coarse", "none", "exact")


def stripped(environment):
    """Return the variables of an environment without those of QGIS."""
    return {name: value for name, value in environment.items() if not name.startswith(OURS)}


class GeoExport(QgsProcessingAlgorithm):
    """Events in Mexico to rates, hotspots and change, by the command line of geo."""

    def createInstance(self):  # noqa: N802
        """Return a new one of these."""
        return GeoExport()

    def name(self):
        """Return the id of the algorithm."""
        return "geo_export"

    def displayName(self):  # noqa: N802
        """Return what the toolbox shows."""
        return "Events to rates and hotspots (geo)"

    def group(self):
        """Return the group in the toolbox."""
        return "geo"

    def groupId(self):  # noqa: N802
        """Return the id of the group."""
        return "geo"

    def shortHelpString(self):  # noqa: N802
        """Return what stands beside the form."""
        return (
            "Runs 'geo export FILE --qgis FOLDER' and adds its layer definition to this project. "
            "Program: the file geo (geo.exe) of the environment that geo is installed in."
        )

    def initAlgorithm(self, configuration=None):  # noqa: N802, ARG002
        """Say what is asked for."""
        program = QgsProcessingParameterFile("PROGRAM", "Program geo", defaultValue="geo")
        events = QgsProcessingParameterFile("EVENTS", "Events (CSV, XLSX ...) or TOML")
        for file in (program, events):
            # With the usual filter QGIS 3.22 refuses names that have no ending.
            file.setFileFilter("")
            self.addParameter(file)
        for name, text in (
            ("BASE", "Base window, as 2023"),
            ("COMPARISON", "Comparison window, as 2024"),
            ("FOCUS", "State or municipality in focus"),
            ("ACCESSED", "Day of the download, as 2025-01-15"),
        ):
            self.addParameter(QgsProcessingParameterString(name, text, optional=True))
        self.addParameter(
            QgsProcessingParameterEnum("LANGUAGE", "Language", list(LANGUAGES), defaultValue=0)
        )
        self.addParameter(
            QgsProcessingParameterEnum("POINTS", "Events as points", list(POINTS), defaultValue=0)
        )
        self.addParameter(QgsProcessingParameterFolderDestination("FOLDER", "Folder"))
        self.addOutput(QgsProcessingOutputFolder("OUTPUT", "Folder for QGIS"))

    def processAlgorithm(self, parameters, context, feedback):  # noqa: N802
        """Run the command and hand on what it says."""
        text = {
            name: self.parameterAsString(parameters, name, context)
            for name in ("BASE", "COMPARISON", "FOCUS", "ACCESSED")
        }
        folder = Path(self.parameterAsString(parameters, "FOLDER", context)) / "geo"
        command = [
            self.parameterAsString(parameters, "PROGRAM", context) or "geo",
            "export",
            self.parameterAsString(parameters, "EVENTS", context),
            "--qgis",
            str(folder),
            "--lang",
            LANGUAGES[self.parameterAsEnum(parameters, "LANGUAGE", context)],
            "--points",
            POINTS[self.parameterAsEnum(parameters, "POINTS", context)],
        ]
        for name, value in text.items():
            if value:
                command += [f"--{name.lower()}", value]
        # A list and no shell: what is typed into the form is never a command.
        try:
            process = subprocess.Popen(
                command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                encoding="utf-8", errors="replace", env=stripped(os.environ),
                cwd=tempfile.gettempdir(),
            )  # fmt: skip
        except OSError as error:
            raise QgsProcessingException(
                f"{command[0]} cannot be run ({error}); give the full path of geo, as "
                "'command -v geo' prints it in a terminal"
            ) from error
        for line in process.stdout:
            feedback.pushInfo(line.rstrip())
            if feedback.isCanceled():
                process.terminate()
        if process.wait():
            raise QgsProcessingException(f"geo ended with status {process.returncode}; see above")
        self.definition = sorted(folder.glob("*.qlr"))[0]
        return {"OUTPUT": str(folder)}

    def postProcessAlgorithm(self, context, feedback):  # noqa: N802, ARG002
        """Add the layers to the project, in the thread that may do so."""
        here = Path.cwd()
        project = context.project() or QgsProject.instance()
        done, why = QgsLayerDefinition.loadLayerDefinition(
            str(self.definition), project, project.layerTreeRoot()
        )
        os.chdir(here)  # loading moves the process into the folder of the file
        if not done:
            raise QgsProcessingException(f"the layers cannot be added: {why}")
        return {}
