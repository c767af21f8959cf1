"""Tests of the map in a browser."""
