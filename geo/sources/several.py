"""Several files that are read as one: how each is called, and what is said of all together."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from os import PathLike
from pathlib import Path

from geo.errors import SourceError
from geo.sources.layouts import Family


def labels_of(paths: Sequence[str | PathLike[str]]) -> list[str]:
    """Return how each file is called in the ledger: by its name, if no other has the same.

    Otherwise its folders stand before it, as many as tell it from the others.

    Examples
    --------
    >>> labels_of(["x/a.csv", "x/b.csv"]), labels_of(["x/y/a.csv", "x/z/a.csv"])
    (['a.csv', 'b.csv'], ['y/a.csv', 'z/a.csv'])
    """
    labels = [str(one) for one in paths]
    parts = [Path(one).parts for one in paths]
    open_ = set(range(len(parts)))
    for depth in range(1, max(map(len, parts), default=0)):
        tails = {at: "/".join(parts[at][-depth:]) for at in open_}
        times = Counter(tails.values())
        for at in [at for at in open_ if times[tails[at]] == 1]:
            labels[at] = tails[at]
            open_.remove(at)
    return labels


def refuse_mixture(families: set[Family]) -> None:
    """Raise :exc:`~geo.errors.SourceError` for files of different sources."""
    if len(families) > 1:
        raise SourceError(
            f"the files are of different sources ({', '.join(sorted(families))}); read together, "
            "what both report would count twice. Read each with a call of its own"
        )


def all_of(given: Iterable[str | None]) -> str | None:
    """Return what all files have, or what each has.

    Examples
    --------
    >>> all_of(["utf-8", None, "latin-1", "utf-8"])
    'utf-8, latin-1'
    """
    distinct = list(dict.fromkeys(word for word in given if word is not None))
    return ", ".join(distinct) or None


def remarks_on(files: Sequence[tuple[str, Iterable[str]]]) -> tuple[str, ...]:
    """Return the remarks on each file, behind its label where there are several.

    Examples
    --------
    >>> remarks_on([("a.csv", ["no header"])])
    ('no header',)
    >>> remarks_on([("a.csv", []), ("b.csv", ["no header"])])
    ('b.csv: no header',)
    """
    return tuple(
        f"{label}: {remark}" if len(files) > 1 else remark
        for label, remarks in files
        for remark in remarks
    )
