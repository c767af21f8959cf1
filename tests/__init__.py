"""The tests of `geo`, a mirror of its rooms."""
