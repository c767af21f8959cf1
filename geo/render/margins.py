"""What stands around every picture: the mark of made-up data, titles, and the lines under it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from geo.render.sheet import ACCENT, LINE, MADE_UP, MADE_UP_INK, MUTED, Face, Sheet, wrapped
from geo.render.text import Language
from geo.render.wording import one_line
from geo.render.words import say

EDGE = 24.0
"""Free space around everything, in points."""

_TITLE, _SUBTITLE, _HEADING, _SMALL = 17.0, 9.5, 11.5, 6.9
_BAND = 9.0
_MOST_TITLE_LINES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Margins:
    """The words around a picture, already in one language.

    Attributes
    ----------
    language
        Of the words.
    made_up
        The data are invented; a band at the top and the first words under the picture say so.
    title, subtitle, heading
        From large to plain; the heading says what is drawn, of when.
    lines
        What stands under the picture, one paragraph each.
    statement
        What the picture shows, in a sentence with its numbers.
    """

    language: Language
    made_up: bool
    title: str
    subtitle: str
    heading: str
    lines: tuple[str, ...]
    statement: str = ""

    def foot_height(self, width: float) -> float:
        """Return how much room the lines under the picture take."""
        return len(self._foot(width)) * _SMALL * 1.36 + 12

    def draw_head(self, sheet: Sheet) -> float:
        """Draw the titles; return where the picture can begin."""
        width = sheet.width - 2 * EDGE
        top = EDGE * 0.8
        if self.made_up:
            said = wrapped(say(self.language, "madeUp.long"), width, _BAND, "bold")
            band = len(said) * _BAND * 1.32 + 9
            sheet.rectangle(0, 0, sheet.width, band, MADE_UP)
            sheet.lines(EDGE, 5.5, said, _BAND, face="bold", color=MADE_UP_INK)
            top = band + EDGE * 0.6
        title = wrapped(one_line(self.title), width, _TITLE, "bold")
        title = _at_most(title, _MOST_TITLE_LINES)
        top = sheet.lines(EDGE, top, title, _TITLE, face="bold", leading=1.2)
        subtitle = _at_most(wrapped(one_line(self.subtitle), width, _SUBTITLE), 2)
        top = sheet.lines(EDGE, top + 2, subtitle, _SUBTITLE, color=MUTED)
        if self.heading:
            heading = wrapped(one_line(self.heading), width, _HEADING, "bold")
            top = sheet.lines(EDGE, top + 6, heading, _HEADING, face="bold")
        if self.statement:
            statement = wrapped(one_line(self.statement), width - 9, _SUBTITLE)
            begin = top + 6
            top = sheet.lines(EDGE + 9, begin, _at_most(statement, 5), _SUBTITLE)
            sheet.rectangle(EDGE, begin + 1, 2.4, top - begin - 3, ACCENT)
        return top + 7

    def draw_foot(self, sheet: Sheet) -> None:
        """Draw the lines under the picture, at the lower edge."""
        width = sheet.width - 2 * EDGE
        top = sheet.height - EDGE * 0.75 - self.foot_height(width)
        sheet.rectangle(EDGE, top + 4, width, 0.7, LINE)
        top += 10
        for line, bold in self._foot(width):
            face: Face = "bold" if bold else "normal"
            top = sheet.lines(EDGE, top, [line], _SMALL, leading=1.36, color=MUTED, face=face)

    def _foot(self, width: float) -> list[tuple[str, bool]]:
        """Return the lines under the picture, and whether each is bold."""
        marked = [say(self.language, "madeUp.long")] if self.made_up else []
        paragraphs = [(text, True) for text in marked]
        paragraphs += [(text, False) for text in self.lines if text]
        return [
            (line, bold)
            for text, bold in paragraphs
            for line in wrapped(one_line(text), width, _SMALL, "bold" if bold else "normal")
        ]


def _at_most(lines: Sequence[str], most: int) -> list[str]:
    return list(lines) if len(lines) <= most else [*lines[: most - 1], f"{lines[most - 1]} …"]
