"""The Content-Security-Policy of a finished page.

Nothing may run or be fetched but what the page was written with: each script and each style sheet
is named by the SHA-256 of its text. The hashes are taken from the finished page, so that the policy
can never name something else than what is there.
"""

from __future__ import annotations

import base64
import hashlib
import html
import re
from collections.abc import Sequence

from geo.errors import OutputError

SLOT = "<!-- content-security-policy -->"
"""Where the policy goes; it must stand in the page exactly once."""

_ELEMENT = re.compile(
    r"<(?P<tag>script|style)(?P<attributes>[^>]*)>(?P<text>.*?)</(?P=tag)\s*>", re.S | re.I
)
_TYPE = re.compile(r"""\btype\s*=\s*["']?([^"'\s>]+)""", re.I)
_SCRIPT_TYPES = {"", "text/javascript", "application/javascript", "module"}


def source_hash(text: str) -> str:
    """Return the name by which a policy allows a script or a style sheet.

    Examples
    --------
    >>> source_hash("")
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode('ascii')}'"


def inline_sources(page: str) -> dict[str, list[str]]:
    """Return the hashes of all scripts that run and all style sheets, in order, each once.

    A ``<script>`` of another type than JavaScript is data: it does not run and needs no hash.

    Examples
    --------
    >>> page = '<style></style><script type="text/plain">data</script>'
    >>> [len(found) for found in inline_sources(page).values()]
    [0, 1]
    """
    found: dict[str, dict[str, None]] = {"script": {}, "style": {}}
    for element in _ELEMENT.finditer(page):
        tag = element["tag"].lower()
        kind = _TYPE.search(element["attributes"])
        if tag == "script" and (kind[1].lower() if kind else "") not in _SCRIPT_TYPES:
            continue
        found[tag][source_hash(element["text"])] = None
    return {tag: list(hashes) for tag, hashes in found.items()}


def policy(page: str, *, images: Sequence[str] = ()) -> str:
    """Return the policy that allows what `page` holds and nothing else.

    Parameters
    ----------
    page
        The finished page.
    images
        Origins from which images may be fetched, such as ``https://tiles.example``; none, unless
        the author of the map asked for a background.
    """
    sources = inline_sources(page)
    directives = {
        "default-src": ["'none'"],
        "script-src": sources["script"] or ["'none'"],
        "style-src": sources["style"] or ["'none'"],
        "img-src": ["data:", "blob:", *images],
        "base-uri": ["'none'"],
        "form-action": ["'none'"],
    }
    return "; ".join(f"{name} {' '.join(values)}" for name, values in directives.items())


def with_policy(page: str, *, images: Sequence[str] = ()) -> str:
    """Return `page` with its policy in place of :data:`SLOT`; `images` as in :func:`policy`.

    Raises
    ------
    OutputError
        The page has no place for the policy, or more than one: text from data may have brought
        a second one.
    """
    if page.count(SLOT) != 1:
        raise OutputError(
            f"the page has {page.count(SLOT)} places for its security policy, expected 1"
        )
    content = html.escape(policy(page, images=images), quote=True).replace("&#x27;", "'")
    return page.replace(SLOT, f'<meta http-equiv="Content-Security-Policy" content="{content}">', 1)
