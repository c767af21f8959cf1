"""The page around the map: our own branca figure."""

from __future__ import annotations

from typing import Any

from branca.element import Element, Figure
from jinja2 import Template

import geo
from geo.render.csp import SLOT
from geo.render.text import in_html

_PAGE = Template(
    """\
<!DOCTYPE html>
<html lang="{{ language }}">
<head>
<meta charset="utf-8">
{{ slot }}
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="generator" content="geo {{ version }}">
<title>{{ title }}</title>
{{ header }}
</head>
<body>
{{ html }}
<script>
{{ script }}
</script>
</body>
</html>
"""
)


class Verbatim(Element):
    """Text that goes into the page as it is.

    Branca takes the text of an element for a Jinja template, compiles it and runs it: braces in a
    name from data would be executed by Python while the page is written.

    Examples
    --------
    >>> Verbatim("{{ 7 * 7 }}").render()
    '{{ 7 * 7 }}'
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.text = text

    def render(self, **_: object) -> str:
        """Return the text."""
        return self.text


class _Slot(Element):
    """A part of the page into which elements write; what they wrote is never run again."""

    def add_child(
        self, child: Element, name: str | None = None, index: int | None = None
    ) -> Element:
        """Take a child; text that branca would run as a template is taken as it is."""
        if type(child) is Element and child._template_str is not None:
            identity, text = child._id, child._template_str
            child = Verbatim(text)
            child._id = identity
        return super().add_child(child, name=name, index=index)


class PageFigure(Figure):
    """A whole HTML page with a place for its security policy.

    Branca's own figure writes the title unescaped, no language and no policy; this one takes text
    and escapes it.

    Parameters
    ----------
    title
        Title of the page, as text.
    language
        Language of the page.

    Examples
    --------
    >>> "<title>&lt;b&gt;</title>" in PageFigure(title="<b>", language="es").render()
    True
    """

    def __init__(self, *, title: str, language: str) -> None:
        super().__init__(title=title)
        self.language = language
        self.header, self.html, self.script = _Slot(), _Slot(), _Slot()
        for slot in (self.header, self.html, self.script):
            slot._parent = self

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Return the page, its policy still missing."""
        slots = {"header": self.header, "html": self.html, "script": self.script}
        before = {name: slot._children.copy() for name, slot in slots.items()}
        for child in list(self._children.values()):
            child.render(**kwargs)
        parts = {
            name: "\n".join(e.render(**kwargs).strip() for e in slot._children.values())
            for name, slot in slots.items()
        }
        # Children write into the slots; put back what was there, so that rendering twice is
        # rendering the same.
        for name, slot in slots.items():
            slot._children = before[name]
        return str(
            _PAGE.render(
                language=in_html(self.language),
                slot=SLOT,
                version=in_html(geo.__version__),
                title=in_html(self.title),
                **parts,
            )
        )
