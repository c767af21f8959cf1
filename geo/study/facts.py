"""What was found out while the events of a study were read."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What was found out while the events were read.

    Attributes
    ----------
    layout, encoding, delimiter
        As recognized; None where the kind of file has no such thing.
    source
        Whose data these are.
    first_day, data_through
        First and last day that the data cover, as text.
    repairs
        What was read in the one way it can be meant, as sentences.
    """

    layout: str
    source: str
    encoding: str | None
    delimiter: str | None
    first_day: str
    data_through: str
    repairs: tuple[str, ...]
