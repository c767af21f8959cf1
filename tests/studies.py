"""Results that several tests look at; made once a process, because they take seconds."""

from __future__ import annotations

import functools

from geo.study import Results, run_study


@functools.cache
def sample() -> Results:
    """Return the results of the made-up sample, with the planted comparison."""
    return run_study("sample", base=2023, comparison=2024, focus="Sinaloa")
