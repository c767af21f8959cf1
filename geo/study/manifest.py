"""What results rest on, as plain values: inputs, versions, settings, account of rows.

There is no clock, user or path in it, so that two runs of the same study give the same bytes.
"""

from __future__ import annotations

import hashlib
import platform
from importlib import metadata
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd

from geo import __version__
from geo.errors import SourceError

PACKAGES = (
    "folium", "geopandas", "matplotlib", "numpy", "pandas", "pyarrow", "pyogrio", "pyproj",
    "rasterio", "scipy", "shapely", "xlsxwriter",
)  # fmt: skip
"""The packages whose version can change a number, a picture or the bytes of a file."""


def versions() -> dict[str, str]:
    """Return the version of geo, of Python and of the packages that the files rest on."""
    found = {"geo": __version__, "python": platform.python_version()}
    for name in PACKAGES:
        try:
            found[name] = metadata.version(name)
        except metadata.PackageNotFoundError:
            found[name] = "not installed"
    return found


def file_entry(path: Path) -> dict[str, Any]:
    """Return name, size and SHA-256 of a file."""
    try:
        with path.open("rb") as stream:
            digest = hashlib.file_digest(stream, "sha256").hexdigest()
        return {"name": path.name, "bytes": path.stat().st_size, "sha256": digest}
    except OSError as error:
        raise SourceError(
            f"{path} cannot be read ({error.strerror or error}); check the name and the folder"
        ) from error


def table_entry(events: gpd.GeoDataFrame) -> dict[str, Any]:
    """Return name, number of rows and SHA-256 of a table that came without a file."""
    plain = pd.DataFrame(events.drop(columns="geometry")).astype("str")
    digest = hashlib.sha256()
    digest.update(pd.util.hash_pandas_object(plain, index=False).to_numpy(np.uint64).tobytes())
    for shape in events.geometry.to_wkb():
        digest.update(shape or b"-")
    return {"name": "a table of events", "rows": len(events), "sha256": digest.hexdigest()}
