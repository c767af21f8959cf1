"""``geo trend``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.study import Located
    from geo.study.timing import Timing
    from geo.study.timing_others import MonthByMonth

_PATH = click.Path(path_type=Path)


@click.command("trend")
@options.events
@outputs.output
@click.option(
    "--season",
    "table",
    flag_value="season",
    help="Give months of the year that are higher than others, instead; needs 36 months.",
)
@click.option(
    "--event-study",
    "table",
    flag_value="event-study",
    help="Give each month against others and the last one before the event date, instead.",
)
@click.option("--focus", metavar="AREA", required=True, help="The state or municipality.")
@click.option("--event-date", metavar="DAY", help="A date known before; 'after' begins on it.")
@click.option(
    "--transition-from", metavar="DAY",
    help="Earlier date on which 'before' ends; what lies between is neither.",
)  # fmt: skip
@click.option(
    "--donor",
    "donors",
    multiple=True,
    metavar="AREA",
    help="Compare with it (--event-study); repeat [all others].",
)
@click.option(
    "--breaks", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write the breaks to this file.",
)  # fmt: skip
@click.option(
    "--trends", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write the trend of every area.",
)  # fmt: skip
@click.option(
    "--terms", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write before and after the event date.",
)  # fmt: skip
@click.option(
    "--tests",
    type=_PATH,
    metavar="PATH",
    callback=outputs.free_table,
    help="Write how strong the season of every area is, or the trend before the event date.",
)
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path | None,
    table: str | None,
    event_date: str | None,
    transition_from: str | None,
    donors: tuple[str, ...],
    breaks: Path | None,
    trends: Path | None,
    terms: Path | None,
    tests: Path | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Give the monthly series of an area, and say when its rate changed without being told.

    Breaks with a range of dates, a trend test, and the change at a date known before with its
    pre-trend. Only complete months are tested; --period counts by another. --season and
    --event-study give other tables, of months.

    \b
        $ geo trend sample --focus Sinaloa --event-date 2024-09-09 --transition-from 2024-07-25
        Made-up data. Sinaloa, 1,068 events in 36 complete periods, 2022-01 to 2024-12: 1 break
        found, beginning in 2024-09 (95 % range of the date 2024-09, 1,999 bootstrap draws, seed
        20240909): from 7.44 (623 events in 32 periods) to 42.17 per 100,000 person-years ...
        $ geo trend sample --focus Sinaloa --season
        Made-up data. Sinaloa, 1,068 events in 36 complete months, 2022-01 to 2024-12: no season
        that can be told from chance, growth or a single year (p = 0.437, ...
        $ geo trend sample --focus Sinaloa --event-study --event-date 2024-09-01
        Made-up data. Sinaloa against 31 areas (all others), each month against 2024-08 (18 events
        in the area, ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.labels import opening
    from geo.study.part import study_part
    from geo.study.timing import timing
    from geo.study.timing_others import around_date, seasons

    def work(found: Located, days: dict[str, str]) -> Timing | MonthByMonth:
        if table == "season":
            return seasons(found, days)
        if table == "event-study" and event_date is not None:
            return around_date(
                found,
                days,
                event_date=event_date,
                transition_from=transition_from,
                donors=donors,
            )
        return timing(found, days, event_date=event_date, transition_from=transition_from)

    _refuse(table, event_date, donors, breaks=breaks, trends=trends, terms=terms, tests=tests)
    asked = {"period": "month", **options.settings(given)}
    with progress() as tell:
        found, result = study_part(options.given_events(files), work, progress=tell, **asked)
    paths = {"breaks": breaks, "trends": trends, "terms": terms, "tests": tests}
    for name, path in paths.items():
        if path is not None:
            give(getattr(result, name), found, path, raw=raw, overwrite=overwrite)
    main = "series" if table is None else "table"
    give(getattr(result, main), found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    start = opening(found.settings.lang, made_up=found.made_up)
    for sentence in result.sentences:
        say(f"{start}{sentence}")


def _refuse(
    table: str | None, event_date: str | None, donors: tuple[str, ...], **paths: Path | None
) -> None:
    """Refuse what does not go with the table that is asked for."""
    for name, path in paths.items():
        if path is not None and (name == "tests") == (table is None):
            goes = "with" if name == "tests" else "without"
            raise click.UsageError(f"--{name} goes {goes} --season or --event-study")
    if paths["terms"] is not None and event_date is None:
        raise click.UsageError("--terms needs --event-date")
    if table == "event-study" and event_date is None:
        raise click.UsageError("--event-study needs --event-date")
    if table == "season" and event_date is not None:
        raise click.UsageError("--season is of all months; --event-date does not go with it")
    if donors and table != "event-study":
        raise click.UsageError("--donor goes with --event-study")
