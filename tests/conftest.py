"""Settings of every test."""

from __future__ import annotations

import os
import tempfile

from hypothesis import settings

# A busy machine is no defect: laws are checked without a clock.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

# What a user keeps in the cache is not ours to change; commands that are run inherit this.
_CACHE = tempfile.TemporaryDirectory(prefix="geo-tests-")
os.environ["GEO_CACHE_DIR"] = _CACHE.name
