"""Arithmetic on arrays: it knows no column, no file and no map."""
