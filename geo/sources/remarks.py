"""Sentences that count something, and can be added to those of other batches of a file.

A remark is text. It also keeps what it counted, so that what is said of ten batches is what would
have been said of the whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from geo.errors import counted


@dataclass(frozen=True, slots=True)
class Count:
    """How many of a thing.

    Examples
    --------
    >>> str(Count(1, "date") + Count(2, "date")), str(Count(1200))
    ('3 dates', '1,200')

    What is not made plural by an s, as a thing with its verb, is given for several, too:

    >>> one = Count(1, "record repeats", "records repeat")
    >>> str(one), str(one + one)
    ('1 record repeats', '2 records repeat')
    """

    number: int
    thing: str = ""
    many: str | None = None

    def __str__(self) -> str:
        return counted(self.number, self.thing, self.many) if self.thing else f"{self.number:,}"

    def __add__(self, other: Count) -> Count:
        number = self.number + other.number
        return Count(number, self.thing or other.thing, self.many or other.many)


@dataclass(frozen=True, slots=True)
class Example:
    """One value out of many: the first.

    Examples
    --------
    >>> f"{Example('a') + Example('b')}"
    "'a'"
    """

    value: str

    def __str__(self) -> str:
        return repr(self.value)

    def __add__(self, other: Example) -> Example:
        return self


@dataclass(frozen=True, slots=True)
class Places:
    """Lines of a file: the first of them, and how many there are.

    Examples
    --------
    >>> str(Places((2, 3, 5), 3) + Places((7,), 1))
    'lines 2, 3, 5 and 1 more'
    """

    lines: tuple[int, ...]
    number: int
    most: int = 3

    def __str__(self) -> str:
        shown = ", ".join(map(str, self.lines[: self.most]))
        rest = self.number - self.most
        more = f" and {rest:,} more" if rest > 0 else ""
        return f"line{'s' if self.number > 1 else ''} {shown}{more}"

    def __add__(self, other: Places) -> Places:
        return Places((*self.lines, *other.lines)[: self.most], self.number + other.number)


class Remark(str):
    """A sentence with counts in it.

    Parameters
    ----------
    form
        The sentence, with names in braces where the counts belong.
    **parts
        A :class:`Count`, :class:`Example` or :class:`Places` for each name.

    Examples
    --------
    >>> one = Remark("date: {n} read as {how}", n=Count(1, "date"), how="day/month/year")
    >>> one
    'date: 1 date read as day/month/year'
    >>> joined([[one], [one, "no header"]])
    ('date: 2 dates read as day/month/year', 'no header')
    """

    form: str
    parts: dict[str, Any]

    def __new__(cls, form: str, **parts: Count | Example | Places | str) -> Remark:
        """Return the sentence as text that remembers its parts."""
        remark = super().__new__(cls, form.format(**parts))
        remark.form, remark.parts = form, parts
        return remark

    def __getnewargs_ex__(self) -> tuple[tuple[str], dict[str, Any]]:
        """Return what makes an equal remark in another process."""
        return (self.form,), self.parts

    @property
    def key(self) -> tuple[object, ...]:
        """What two remarks must have in common to be added."""
        fixed = [(name, part) for name, part in self.parts.items() if isinstance(part, str)]
        return (self.form, *fixed)

    def and_also(self, other: Remark) -> Remark:
        """Return the remark on what this one and `other` speak of."""
        parts = {
            name: part if isinstance(part, str) else part + other.parts[name]
            for name, part in self.parts.items()
        }
        return Remark(self.form, **parts)


def joined(batches: Iterable[Sequence[str]]) -> tuple[str, ...]:
    """Return the remarks on several batches as one list: those of one form are added."""
    found: dict[object, str] = {}
    for remarks in batches:
        for remark in remarks:
            if not isinstance(remark, Remark):
                found.setdefault(remark, remark)
                continue
            before = found.get(remark.key)
            found[remark.key] = before.and_also(remark) if isinstance(before, Remark) else remark
    return tuple(found.values())
