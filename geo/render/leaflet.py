"""Leaflet, taken from the installed package XStatic-Leaflet.

The package is found by its metadata and never imported: its import path uses a namespace mechanism
that newer setuptools no longer have.
"""

from __future__ import annotations

import functools
import importlib.metadata
import re
from importlib.metadata import PackagePath

from geo.errors import OutputError

PACKAGE = "XStatic-Leaflet"
FOLDER = "xstatic/pkg/leaflet/data"

LICENCE = """\
Leaflet - BSD 2-Clause License

Copyright (c) 2010-2022, Vladimir Agafonkin
Copyright (c) 2010-2011, CloudMade
All rights reserved.

Redistribution and use in source and binary forms, with or without modification, are permitted \
provided that the following conditions are met:

1. Redistributions of source code must retain the above copyright notice, this list of conditions \
and the following disclaimer.

2. Redistributions in binary form must reproduce the above copyright notice, this list of \
conditions and the following disclaimer in the documentation and/or other materials provided with \
the distribution.

THIS SOFTWARE IS PROVIDED BY THE COPYRIGHT HOLDERS AND CONTRIBUTORS "AS IS" AND ANY EXPRESS OR \
IMPLIED WARRANTIES, INCLUDING, BUT NOT LIMITED TO, THE IMPLIED WARRANTIES OF MERCHANTABILITY AND \
FITNESS FOR A PARTICULAR PURPOSE ARE DISCLAIMED. IN NO EVENT SHALL THE COPYRIGHT HOLDER OR \
CONTRIBUTORS BE LIABLE FOR ANY DIRECT, INDIRECT, INCIDENTAL, SPECIAL, EXEMPLARY, OR CONSEQUENTIAL \
DAMAGES (INCLUDING, BUT NOT LIMITED TO, PROCUREMENT OF SUBSTITUTE GOODS OR SERVICES; LOSS OF USE, \
DATA, OR PROFITS; OR BUSINESS INTERRUPTION) HOWEVER CAUSED AND ON ANY THEORY OF LIABILITY, WHETHER \
IN CONTRACT, STRICT LIABILITY, OR TORT (INCLUDING NEGLIGENCE OR OTHERWISE) ARISING IN ANY WAY OUT \
OF THE USE OF THIS SOFTWARE, EVEN IF ADVISED OF THE POSSIBILITY OF SUCH DAMAGE.
"""

_IMAGE = re.compile(r"url\(\s*['\"]?images/[^)]*\)")
_OLD_BROWSERS = re.compile(r"\s*behavior:\s*url\(#default#VML\);")
_SOURCE_MAP = re.compile(r"\n//# sourceMappingURL=\S+\s*\Z")


def _files() -> dict[str, PackagePath]:
    try:
        found = importlib.metadata.files(PACKAGE) or []
    except importlib.metadata.PackageNotFoundError as error:
        raise OutputError(
            f"the package {PACKAGE} is not installed, and a map needs it; "
            "run 'pip install XStatic-Leaflet'"
        ) from error
    return {str(path): path for path in found}


def _text(name: str) -> str:
    path = _files().get(f"{FOLDER}/{name}")
    if path is None:
        raise OutputError(
            f"the package {PACKAGE} {importlib.metadata.version(PACKAGE)} does not hold {name}; "
            f"run 'pip install --force-reinstall {PACKAGE}'"
        )
    return path.read_text(encoding="utf-8").replace("\r\n", "\n")


@functools.cache
def script() -> str:
    """Return Leaflet's script, its notice kept, without the pointer to its source map."""
    return _SOURCE_MAP.sub("\n", _text("leaflet.js"))


@functools.cache
def style() -> str:
    """Return Leaflet's style sheet, which then fetches no image.

    Examples
    --------
    >>> "url(" in style()
    False
    """
    return _OLD_BROWSERS.sub("", _IMAGE.sub("none", _text("leaflet.css")))


def version() -> str:
    """Return the version of Leaflet that is inlined, from its own notice.

    Examples
    --------
    >>> version().startswith("1.9.")
    True
    """
    found = re.search(r"Leaflet (\d+\.\d+\.\d+)", script())
    if found is None:
        raise OutputError(f"the Leaflet of {PACKAGE} does not state its version")
    return found[1]
