"""The contracts of the share of events that target civilians."""

from __future__ import annotations

from geo.schema.table import Column, Table

TARGETING = Table(
    "targeting",
    "one row an area and a period: the share of its events that target civilians",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("events", "integer", "number of events"),
        Column("targeted", "integer", "events that target civilians"),
        Column("not_targeted", "integer", "events that do not"),
        Column("not_stated", "integer", "events of which the source does not say"),
        Column("share", "number", "targeted / (targeted + not targeted)", nullable=True),
        Column("share_low", "number", "lower limit, exact (Clopper-Pearson)", nullable=True),
        Column("share_high", "number", "upper limit, exact", nullable=True),
        Column("spread_low", "number", "lower limit, by how months differ", nullable=True),
        Column("spread_high", "number", "upper limit, by how months differ", nullable=True),
        Column("dispersion", "number", "of monthly shares; 1 if independent", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

TARGETING_CHANGE = Table(
    "targeting_change",
    "one row an area: the share of events that target civilians, in two windows",
    ("cvegeo",),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("base_targeted", "integer", "events that target civilians, base window"),
        Column("base_not_targeted", "integer", "events that do not"),
        Column("base_not_stated", "integer", "events of which the source does not say"),
        Column("comparison_targeted", "integer", "the same in the comparison window"),
        Column("comparison_not_targeted", "integer", "the same in the comparison window"),
        Column("comparison_not_stated", "integer", "the same in the comparison window"),
        Column("base_share", "number", "of the events of which it is stated", nullable=True),
        Column("comparison_share", "number", "the same in the comparison window", nullable=True),
        Column("share_difference", "number", "second share - first", nullable=True),
        Column("difference_low", "number", "lower limit, from the exact limits", nullable=True),
        Column("difference_high", "number", "upper limit, from the exact limits", nullable=True),
        Column("spread_low", "number", "lower limit, by how months differ", nullable=True),
        Column("spread_high", "number", "upper limit, by how months differ", nullable=True),
        Column("ratio_of_ratios", "number", "its growth / that of the others", nullable=True),
        Column("ror_low", "number", "lower limit, exact (Fisher)", nullable=True),
        Column("ror_high", "number", "upper limit, exact", nullable=True),
        Column("fisher_p", "number", "two-sided, exact", nullable=True),
        Column("ror_quasi_low", "number", "lower limit, by how months differ", nullable=True),
        Column("ror_quasi_high", "number", "upper limit, by how months differ", nullable=True),
        Column("ror_quasi_p", "number", "two-sided, by how months differ", nullable=True),
        Column("ror_dispersion", "number", "of monthly shares; 1 if independent", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over the areas", nullable=True),
    ),
)
