"""Last look at a finished page: it fetches nothing, runs nothing foreign and is not too large."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from geo.errors import OutputError

SIZE_LIMIT = 2_000_000
"""Bytes of a page, as it is mailed."""

PLAIN_LIMIT = 3_500_000
"""Bytes of a plain page."""

_FETCHING = {
    "src",
    "srcset",
    "href",
    "xlink:href",
    "data",
    "poster",
    "action",
    "formaction",
    "background",
    "manifest",
    "ping",
}
_CSS_FETCH = re.compile(r"@import|url\(\s*['\"]?(?!data:|#)", re.I)
_EXTERNAL_ELEMENTS = {"link", "iframe", "object", "embed", "base", "frame", "form"}


class _Finder(HTMLParser):
    """Collect what a page must not hold."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.faults: list[str] = []
        self.ids: list[str] = []
        self._style = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at the attributes of an element."""
        self._style = tag == "style"
        if tag in _EXTERNAL_ELEMENTS:
            self.faults.append(f"an element <{tag}>")
        for name, value in attrs:
            content = (value or "").strip()
            if name == "id":
                self.ids.append(content)
            elif name.startswith("on"):
                self.faults.append(f"an event handler {name} on <{tag}>")
            elif name == "style":
                self.faults.append(f"a style attribute on <{tag}>, which the policy forbids")
            elif name in _FETCHING and not content.startswith(("#", "data:")):
                self.faults.append(f"{name}={content[:80]!r} on <{tag}>")
            elif name == "http-equiv" and content.lower() == "refresh":
                self.faults.append("a redirect")

    def handle_endtag(self, tag: str) -> None:
        """Leave a style sheet."""
        if tag == "style":
            self._style = False

    def handle_data(self, data: str) -> None:
        """Look at the text of a style sheet."""
        if self._style and (found := _CSS_FETCH.search(data)):
            start = found.start()
            self.faults.append(f"a style sheet that fetches: {data[start : start + 60]!r}")


def check_page(page: str, *, limit: int | None = SIZE_LIMIT) -> None:
    """Raise :exc:`~geo.errors.OutputError` unless the page stands for itself.

    Parameters
    ----------
    page
        The finished page.
    limit
        Most bytes it may have; None for no limit.

    Raises
    ------
    OutputError
        The page would fetch something, holds a handler or a style that its policy forbids, uses an
        id twice, or is too large. Every fault is named.

    Examples
    --------
    >>> check_page('<script src="https://cdn.example/leaflet.js"></script>')
    Traceback (most recent call last):
    ...
    geo.errors.OutputError: The page cannot stand for itself:
    - src='https://cdn.example/leaflet.js' on <script>
    """
    finder = _Finder()
    finder.feed(page)
    finder.close()
    faults = list(dict.fromkeys(finder.faults))
    if repeated := sorted({name for name in finder.ids if finder.ids.count(name) > 1}):
        faults.append(f"an id that is used twice: {', '.join(repeated)}")
    size = len(page.encode("utf-8"))
    if limit is not None and size > limit:
        faults.append(
            f"{size:,} bytes, where {limit:,} are allowed; a lower detail makes it smaller"
        )
    if faults:
        raise OutputError("The page cannot stand for itself:\n- " + "\n- ".join(faults))
