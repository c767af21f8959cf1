"""The contracts of what a study says in the end, and of how firmly it stands."""

from __future__ import annotations

from geo.schema.table import Column, Table

DIFFERENCES = (
    "new hotspot",
    "hotspot in both",
    "no longer a hotspot",
    "new coldspot",
    "coldspot in both",
    "no longer a coldspot",
    "neither",
    "not tested",
)

HOTSPOT_CHANGE = Table(
    "hotspot_change",
    "one row an area: whether it is a hotspot in one window, the other or both",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("base_bin", "level", "gi_bin in the base window", nullable=True),
        Column("comparison_bin", "level", "gi_bin in the comparison window", nullable=True),
        Column("difference", "text", "what became of it", words=DIFFERENCES),
    ),
)

SENSITIVITY = Table(
    "sensitivity",
    "one row a question and a way to ask it: whether the answer holds",
    ("question", "variant"),
    (
        Column("question", "text", "what is asked"),
        Column("variant", "text", "what is done otherwise"),
        Column("flips", "claim", "the verdict is another one", nullable=True),
        Column("verdict", "text", "the verdict then"),
        Column("main_verdict", "text", "the verdict of the study"),
        Column("value", "number", "the number behind the verdict", nullable=True),
        Column("low", "number", "its lower limit", nullable=True),
        Column("high", "number", "its upper limit", nullable=True),
        Column("main_value", "number", "the number of the study", nullable=True),
        Column("events", "level", "events (or deaths) it rests on", nullable=True),
        Column("note", "text", "what stands in the way, or what differs", nullable=True),
        Column("note_es", "text", "the same in Spanish", nullable=True),
    ),
)

STEPS = (
    "data",
    "change",
    "parts",
    "targeting",
    "time",
    "place",
    "elsewhere",
    "actors",
    "weeks",
    "sensitivity",
)
"""The subjects of findings, in the order they are told."""

FINDINGS = Table(
    "findings",
    "one row a finding: estimate, interval, method, n and its sentences",
    ("finding",),
    (
        Column("finding", "text", "name of the finding"),
        Column("subject", "text", "what it is about", words=STEPS),
        Column("cvegeo", "text", "code of the area; empty: the country", nullable=True),
        Column("estimate", "number", "the number", nullable=True),
        Column("low", "number", "lower limit, 95 %", nullable=True),
        Column("high", "number", "upper limit, 95 %; may be infinite", nullable=True),
        Column("unit", "text", "unit of the number"),
        Column("verdict", "text", "what may be said of it", nullable=True),
        Column("method", "text", "how it was found"),
        Column("n", "integer", "events it rests on"),
        Column("filter", "text", "which events were counted"),
        Column("table", "text", "the table that it comes from"),
        Column("sentence_en", "text", "the finding in English"),
        Column("sentence_es", "text", "the finding in Spanish"),
    ),
)
