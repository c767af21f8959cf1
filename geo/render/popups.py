"""Popups and tooltips for children of a map whose text is shown and can do nothing else.

Folium writes the text of its own popups and tooltips into scripts and markup. These hand it over as
JSON without a ``<``, and the page makes elements of it, with text in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import folium
from branca.element import MacroElement
from folium.template import Template

from geo.errors import SettingsError
from geo.render.text import clean, in_script

MOST_FIELDS = 30
"""Fields of a popup; more belong into a table."""

MOST_LINES = 30
"""Lines of a popup."""


class _Said(MacroElement):
    """Text bound to a child of the map, once the page is ready."""

    _template = Template(
        """
        {% macro script(this, kwargs) %}
        geoMap.children.say({{ this._parent.get_name() }}, {{ this.in_script }});
        {% endmacro %}
        """
    )

    def _say(self, kind: str, text: object, title: object, fields: Mapping[str, object]) -> None:
        """Take the text, past what Folium's own class makes of it."""
        MacroElement.__init__(self)  # type: ignore[no-untyped-call]
        self._name = kind.capitalize()
        self.said = _content(kind, text, title, fields)
        self.in_script = _in_template(self.said)

    def render(self, **kwargs: Any) -> str:  # noqa: ANN401
        """Write what is said into the script of the page."""
        MacroElement.render(self, **kwargs)  # type: ignore[no-untyped-call]
        return ""


class Popup(_Said, folium.Popup):
    r"""What a click, a tap or the Enter key on a child of the map shows: plain text.

    Markup in it is shown as it is written, never obeyed, so that text from data needs no escaping.

    Parameters
    ----------
    text
        Lines of text. May be empty if there are fields.
    title
        A first line in bold.
    fields
        Names and values, shown as a small table.

    Raises
    ------
    SettingsError
        There is nothing to show, or too much.

    Examples
    --------
    >>> import folium
    >>> place = folium.CircleMarker((24.8, -107.4), popup=Popup("Culiacán\n3 < 5"))
    >>> next(iter(place._children.values())).said
    {'kind': 'popup', 'title': '', 'lines': ['Culiacán', '3 < 5'], 'fields': []}
    """

    def __init__(
        self,
        text: object = "",
        *,
        title: object = "",
        fields: Mapping[str, object] | None = None,
    ) -> None:
        self._say("popup", text, title, fields or {})


class Tooltip(_Said, folium.Tooltip):
    """What is shown beside a child of the map while it is pointed at or has the focus: plain text.

    Parameters
    ----------
    text
        Lines of text.

    Raises
    ------
    SettingsError
        There is nothing to show, or too much.

    Examples
    --------
    >>> Tooltip("<b>Culiacán</b>").said["lines"]
    ['<b>Culiacán</b>']
    """

    def __init__(self, text: object) -> None:
        self._say("tooltip", text, "", {})


_BRACES = str.maketrans({"{": "\\u007b", "}": "\\u007d", "`": "\\u0060", "$": "\\u0024"})


def _in_template(said: Mapping[str, Any]) -> str:
    """Return JSON for a script that branca takes for a Jinja template: no braces but its own."""
    return "{" + in_script(said)[1:-1].translate(_BRACES) + "}"


def _content(
    kind: str, text: object, title: object, fields: Mapping[str, object]
) -> dict[str, Any]:
    shown = clean(text, 10_000).strip()
    lines = [clean(line) for line in shown.splitlines() if line.strip()]
    if not lines and not fields and not str(title).strip():
        raise SettingsError(f"a {kind} needs a text; give one, or leave the {kind} out")
    if len(lines) > MOST_LINES or len(fields) > MOST_FIELDS:
        raise SettingsError(
            f"a {kind} shows at most {MOST_LINES} lines and {MOST_FIELDS} fields, not {len(lines)} "
            f"and {len(fields)}; put more into a table"
        )
    return {
        "kind": kind,
        "title": clean(title).strip(),
        "lines": lines,
        "fields": [[clean(name), clean(value)] for name, value in fields.items()],
    }
