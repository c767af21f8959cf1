"""More than two hundred texts that would run, break or hide something where text becomes code."""

from __future__ import annotations

RUN = "window.ran=1"

_MARKUP = [
    f"<img src=x onerror={RUN}>",
    f'<img src="x" onerror="{RUN}">',
    f"<svg onload={RUN}>",
    f"<svg><script>{RUN}</script></svg>",
    f"<script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</style><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"<iframe srcdoc='<script>parent.{RUN}</script>'></iframe>",
    f"<a href=javascript:{RUN}>x</a>",
    f"<details open ontoggle={RUN}>",
    f"<body onload={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<math><mtext></form><form><mglyph><style></math><img src onerror={RUN}>",
    "<style>*{display:none}</style>",
    "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>",
    "<!--",
    "-->",
    "]]>",
    "<![CDATA[",
]
_SCRIPT = [
    "${" + RUN + "}",
    "`${" + RUN + "}`",
    "`+" + RUN + "+`",
    "';" + RUN + "//",
    '";' + RUN + "//",
    "\\';" + RUN + "//",
    "\\",
    "`",
    "{{" + RUN + "}}",
    "{%" + RUN + "%}",
    "{{ 7 * 7 }}",
    "{{ self.__class__ }}",
    "javascript:" + RUN,
    "constructor",
    "__proto__",
    "toString",
    "\u2028" + RUN,
    "\u2029" + RUN,
    "$x^2$",
    "\\frac{1}{2}",
]
_OTHER = [
    "=1+1",
    "+cmd|' /C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "<r><t>x</t></r>",
    '<r></r></is></c><c r="A9"><f>1+1</f></c><c t="inlineStr"><is><r></r>',
    "_x0041_",
    "#N/A",
    '{"a": 1}',
    "[1, 2]",
    "\ufeff=1+1",
    "'; DROP TABLE events; --",
    '" OR ""="',
    "../../etc/passwd",
    "\u202egnp.exe",
    "\u200bhidden",
    "\x1b[31mred",
    "CON",
    "x" * 3000,
    "é" * 200,
    "ñ\u0303",
    "\U0001f4a3",
    "%s%n%x",
    "%00",
    "&lt;b&gt;",
    "&#x3c;script&#x3e;",
]


def strings() -> list[str]:
    """Return the texts; each kind alone, in quotes, behind a word and written in capitals."""
    kinds = [*_MARKUP, *_SCRIPT, *_OTHER]
    made = [*kinds, *(f'"{kind}"' for kind in kinds), *(f"Culiacán {kind}" for kind in kinds)]
    made += [kind.upper().replace(RUN.upper(), RUN) for kind in _MARKUP]
    return list(dict.fromkeys(made))
