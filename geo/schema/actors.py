"""The contracts of actors: their names, dyads and fragmentation."""

from __future__ import annotations

from geo.schema.table import Column, Table

ACTOR_NAMES = Table(
    "actor_names",
    "one row a name in the data, the group it means and what became of it",
    (),
    (
        Column("name", "text", "group that is meant"),
        Column("alias", "text", "how the data write it; empty: only a successor", nullable=True),
        Column("from", "date", "first day it is meant; empty: from the beginning", nullable=True),
        Column("to", "date", "last day it is meant; empty: to the end", nullable=True),
        Column("successor", "text", "group that it goes on as", nullable=True),
    ),
)

DYAD_STATUS = ("first period", "new", "continued", "ended")

DYADS = Table(
    "dyads",
    "who fights whom: one row a pair of parties in an area and a period",
    ("cvegeo", "period", "dyad"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("dyad", "text", "both parties, sorted"),
        Column("actor_a", "text", "one party"),
        Column("actor_b", "text", "the other party, or 'not stated'"),
        Column("kinds", "text", "kinds of both parties, sorted"),
        Column("events", "integer", "number of events; 0 where the pair has ended"),
        Column("fatalities", "integer", "deaths, where the source states a number"),
        Column("fatalities_unknown", "integer", "events whose number of deaths is not stated"),
        Column("status", "text", "against the period before", words=DYAD_STATUS),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

FRAGMENTATION = Table(
    "fragmentation",
    "over how many armed groups the events of an area and a period are spread",
    ("cvegeo", "period"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("events", "integer", "number of events"),
        Column("group_events", "integer", "events with an armed group, known or not"),
        Column("appearances", "integer", "times an identified group takes part in an event"),
        Column("unidentified", "integer", "times an unidentified group takes part"),
        Column("unidentified_share", "number", "of all appearances of groups", nullable=True),
        Column("share_low", "number", "lower limit of that share", nullable=True),
        Column("share_high", "number", "upper limit of that share", nullable=True),
        Column("groups", "integer", "identified groups that take part"),
        Column("hhi", "number", "sum of squared shares of appearances", nullable=True),
        Column("hhi_unbiased", "number", "the same without its bias by n", nullable=True),
        Column("effective_number", "number", "1 / hhi", nullable=True),
        Column("effective_shannon", "number", "exp(entropy), small groups more", nullable=True),
        Column("rarefied_to", "level", "appearances that are drawn to compare", nullable=True),
        Column("groups_rarefied", "number", "groups expected among these", nullable=True),
        Column("hhi_rarefied", "number", "hhi expected among these", nullable=True),
        Column("dyads", "integer", "pairs of named parties with at least one armed group"),
        Column("new_dyads", "level", "pairs without an event the period before", nullable=True),
        Column("ended_dyads", "level", "pairs with events only the period before", nullable=True),
        Column("share_in_new", "number", "share of these events in new pairs", nullable=True),
        Column("share_replaced", "number", "new and ended among pairs of both", nullable=True),
        Column("share_moved", "number", "half the sum of differences of shares", nullable=True),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)

EMERGENCE = ("first period", "few events", "new", "returned", "growing", "not flagged")
"""What a group is in an area and a period; ``new``, ``returned`` and ``growing`` are flags."""

EMERGING_ACTORS = Table(
    "emerging_actors",
    "one row an identified armed group in an area and a period: whether it is new or grows",
    ("cvegeo", "period", "actor"),
    (
        Column("cvegeo", "text", "code of the area"),
        Column("period", "text", "label of the period"),
        Column("actor", "text", "name of the group"),
        Column("line", "text", "oldest group it goes back to; its own name without successors"),
        Column("events", "integer", "events that the group takes part in"),
        Column("share", "number", "of the area's events in the period"),
        Column("line_events", "integer", "events of its line: it and whom it is joined with"),
        Column("previous_events", "level", "of its line in the period before", nullable=True),
        Column("events_before", "integer", "of its line in all earlier periods of the data"),
        Column("periods_before", "integer", "earlier periods that the data have"),
        Column("first_period", "text", "first period with an event of its line"),
        Column(
            "growth_ratio", "number", "events a year / those of the period before", nullable=True
        ),
        Column("growth_low", "number", "lower limit, exact", nullable=True),
        Column("growth_high", "number", "upper limit, exact", nullable=True),
        Column("p_value", "number", "two-sided, exact conditional", nullable=True),
        Column("q_value", "number", "Benjamini-Hochberg over the period", nullable=True),
        Column("emergence", "text", "flag, or why there is none", words=EMERGENCE),
        Column("complete", "claim", "the data cover the whole period"),
    ),
)
