"""The shipped lines: the land borders of Mexico, and its coast.

They are the rim of INEGI's layer at full resolution, cut where one kind of rim becomes another.
"""

from __future__ import annotations

import functools

import geopandas as gpd
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import shapely

from geo.crs import STORED
from geo.cvegeo import fold
from geo.errors import BoundariesError
from geo.sources import shipped

LINES: dict[str, tuple[str, str]] = {
    "us": ("the US border", "la frontera con Estados Unidos"),
    "guatemala": ("the Guatemala border", "la frontera con Guatemala"),
    "belize": ("the Belize border", "la frontera con Belice"),
    "coast": ("the coast", "la costa"),
}
"""The English and the Spanish name of each line, as they stand in a sentence."""

_COUNTRIES = {
    "us": (
        "us", "u s", "usa", "u s a", "united states", "the united states", "american",
        "estados unidos", "ee uu", "eeuu", "eua", "northern", "north", "norte",
    ),
    "guatemala": ("guatemala", "guatemalan"),
    "belize": ("belize", "belice", "belizean"),
}  # fmt: skip
_FORMS = ("{} border", "border with {}", "the {} border", "the border with {}")
_FORMAS = ("frontera {}", "frontera con {}", "la frontera {}", "la frontera con {}")
_SHORES = ("coast", "the coast", "shore", "coastline", "sea", "costa", "la costa", "litoral", "mar")


def _spellings() -> dict[str, str]:
    found = dict.fromkeys(_SHORES, "coast")
    for line, countries in _COUNTRIES.items():
        for country in countries:
            found |= {form.format(country): line for form in (*_FORMS, *_FORMAS)}
    return found


_LINE_OF = _spellings()


def find_line(text: str) -> str | None:
    """Return the key of the shipped line that `text` names, or None where it names none.

    Examples
    --------
    >>> find_line("US border"), find_line("Frontera con Belice"), find_line("la costa")
    ('us', 'belize', 'coast')
    >>> find_line("Culiacán") is None
    True
    """
    return _LINE_OF.get(fold(text))


def load_lines() -> gpd.GeoDataFrame:
    """Return the land borders and the coast at full resolution.

    The border with Belize includes the boundary in the Bay of Chetumal, whose waters the layer
    gives to a municipality; the shore of that bay is not in it, and so not in the coast. Islands
    are in the coast.

    Returns
    -------
    GeoDataFrame
        ``line`` (us, guatemala, belize, coast), ``name_en``, ``name_es``, ``geometry``
        (MultiLineString, EPSG:4326).

    Examples
    --------
    >>> from geo import crs
    >>> lines = load_lines().set_index("line")
    >>> meters = crs.GEOD.geometry_length(lines.geometry["us"])
    >>> round(meters / 1000)
    3155
    """
    names, geometry = zip(*_shapes().items(), strict=True)
    return gpd.GeoDataFrame(
        {
            "line": np.array(names),
            "name_en": np.array([LINES[name][0] for name in names]),
            "name_es": np.array([LINES[name][1] for name in names]),
        },
        geometry=list(geometry),
        crs=STORED,
    ).astype({"line": "str", "name_en": "str", "name_es": "str"})


def line_shape(line: str) -> shapely.MultiLineString:
    """Return the shape of a line by its key, in degrees; shared by all callers.

    Examples
    --------
    >>> line_shape("belize").geom_type
    'MultiLineString'
    """
    return _shapes()[line]


@functools.cache
def _shapes() -> dict[str, shapely.MultiLineString]:
    path = shipped.path("lines.parquet")
    try:
        table = pq.read_table(path)
        scale = float(table.schema.metadata[b"scale"])
        columns = [table.column(name).to_numpy() for name in ("lon", "lat")]
        key = table.column("line").to_pylist()
    except (pa.ArrowException, OSError, KeyError, TypeError, ValueError) as error:
        raise BoundariesError(f"{path} is damaged ({error}); {shipped.CURE}") from error
    parts: dict[str, list[shapely.LineString]] = {name: [] for name in LINES}
    for name, lon, lat in zip(key, *columns, strict=True):
        parts[name].append(shapely.LineString(np.column_stack([lon, lat]) / scale))
    return {name: shapely.MultiLineString(lines) for name, lines in parts.items()}
