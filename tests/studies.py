"""Results that several tests look at; made once a process, because they take seconds."""

from __future__ import annotations

import functools

from geo.study import Results, run_study


@functools.cache
def layered() -> Results:
    """Return the results of the sample with all that a map can have beside its measures."""
    return run_study("sample", permutations=0, layers=["emerging", "scan", "density"])


@functools.cache
def sample() -> Results:
    """Return the results of the made-up sample, with the planted comparison and its dates."""
    return run_study(
        "sample",
        base=2023,
        comparison=2024,
        focus="Sinaloa",
        event_date="2024-09-09",
        transition_from="2024-07-25",
        claim=2.5,
    )
