"""The steps of the rebuild, one module each; see ../rebuild.py."""
