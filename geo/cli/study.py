"""``geo study``."""

from __future__ import annotations

import functools
import math
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import give_json, say, warn

if TYPE_CHECKING:
    from geo.study import Results


@click.command("study")
@options.events
@click.option(
    "-o", "--out", type=click.Path(path_type=Path), metavar="FOLDER", callback=outputs.free_folder,
    help="Folder for the results [out/NAME beside a TOML file, else ./NAME-geo].",
)  # fmt: skip
@options.comparing
@options.layering
@options.paging
@options.asking
@options.counting
@options.reading
@options.choosing
@options.reaching
@options.keeping
@click.option("--seed", type=int, help="Seed of everything random [20240909].")
@click.option("--keep-assigned", is_flag=True, help="Write the events with their areas, too.")
@options.as_json
@outputs.overwrite
def command(
    files: tuple[str, ...],
    out: Path | None,
    work: Path | None,
    resume: bool,
    as_json: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Do everything with FILE, or with a study described in TOML.

    FILE is one file or several of one source, or a folder with the parts of one table (CSV or
    Parquet).

    Writes a folder with the map (map.html, with --zip also map.zip, and as a picture map.png), the
    months of the focus (series.png), the tables (CSV and Parquet), the ledger of every record and a
    manifest of what it all rests on. Options go before what a TOML file says.

    Large files, folders of Parquet or CSV and URLs are read in batches, and only the events that
    the study keeps stay in memory. With --work what came of each batch is kept in a folder, and
    --resume goes on where the reading was interrupted.

    \b
        $ geo study acled-mexico.csv --base 2023 --comparison 2024 --focus Sinaloa
        $ geo study maps/sample.toml
        MADE-UP DATA. Sinaloa: 240 events in 2023, 600 in 2024 (2.50 times as many); 7.64 and
        18.95 per 100,000 person-years: 2.48 times (+148 %; 95 % interval 1.20-5.15 as months
        vary, 2.13-2.89 if events were independent). 12,161 records: 12,037 used, 4 filtered, 120
        quarantined; written to maps/out/sample
    """  # noqa: D301  click looks for the character itself
    from geo.export.tables import write_tables
    from geo.study import run_study
    from geo.study.phrases.written import WRITTEN
    from geo.study.telling import collected, told

    folder = outputs.results_folder(files, out, overwrite=overwrite)
    with progress() as tell:
        results = run_study(
            options.given_events(files),
            progress=tell,
            work=work,
            resume=resume,
            **options.settings(given),
        )
        tell("write", 0, 1)
        with collected() as caught:
            write_tables(results, folder, overwrite=overwrite, more=_drawn(results))
    summary = results.summary()
    if as_json:
        give_json(_for_machines(results, summary, folder))
    language = results.settings.lang
    warn(told(results.warnings, caught), language)
    if results.findings:
        say(_first(results))
    say(WRITTEN.say(language, summary=results.summary(language), folder=folder))


def _drawn(results: Results) -> dict[str, Callable[[Path], object]]:
    """Return what is drawn, by the name of its file; no series where no event's month is known."""
    from geo.render.files import zip_of
    from geo.render.map import EventMap
    from geo.render.picture import draw_map
    from geo.render.series_graph import draw_series

    language = results.settings.lang
    how = options.page_options(results.settings)
    page = functools.cache(EventMap(results, lang=language).html)
    drawn: dict[str, Callable[[Path], object]] = {
        "map.html": lambda path: path.write_bytes(page(**how).encode("utf-8")),
        "map.png": lambda path: draw_map(results, path, lang=language),
    }
    if results.settings.zip:
        drawn["map.zip"] = lambda path: path.write_bytes(zip_of("map.html", page(**how)))
    if results.atlas is not None:
        drawn["series.png"] = lambda path: draw_series(results, path, lang=language)
    return drawn


def _first(results: Results) -> str:
    """Return what flips, and where to read the rest."""
    from geo.export.findings import FILES
    from geo.study.phrases.findings import FLIPS

    language = results.settings.lang
    steady = [one for one in results.findings if one.subject == "sensitivity"]
    flips = [one for one in steady if one.verdict != "steady"]
    return FLIPS.say(language, number=len(flips), file=FILES[language])


def _for_machines(results: Results, summary: str, folder: Path) -> dict[str, Any]:
    change = results.focus_change()
    return {
        "made_up": results.made_up,
        "summary": summary,
        "folder": str(folder),
        "focus": results.focus,
        "change": None if change is None else _finite(change.to_dict()),
        "findings": [one.public() for one in results.findings],
        "not_done": dict(results.not_done),
        "records": {"physical": results.ledger.physical, **results.ledger.counts()},
        "account": results.tables["account"].to_dict("records"),
        "warnings": list(results.warnings),
        "manifest": results.manifest,
    }


def _finite(row: dict[str, Any]) -> dict[str, Any]:
    """Return a row fit for JSON: what is missing or infinite is null."""
    return {
        name: None if isinstance(value, float) and not math.isfinite(value) else value
        for name, value in row.items()
    }
