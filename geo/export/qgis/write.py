"""Write the folder for QGIS: GeoPackage, project, layer definition, surface, credits, manifest."""

from __future__ import annotations

import hashlib
import json
import os
import warnings
from collections.abc import Mapping
from pathlib import Path

from geo.errors import DataWarning, OutputError
from geo.export.folder import MADE_BY, MANIFEST, read_manifest, refuse_folder, write_folder
from geo.export.qgis.content import content_of
from geo.export.qgis.geopackage import geopackage
from geo.export.qgis.project import layer_definition, project_archive
from geo.export.qgis.stylesheet import raster_document
from geo.export.qgis.surface import FILE, STYLE
from geo.export.raster import source_tags, write_surface
from geo.export.tables import credits_text
from geo.export.text import slug
from geo.render.text import Language
from geo.render.words import words
from geo.steps.coarsen import Points
from geo.steps.query import Query
from geo.study.results import Results
from geo.study.run import results_of
from geo.study.titles import title_of

KIND = "qgis"
"""What the manifest of such a folder says under ``kind``."""

MOST_POINTS = 200_000
"""Events that are shown as points without being asked for."""


def write_qgis(
    results: Results | Query,
    folder: str | os.PathLike[str],
    *,
    lang: Language = "en",
    points: Points | None = None,
    name: str | None = None,
    overwrite: bool = False,
) -> Path:
    """Write the results of a study, or a query, as a folder that QGIS opens, ready to print.

    ``NAME.gpkg`` holds every layer with its styles: events as points, municipalities and states
    with the figures of the latest period, hotspots, change, and areas through time; clusters of a
    scan and emerging hotspots, where the study looked for them (setting ``layers``).
    ``NAME.qgz`` is a project of them with themes, a clock and a page to print; ``NAME.qlr`` adds
    the same layers to a project of one's own; ``density.tif`` is the surface of a study that has
    one. Classes and colors are
    those of the map. The folder needs no network and can be moved; QGIS is not needed to write it.

    The folder appears complete or not at all, and the same results give the same bytes. Writing
    anew replaces what was written before: keep changes to the project under another name.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned; or a query, of which a study is made.
    folder
        Where they belong. A folder that was written for QGIS before is replaced; files in it that
        `geo` did not write stay.
    lang
        ``"en"`` or ``"es"``: language of layers, legends, columns and page. Names of tables and
        columns in the file are the same in both.
    points
        ``"none"``, ``"coarse"`` (centers of 5 km cells, without ids and actors) or ``"exact"``.
        Terms of use may forbid passing exact points on. Coarse unless given; none of more than
        200,000 events, which make a folder that is slow to draw and too large to pass on.
    name
        Of the files; made of the title unless given.
    overwrite
        Also write into a folder that `geo` did not make; its other files stay.

    Returns
    -------
    Path
        The folder.

    Raises
    ------
    SettingsError
        A language or a kind of points that there is not.
    OutputError
        The folder cannot be written, is taken, holds an input, or another run is writing to it.

    Warns
    -----
    DataWarning
        If there are no points because there would be too many.

    Examples
    --------
    >>> import tempfile
    >>> from geo.study import run_study
    >>> results = run_study("sample", permutations=0)
    >>> with tempfile.TemporaryDirectory() as place:
    ...     folder = write_qgis(results, Path(place) / "qgis", name="sample")
    ...     sorted(path.name for path in folder.iterdir())
    ['CREDITS.txt', 'manifest.json', 'sample.gpkg', 'sample.qgz', 'sample.qlr']
    """
    words(lang)  # refuses a language that there is not, before any work
    goal = Path(folder)
    refuse_folder(goal, overwrite=overwrite)
    _refuse_other_results(goal)
    results = results_of(results, lang=lang)
    points = _points_of(len(results.located)) if points is None else points
    title = title_of(results.settings, results.focus, language=lang, made_up=False)
    content = content_of(
        results,
        slug(name or title),
        language=lang,
        points=points,
    )
    files: dict[str, bytes] = {
        f"{content.name}.gpkg": geopackage(content),
        f"{content.name}.qgz": project_archive(content),
        f"{content.name}.qlr": layer_definition(content).encode(),
        "CREDITS.txt": credits_text(results).encode(),
    }
    if content.raster is not None:
        files[STYLE] = raster_document(content.raster.pipe).encode()
    rows = {layer.name: len(layer.rows) for layer in content.layers}

    def fill(part: Path) -> None:
        if results.surface is not None:
            write_surface(results.surface, part / FILE, tags=source_tags(results))
        for file, written in files.items():
            (part / file).write_bytes(written)
        outputs = {path.name: path.read_bytes() for path in part.iterdir()}
        whole = {"kind": KIND, "lang": lang, "points": points, "layers": rows, **results.manifest}
        (part / MANIFEST).write_bytes(_manifest(whole, outputs))

    study = results.settings
    inputs = [] if study.is_sample else [Path(event) for event in study.events]
    inputs += [path for path in (study.population, study.actor_names) if path is not None]
    write_folder(goal, fill, inputs=inputs, overwrite=overwrite)
    return goal


def _points_of(events: int) -> Points:
    """Return how events are shown where it is not said."""
    if events <= MOST_POINTS:
        return "coarse"
    warnings.warn(
        f"{events:,} events are too many for points that are drawn quickly, so the folder for QGIS "
        f"has none (the limit is {MOST_POINTS:,}); ask for them with points='coarse' (--points "
        "coarse), at about 0.2 MB per 1,000 events",
        DataWarning,
        stacklevel=3,
    )
    return "none"


def summary_of(folder: Path) -> tuple[int, int, str]:
    """Return of a folder that was written here its layers, its events as points, and which."""
    said = read_manifest(folder)
    rows = said.get("layers")
    known = rows if isinstance(rows, dict) else {}
    return len(known), int(known.get("events", 0)), str(said.get("points"))


def _refuse_other_results(folder: Path) -> None:
    """Refuse the folder of a study's tables: it would be replaced, and the tables be gone."""
    found = read_manifest(folder)
    if found.get("made_by") == MADE_BY and found.get("kind") != KIND:
        raise OutputError(
            f"{folder} holds other results of geo, which writing for QGIS would remove; give a "
            f"folder of its own, as {folder / 'qgis'}"
        )


def _manifest(whole: Mapping[str, object], outputs: Mapping[str, bytes]) -> bytes:
    listed = [
        {"name": name, "bytes": len(data), "sha256": hashlib.sha256(data).hexdigest()}
        for name, data in sorted(outputs.items())
    ]
    text = json.dumps(
        {"made_by": MADE_BY, **whole, "outputs": listed}, ensure_ascii=False, indent=2
    )
    return f"{text}\n".encode()
