"""``geo query``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from geo.cli import options, outputs
from geo.cli.numbers import NUMBER
from geo.cli.progress import progress
from geo.cli.say import give_json, say, warn

if TYPE_CHECKING:
    import pandas as pd

    from geo.steps.query import Query
    from geo.study import Located
    from geo.study.settings import Language

_KEEP = ("notes", "tags")
_FILES = (".gpkg", ".shp", ".geojson", ".json")


@click.command("query")
@options.events
@outputs.output_of_points
@click.option("--within", multiple=True, metavar="AREA", help="In this area; repeat for any of.")
@click.option("--near", metavar="PLACE", help="Near a border, coast, area or file; with --km.")
@click.option("--along", metavar="LINE", help="Along a border, coast or file; with --km.")
@click.option("--km", metavar="NUMBER", help="How near, as 50 or '30 mi'.")
@click.option("--around", metavar="AREA", help="In this area and those around it; see --order.")
@click.option("--order", type=int, help="How many borders away [1].")
@click.option("--touching", metavar="AREA", help="In areas that touch this one.")
@click.option("--municipal", is_flag=True, help="Also measure points that stand for an area.")
@click.option("--since", metavar="DAY", help="From this day on.")
@click.option("--before", metavar="DAY", help="Before this day.")
@click.option("--in", "period", metavar="PERIOD", help="As 2024, 2024-Q1, 2024-03.")
@click.option("--type", "types", multiple=True, help="Of this type or sub-type; repeat.")
@click.option("--disorder", multiple=True, help="Of this disorder type; repeat.")
@click.option("--actor", "actors", multiple=True, help="With this party; repeat for any of.")
@click.option("--actor-part", "parts", multiple=True, help="With a party whose name holds this.")
@click.option("--versus", metavar="ACTOR", help="And this one as the other party.")
@click.option("--class", "kinds", multiple=True, help="With a party of this class: civilians.")
@click.option("--precise-to", metavar="WORD", help="Place known so well: exact, municipality.")
@click.option("--dated-to", metavar="WORD", help="Date known so well: day, week, month.")
@click.option("--deaths", type=NUMBER, metavar="NUMBER", help="With at least so many deaths.")
@click.option("--targeting-civilians", "targeting", is_flag=True, help="That targeted civilians.")
@click.option("--tag", "tags", multiple=True, help="With this tag; repeat for any of.")
@click.option("--mentioning", metavar="TEXT", help="Whose notes hold this.")
@click.option("--nearest", type=int, metavar="K", help="Only the K nearest; with --to.")
@click.option("--to", metavar="PLACE", help="What --nearest and --distance are measured to.")
@click.option("--distance", is_flag=True, help="Add the distance as a column; with --to.")
@click.option("--busy", type=int, metavar="N", help="In municipalities with N such events or more.")
@click.option("--count", "counts", multiple=True, metavar="BY", help="Count by this; repeat.")
@click.option("--rate", is_flag=True, help="Give rates by area over the days asked for.")
@click.option("--series", metavar="KIND", help="Count by period: month, week, year.")
@click.option("--bands", metavar="KM,KM", help="Events and people by distance; with --to.")
@click.option("--sql", "statement", metavar="SELECT", help="Ask the events found in SQL.")
@options.reading
@options.lang
@options.as_json
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    as_json: bool,
    raw: bool,
    overwrite: bool,
    **given: Any,  # noqa: ANN401
) -> None:
    """Ask the events of FILE by place, distance, time, type, party, or in SQL.

    Without more, gives the events found; their rows are the source's, which may forbid passing them
    on. Distances are geodesic, and only events with a place of their own are measured: how many
    are left out is said. What was asked is said in words.

    \b
        $ geo query sample --near "US border" --km 50 --in 2024 --count event_type -o strip.csv
        Made-up data. 302 events within 50 km of the US border, in 2024. 9 events whose place is
        not known well enough to measure from may belong and are left out
        $ geo query sample --sql "select count(*) as n from events where fatalities > 2"
    """  # noqa: D301  click looks for the character itself
    from geo.study import locate_events
    from geo.study.telling import collected, told

    _check(given)
    asked = {name: given[name] for name in _READING if name in given}
    lang: Language = given["lang"] or "en"
    with progress() as tell:
        found = locate_events(
            options.given_events(files), progress=tell, keep=_KEEP, **options.settings(asked)
        )
    with collected() as caught:
        query = _query(found, given)
        table = _table(query, given)
        number = len(query)
    if as_json:
        give_json(
            {
                "made_up": found.made_up,
                "query": {"en": query.words("en"), "es": query.words("es")},
                "events": number,
                "left_out": query.left_out,
                "rows": _rows(table),
            }
        )
    if output is not None or not as_json:
        _give(table, found, given, output, raw=raw, overwrite=overwrite)
    # What is left out, and that nothing is found, stands in the summary.
    warn(
        (
            one
            for one in told(found.warnings, caught)
            if " may belong and " not in one and not one.startswith("no event is found")
        ),
        lang,
    )
    say(_said(query, lang, made_up=found.made_up))


def _give(
    table: pd.DataFrame,
    found: Located,
    given: dict[str, Any],
    output: Path | None,
    *,
    raw: bool,
    overwrite: bool,
) -> None:
    """Hand out the table; rows of events say whose they are already."""
    from geo.cli.giving import give
    from geo.export.table import csv_text, write_table

    inputs = [Path(given[name]) for name in ("near", "along", "to") if _is_file(given[name])]
    if "event_id" not in table:
        give(table, found, output, inputs=inputs, raw=raw, overwrite=overwrite)
    elif output is None:
        click.echo(csv_text(table, raw=raw), nl=False)
    else:
        inputs += [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
        write_table(table, output, inputs=inputs, overwrite=overwrite, raw=raw)


_READING = (
    "source",
    "columns",
    "geo_precision",
    "time_precision",
    "date_order",
    "encoding",
    "delimiter",
    "sheet",
    "accessed",
)


def _check(given: dict[str, Any]) -> None:
    """Refuse options that mean nothing without another."""
    for name, needed in (
        ("near", "km"), ("along", "km"), ("nearest", "to"), ("distance", "to"), ("bands", "to"),
        ("versus", "actors"), ("order", "around"),
    ):  # fmt: skip
        if given[name] and not given[needed]:
            option = {"actors": "actor"}.get(needed, needed)
            raise click.UsageError(f"--{name} needs --{option}")
    ways = [name for name in ("counts", "rate", "series", "bands", "statement") if given[name]]
    if len(ways) > 1:
        names = ("--count", "--rate", "--series", "--bands", "--sql")
        raise click.UsageError(f"choose one of {', '.join(names)}")


def _query(found: Located, given: dict[str, Any]) -> Query:
    from geo.steps.query import query

    asked = query(
        found.located.drop(columns="record"), data_through=found.facts.data_through or None
    )
    if given["within"]:
        asked = asked.within(*given["within"])
    municipal = given["municipal"]
    for name in ("near", "along"):
        if given[name]:
            method = getattr(asked, name)
            target, called = _target(given[name])
            asked = method(target, given["km"], name=called, include_municipal=municipal)
    if given["around"]:
        asked = asked.around(given["around"], given["order"] or 1)
    if given["touching"]:
        asked = asked.touching(given["touching"])
    asked = _what(_when(asked, given), given)
    if given["nearest"] is not None:
        target, called = _target(given["to"])
        asked = asked.nearest(given["nearest"], target, name=called, include_municipal=municipal)
    if given["busy"] is not None:
        asked = asked.in_busy_areas(given["busy"])
    if given["distance"]:
        asked = asked.with_distance(
            _target(given["to"])[0], "distance_to_m", include_municipal=municipal
        )
    return asked


def _when(asked: Query, given: dict[str, Any]) -> Query:
    if given["since"]:
        asked = asked.since(given["since"])
    if given["before"]:
        asked = asked.before(given["before"])
    if given["period"]:
        asked = asked.in_period(given["period"])
    return asked


def _what(asked: Query, given: dict[str, Any]) -> Query:
    several: tuple[tuple[str, str, dict[str, bool]], ...] = (
        ("types", "of_type", {}),
        ("disorder", "of_disorder", {}),
        ("parts", "involving", {"part": True}),
        ("kinds", "of_actor_class", {}),
        ("tags", "tagged", {}),
    )
    for name, method, more in several:
        if given[name]:
            asked = getattr(asked, method)(*given[name], **more)
    single = (
        ("precise_to", "precise_to"),
        ("dated_to", "dated_to"),
        ("deaths", "with_fatalities"),
        ("mentioning", "mentioning"),
    )
    for name, method in single:
        if given[name] is not None:
            asked = getattr(asked, method)(given[name])
    if given["versus"]:
        asked = asked.between_actors(given["actors"][0], given["versus"])
    elif given["actors"]:
        asked = asked.involving(*given["actors"])
    return asked.targeting_civilians() if given["targeting"] else asked


def _table(asked: Query, given: dict[str, Any]) -> pd.DataFrame:
    if given["statement"] is not None:
        from geo.steps.query_sql import sql

        return sql(given["statement"], asked)
    if given["counts"]:
        counted: pd.DataFrame = asked.count(list(given["counts"]))
        return counted
    if given["rate"]:
        return asked.rate()
    if given["series"]:
        return asked.series(given["series"])
    if given["bands"]:
        edges = [part.strip() for part in given["bands"].split(",")]
        return asked.bands(_target(given["to"])[0], edges, include_municipal=given["municipal"])
    return asked.to_frame()


def _is_file(text: str | None) -> bool:
    return text is not None and Path(text).suffix.lower() in _FILES


def _target(text: str) -> tuple[Any, str | None]:
    """Return what a distance is measured to, and what it is called: a name, or a file."""
    if not _is_file(text):
        return text, None
    from geo.sources.shape_file import read_shapes

    return read_shapes(text), Path(text).stem


def _rows(table: pd.DataFrame) -> list[dict[str, Any]]:
    """Return rows fit for JSON: what is missing is null, days are text."""
    import json

    from geo.export.table import with_coordinates

    text = with_coordinates(table).to_json(orient="records", date_format="iso", force_ascii=False)
    rows: list[dict[str, Any]] = json.loads(text or "[]")
    return rows


def _said(asked: Query, lang: str, *, made_up: bool) -> str:
    from geo.study.labels import opening

    number, left = asked.count(), asked.left_out
    words = asked.words(lang)  # type: ignore[arg-type]
    noun = _NOUNS[lang]
    if words.startswith(f"{noun[1]} "):
        words = f"{noun[number != 1]} {words.removeprefix(f'{noun[1]} ')}"
    else:  # all of them
        words = noun[number != 1]
    more = ""
    if left:
        doubt = asked.doubt_words(lang)  # type: ignore[arg-type]
        form = _LEFT_OUT[lang][left != 1]
        more = form.format(number=left, events=noun[left != 1], doubt=doubt)
    return f"{opening(lang, made_up=made_up)}{number:,} {words}{more}"  # type: ignore[arg-type]


_NOUNS = {"en": ("event", "events"), "es": ("evento", "eventos")}
_LEFT_OUT = {
    "en": (
        ". {number:,} {events} {doubt} may belong and is left out",
        ". {number:,} {events} {doubt} may belong and are left out",
    ),
    "es": (
        ". {number:,} {events} {doubt} podría pertenecer y queda fuera",
        ". {number:,} {events} {doubt} podrían pertenecer y quedan fuera",
    ),
}
