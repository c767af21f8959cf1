"""Scripts that run inside QGIS are no modules of the tests."""

collect_ignore = ["look.py", "run_script.py"]
