"""Numbers as people write them: the decimals after a point, or after a comma as in Spanish."""

from __future__ import annotations

import re

import click

from geo.export.plain import plain

_COMMA = re.compile(r"([+-]?\d*),(\d+)")
_THOUSANDS = re.compile(r"[+-]?[1-9]\d{0,2},\d{3}")


def read_number(text: str) -> float:
    """Return the number that a text states.

    A comma before decimals is read as a point, unless it may as well part thousands.

    Raises
    ------
    ValueError
        The text is no number, or may be two; the message says how to write it.

    Examples
    --------
    >>> read_number("2.5"), read_number("2,5"), read_number("0,125"), read_number("1e3")
    (2.5, 2.5, 0.125, 1000.0)
    >>> read_number("1,500")
    Traceback (most recent call last):
    ...
    ValueError: '1,500' may be 1.500 or 1500; write it as 1.5 or as 1500, without thousands marked
    """
    text = text.strip()
    if _THOUSANDS.fullmatch(text):
        whole = text.replace(",", "")
        decimal = text.replace(",", ".")
        raise ValueError(
            f"{text!r} may be {decimal} or {whole}; write it as {float(decimal):g} or as {whole}, "
            "without thousands marked"
        )
    if found := _COMMA.fullmatch(text):
        text = f"{found[1]}.{found[2]}"
    try:
        return float(text)
    except ValueError:
        raise ValueError(
            f"{plain(text)!r} is no number; write it as 2.5 or 2,5, without thousands marked"
        ) from None


class _Number(click.ParamType):  # type: ignore[type-arg]
    """A number with decimals."""

    name = "float"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> float:
        """Return the number."""
        if isinstance(value, (int, float)):
            return float(value)
        try:
            return read_number(str(value))
        except ValueError as error:
            self.fail(str(error), param, ctx)


NUMBER = _Number()
