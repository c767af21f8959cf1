"""Tests of the map, without a browser."""
