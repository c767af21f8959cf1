"""Call each group by one name, and know what became of it."""

from __future__ import annotations

import pandas as pd

from geo import schema
from geo.cvegeo import fold
from geo.errors import SettingsError

_NEVER = pd.Timestamp("1677-10-01"), pd.Timestamp("2262-01-01")


def rename_actors(events: pd.DataFrame, names: pd.DataFrame) -> pd.DataFrame:
    """Replace the aliases of a dated table by the names of the groups that are meant.

    Names are compared without regard to accents, case and punctuation. The table is applied once:
    a name that it puts in is not looked up again. What is not in the table, or not on that day,
    stays as it is.

    Parameters
    ----------
    events
        An ``EVENTS`` or ``ASSIGNED`` table.
    names
        An ``ACTOR_NAMES`` table.

    Returns
    -------
    DataFrame
        The same rows and index, with new text in ``actor1`` and ``actor2``.

    Raises
    ------
    SettingsError
        If an alias means two groups on the same day, or a name is itself an alias of another.
    SchemaError
        If a table breaks its contract.

    Examples
    --------
    >>> events = schema.EVENTS.empty()
    >>> rename_actors(events, schema.ACTOR_NAMES.empty()).equals(events)
    True
    """
    schema.EVENTS.check(events)
    check_names(names)
    aliases = _open_ended(names[names["alias"].notna()])
    changed = events.copy()
    for column in ("actor1", "actor2"):
        said = {value: fold(value) for value in changed[column].dropna().unique()}
        folded = changed[column].map(said)
        for alias, name, begin, end in aliases.itertuples(index=False):
            meant = (folded == alias) & changed["event_date"].between(begin, end)
            changed[column] = changed[column].mask(meant, name).astype("str")
    return changed


def check_names(names: pd.DataFrame) -> None:
    """Raise :exc:`~geo.errors.SettingsError` where a name could mean two groups on one day."""
    schema.ACTOR_NAMES.check(names)
    aliases = _open_ended(names[names["alias"].notna()])
    faults: list[str] = []
    for at, row in enumerate(aliases.itertuples(index=False)):
        faults += [
            f"{row.alias!r} means {row.name!r} and {other.name!r} on the same days; end one before "
            "the other begins"
            for other in aliases.iloc[at + 1 :].itertuples(index=False)
            if row.alias == other.alias and row.name != other.name and _meet(row, other)
        ]
        faults += [
            f"{row.alias!r} means {row.name!r}, which itself means {other.name!r}; give both "
            "aliases the last name"
            for other in aliases.itertuples(index=False)
            if fold(row.name) == other.alias != fold(other.name) and _meet(row, other)
        ]
    if faults:
        raise SettingsError("The table of actor names cannot be used:\n- " + "\n- ".join(faults))


def line_of(actors: pd.Index, names: pd.DataFrame | None) -> pd.Series:
    """Return for each actor the line it belongs to: groups joined by successors are one.

    So a pair that goes on under its successor's name is no new pair. Two parts of a split are of
    one line; a fight between them is a pair of the line with itself.

    Examples
    --------
    >>> names = pd.DataFrame(
    ...     {"name": ["A", "A"], "alias": None, "from": pd.NaT, "to": pd.NaT,
    ...      "successor": ["A1", "A2"]}
    ... ).astype(schema.ACTOR_NAMES.dtypes)
    >>> line_of(pd.Index(["A", "A1", "A2", "B"]), names).to_dict()
    {'A': 'a', 'A1': 'a', 'A2': 'a', 'B': 'b'}
    """
    line = {actor: fold(str(actor)) for actor in actors}
    parent: dict[str, str] = {}

    def oldest(key: str) -> str:
        while key in parent:
            key = parent[key]
        return key

    if names is not None:
        known = names.loc[names["successor"].notna(), ["name", "successor"]]
        for name, successor in known.itertuples(index=False):
            first, second = oldest(fold(name)), oldest(fold(successor))
            if first != second:
                parent[second] = first
    return pd.Series({actor: oldest(key) for actor, key in line.items()}, dtype="str")


def _open_ended(names: pd.DataFrame) -> pd.DataFrame:
    begin, end = _NEVER
    return pd.DataFrame(
        {
            "alias": names["alias"].map(fold).astype("str"),
            "name": names["name"],
            "begin": names["from"].fillna(begin),
            "end": names["to"].fillna(end),
        }
    )


def _meet(row: object, other: object) -> bool:
    return bool(row.begin <= other.end and other.begin <= row.end)  # type: ignore[attr-defined]
