"""The script that runs inside QGIS is no module of the tests."""

collect_ignore = ["look.py"]
