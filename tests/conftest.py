"""Settings of every test."""

from __future__ import annotations

from hypothesis import settings

# A busy machine is no defect: laws are checked without a clock.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")
