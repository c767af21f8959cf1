"""``geo trend``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.study import Located
    from geo.study.timing import Timing

_PATH = click.Path(path_type=Path)


@click.command("trend")
@options.events
@options.output
@click.option("--focus", metavar="AREA", required=True, help="The state or municipality.")
@click.option("--event-date", metavar="DAY", help="A date known before; 'after' begins on it.")
@click.option(
    "--transition-from", metavar="DAY",
    help="Earlier date on which 'before' ends; what lies between is neither.",
)  # fmt: skip
@click.option("--breaks", type=_PATH, metavar="PATH", help="Write the breaks to this file.")
@click.option("--trends", type=_PATH, metavar="PATH", help="Write the trend of every area.")
@click.option("--terms", type=_PATH, metavar="PATH", help="Write before and after the event date.")
@options.counting
@options.reading
@options.choosing
@options.raw
@options.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    event_date: str | None,
    transition_from: str | None,
    breaks: Path | None,
    trends: Path | None,
    terms: Path | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Give the monthly series of an area, and say when its rate changed without being told.

    Breaks with a range of dates, a trend test, and the change at a date known before with its
    pre-trend. Only complete months are tested; --period counts by another.

    \b
        $ geo trend sample --focus Sinaloa --event-date 2024-09-09 --transition-from 2024-07-25
        Made-up data. Sinaloa, 1,068 events in 36 complete periods, 2022-01 to 2024-12: 1 break
        found, beginning in 2024-09 (95 % range of the date 2024-09, 1,999 bootstrap draws, seed
        20240909): from 7.44 (623 events in 32 periods) to 42.17 per 100,000 person-years ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.part import study_part
    from geo.study.timing import timing

    def work(found: Located, days: dict[str, str]) -> Timing:
        return timing(found, days, event_date=event_date, transition_from=transition_from)

    if terms is not None and event_date is None:
        raise click.UsageError("--terms needs --event-date")
    asked = {"period": "month", **options.settings(given)}
    with progress() as tell:
        found, result = study_part(options.given_events(files), work, progress=tell, **asked)
    for table, path in ((result.breaks, breaks), (result.trends, trends), (result.terms, terms)):
        if path is not None and table is not None:
            give(table, found, path, raw=raw, overwrite=overwrite)
    give(result.series, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings)
    for sentence in result.sentences:
        say(f"{'Made-up data. ' if found.made_up else ''}{sentence}")
