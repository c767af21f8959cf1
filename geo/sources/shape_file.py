"""Read lines, areas and points of the user's own, such as a highway, to measure distances to."""

from __future__ import annotations

import os
from pathlib import Path

import geopandas as gpd

from geo.errors import CRSError, SourceError
from geo.sources.gather import shown
from geo.sources.geofiles import check_database

_DRIVERS = {".gpkg": "GPKG", ".shp": "ESRI Shapefile", ".geojson": "GeoJSON", ".json": "GeoJSON"}
_BEGINNINGS = {
    "GPKG": (b"SQLite format 3\x00",),
    "ESRI Shapefile": (b"\x00\x00\x27\x0a",),
    "GeoJSON": (b"{", b"\xef\xbb\xbf{"),
}


def read_shapes(path: str | os.PathLike[str], *, layer: str | None = None) -> gpd.GeoSeries:
    """Return the shapes of a file, in its coordinate reference system.

    Parameters
    ----------
    path
        A GeoPackage, a shapefile or a GeoJSON file.
    layer
        Needed where a GeoPackage has several.

    Raises
    ------
    SourceError
        The file is none of these, is damaged, or has several layers.
    CRSError
        It does not say in which coordinate reference system it is.

    Examples
    --------
    >>> import tempfile
    >>> text = '{"type": "LineString", "coordinates": [[-107.4, 24.8], [-106.4, 23.2]]}'
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     file = Path(folder) / "road.geojson"
    ...     _ = file.write_text(text)
    ...     read_shapes(file).geom_type.tolist()
    ['LineString']
    """
    import pyogrio  # only here: it takes long to load

    file = Path(path)
    driver = _DRIVERS.get(file.suffix.lower())
    if driver is None:
        raise SourceError(
            f"{file.name} is no file of shapes; give one that ends in {', '.join(_DRIVERS)}"
        )
    try:
        with file.open("rb") as stream:
            head = stream.read(64)
        # By its content, too: GDAL would open other kinds, which refer to other files.
        _refuse(
            not head.lstrip().startswith(_BEGINNINGS[driver])
            and head[:4] != _BEGINNINGS[driver][0],
            f"{file.name} is not what its ending says; export it anew",
        )
        if driver == "GPKG":
            check_database(file)
        layers = [str(name) for name, kind in pyogrio.list_layers(file) if kind is not None]
        named = ", ".join(map(shown, layers))
        _refuse(not layers, f"{file.name} has no layer with shapes")
        _refuse(
            layer is None and len(layers) > 1, f"{file.name} has several layers: {named}; name one"
        )
        _refuse(
            layer is not None and layer not in layers,
            f"{file.name} has no layer {shown(layer)!r}; it has {named}",
        )
        table = gpd.read_file(file, layer=layer or layers[0], engine="pyogrio", columns=[])
    except SourceError:
        raise
    except (OSError, RuntimeError, ValueError) as error:
        raise SourceError(f"{file.name} cannot be read ({error}); export it anew") from error
    if table.crs is None:
        raise CRSError(
            f"{file.name} does not say in which coordinate reference system it is. Set it (in "
            "QGIS: Layer > Set CRS, then save; for a shapefile this writes the .prj file)"
        )
    return table.geometry


def _refuse(is_wrong: bool, why: str) -> None:  # noqa: FBT001
    if is_wrong:
        raise SourceError(why)
