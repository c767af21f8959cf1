"""``geo export``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.study import Results


@click.command("export")
@options.events
@click.option(
    "--tables", type=click.Path(path_type=Path), metavar="FOLDER", callback=outputs.free_folder,
    help="Folder for the tables, what their columns mean, the ledger and a manifest.",
)  # fmt: skip
@click.option(
    "--format", "formats", metavar="LIST", default="csv,xlsx", show_default=True,
    callback=options.words_of("csv", "xlsx", "parquet", "geoparquet", "geojson", "flatgeobuf"),
    help="Of csv, xlsx, parquet; and with the shapes of the areas geoparquet, geojson, flatgeobuf.",
)  # fmt: skip
@click.option(
    "--codes", metavar="LIST", default="", callback=options.words_of("iso", "pcode"),
    help="Further codes of areas: iso (MX-SIN) and pcode (MX25006).",
)  # fmt: skip
@outputs.raw
@click.option(
    "--qgis", type=click.Path(path_type=Path), metavar="FOLDER", callback=outputs.free_folder,
    help="Folder for QGIS: GeoPackage with styles, project, layer definition.",
)  # fmt: skip
@click.option(
    "--points", type=click.Choice(["none", "coarse", "exact"]),
    help="How QGIS shows events; terms may forbid passing exact points on [coarse, or none of very "
    "many].",
)  # fmt: skip
@click.option(
    "--layers", metavar="LIST", default="",
    callback=options.words_of("emerging", "scan", "density"),
    help="What else is made for QGIS: emerging, scan, density; commas between.",
)  # fmt: skip
@options.comparing
@options.asking
@options.counting
@options.reading
@options.choosing
@options.reaching
@click.option("--seed", type=int, help="Seed of everything random [20240909].")
@outputs.overwrite
def command(
    files: tuple[str, ...],
    tables: Path | None,
    formats: tuple[str, ...],
    codes: tuple[str, ...],
    raw: bool,
    qgis: Path | None,
    points: str | None,
    overwrite: bool,
    **given: object,
) -> None:
    """Write the results of FILE, or of a study in TOML, for spreadsheets, R, Python and QGIS.

    A table has one file a format (all in one workbook for xlsx); its columns are described in
    datapackage.json, and in the workbook itself. The folder for QGIS opens styled, through time
    and ready to print; its .qlr adds the layers to a project of your own.

    \b
        $ geo export sample --tables for-gis --format csv,geojson --codes iso,pcode
        Made-up data. for-gis: 9 tables of 12,037 events, as csv and geojson
        $ geo export sample --qgis in-qgis --base 2023 --comparison 2024 --lang es
        Datos inventados. in-qgis: 10 capas de 12,037 eventos, 11,831 como puntos aproximados
    """  # noqa: D301  click looks for the character itself
    from geo.study import run_study
    from geo.study.labels import opening
    from geo.study.telling import collected, told

    if tables is None and qgis is None:
        raise click.UsageError("say what to write, and where: --tables FOLDER, --qgis FOLDER")
    if qgis is None and points is not None:
        raise click.UsageError("--points is of the folder for QGIS; give that, too: --qgis FOLDER")
    with progress() as tell, collected() as caught:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
        tell("write", 0, 1)
        said = []
        if tables is not None:
            said.append(
                _write_tables(
                    results, tables, formats=formats, codes=codes, raw=raw, overwrite=overwrite
                )
            )
        if qgis is not None:
            said.append(_write_qgis(results, qgis, points=points, overwrite=overwrite))
    language = results.settings.lang
    warn(told(results.warnings, caught), language)
    for sentence in said:
        say(f"{opening(language, made_up=results.made_up)}{sentence}")


def _write_tables(
    results: Results,
    folder: Path,
    *,
    formats: Sequence[str],
    codes: Sequence[str],
    raw: bool,
    overwrite: bool,
) -> str:
    """Write the tables and return what is said of them."""
    from geo.export.tables import write_tables
    from geo.study.phrases.written import TABLES

    language = results.settings.lang
    write_tables(
        results,
        folder,
        formats=formats,  # type: ignore[arg-type]
        codes=codes,  # type: ignore[arg-type]
        raw=raw,
        overwrite=overwrite,
    )
    return TABLES.say(
        language,
        folder=folder,
        tables=len(results.tables),
        events=len(results.located),
        formats=options.listed(formats, language),
    )


def _write_qgis(results: Results, folder: Path, *, points: str | None, overwrite: bool) -> str:
    """Write the folder for QGIS and return what is said of it."""
    from geo.export.qgis.write import summary_of, write_qgis
    from geo.study.phrases.written import LAYERS, POINTS

    language = results.settings.lang
    write_qgis(results, folder, lang=language, points=points, overwrite=overwrite)  # type: ignore[arg-type]
    layers, shown, kind = summary_of(folder)
    some = POINTS[kind].say(language, shown=shown) if kind != "none" else ""
    return LAYERS.say(
        language, folder=folder, layers=layers, events=len(results.located), points=some
    )
