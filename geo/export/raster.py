"""Write a surface as a Cloud Optimized GeoTIFF, with what its numbers mean inside the file.

Cells are areas: the corner of the file is the outer corner of the first cell. Where nothing can be
said the file has :data:`NODATA`, which no density and no logarithm of a ratio ever is. The same
surface gives the same bytes.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
import rasterio
from rasterio import Affine
from rasterio.errors import RasterioError

from geo import crs
from geo.errors import OutputError
from geo.export.folder import write_file
from geo.steps.surface import Surface
from geo.study import Located, Results

NODATA = -9999.0
FORMATS = (".tif", ".tiff")


def write_surface(
    surface: Surface,
    path: str | os.PathLike[str],
    *,
    tags: Mapping[str, str] | None = None,
    inputs: Iterable[Path] = (),
    overwrite: bool = False,
) -> Path:
    """Write a surface as one band of 32-bit numbers, north up, in :data:`geo.crs.METRIC`.

    Unit and name of the band, period, method and number of events are in the file; overviews are
    means of the cells that have a value.

    Parameters
    ----------
    surface
        What :func:`geo.steps.surface.event_density` and its like return.
    path
        The file, ending in ``.tif``; it appears complete or not at all.
    tags
        Further tags by name, such as those of :func:`source_tags`.
    inputs
        Files that were read; `path` may not be one of them.
    overwrite
        Replace a file that exists.

    Returns
    -------
    Path
        The file.

    Raises
    ------
    OutputError
        An ending that is not known, or a place that cannot be written.
    """
    goal = Path(path)
    if goal.suffix.lower() not in FORMATS:
        raise OutputError(
            f"{goal.name}: a surface is written as {' or '.join(FORMATS)}, not as "
            f"{goal.suffix or 'nothing'}"
        )
    said = {**surface_tags(surface), **(tags or {})}
    write_file(goal, lambda part: _write(surface, said, part), inputs=inputs, overwrite=overwrite)
    return goal


def surface_tags(surface: Surface) -> dict[str, str]:
    """Return what a surface says of itself, as tags of a file.

    Its window, method, unit, the number of events in it, and how many are left out, by why.
    """
    tags = {
        "KIND": surface.kind,
        "PERIOD": surface.window,
        "EVENTS": str(surface.events),
        "METHOD": surface.method,
        "UNIT": surface.unit,
        "BANDWIDTH_M": f"{surface.bandwidth_m:.1f}",
        "CELL_M": f"{surface.grid.cell_m:g}",
        "LEFT_OUT": "; ".join(f"{why}: {n}" for why, n in surface.left_out.items()) or "none",
    }
    if surface.base is not None:
        tags |= {"BASE_PERIOD": surface.base, "BASE_EVENTS": str(surface.base_events)}
    return tags


def source_tags(found: Located | Results) -> dict[str, str]:
    """Return whose data a surface rests on, as tags of a file; made-up data say so first."""
    lines = [credit.line("en", accessed=found.settings.accessed) for credit in found.credits]
    tags = {"SOURCE": found.facts.source, "CREDITS": "; ".join(lines)}
    if not found.made_up:
        return {**tags, "TIFFTAG_COPYRIGHT": lines[0]}
    said = "MADE-UP DATA, no real event"
    return {**tags, "SOURCE": said, "MADE_UP": said, "TIFFTAG_COPYRIGHT": said}


def _write(surface: Surface, tags: Mapping[str, str], part: Path) -> None:
    # GDAL makes the file in memory: on a full disk it would leave half a file and not say so.
    part.write_bytes(_bytes(surface, tags))


def _bytes(surface: Surface, tags: Mapping[str, str]) -> bytes:
    grid = surface.grid
    values = np.where(np.isnan(surface.values), NODATA, surface.values).astype(np.float32)
    mark = f"{tags['MADE_UP']}; " if "MADE_UP" in tags else ""
    try:
        with rasterio.MemoryFile() as memory:
            with memory.open(
                driver="COG",
                width=grid.columns,
                height=grid.rows,
                count=1,
                dtype="float32",
                crs=crs.METRIC,
                # The outer corner of the first cell: its center would be off by half a cell.
                transform=Affine(grid.cell_m, 0, grid.west, 0, -grid.cell_m, grid.north),
                nodata=NODATA,
                compress="DEFLATE",
                predictor="FLOATING_POINT",
                level=6,
                overview_resampling="AVERAGE",
            ) as file:
                file.write(values, 1)
                file.set_band_description(1, surface.band)
                file.units = (surface.unit,)
                file.update_tags(
                    **tags,
                    AREA_OR_POINT="Area",
                    TIFFTAG_IMAGEDESCRIPTION=f"{mark}{surface.band} ({surface.unit})",
                )
            return bytes(memory.read())
    except RasterioError as error:
        raise OutputError(f"the surface cannot be made a GeoTIFF: {error}") from error
