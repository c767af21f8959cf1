"""Text for a terminal or a page of plain text: nothing in it acts, nothing in it is hidden."""

from __future__ import annotations

import re

_ESCAPES = re.compile(
    r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)?"  # operating system commands: titles, links
    r"|\x1b[PX^_][^\x1b]*(?:\x1b\\)?"  # device controls
    r"|\x1b\[[0-?]*[ -/]*[@-~]"  # colors, cursor
    r"|\x1b[ -/]*[0-~]?"
)
_HIDDEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


def plain(text: str) -> str:
    r"""Return text without anything that a terminal would act on.

    Escape sequences, control characters, direction overrides and characters without width go;
    line feeds and tabs stay.

    Examples
    --------
    >>> plain("\x1b[31mred\x1b[0m \x1b]0;title\x07bell\x07 \u202etxt.exe")
    'red bell txt.exe'
    """
    return _HIDDEN.sub("", _ESCAPES.sub("", text))
