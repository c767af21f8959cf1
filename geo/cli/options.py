"""Arguments and options that several commands share."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from geo.cli.numbers import NUMBER

if TYPE_CHECKING:
    from geo.study.settings import Language, Study

F = TypeVar("F", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def _chain(function: F, *options: Callable[[F], F]) -> F:
    for option in reversed(options):
        function = option(function)
    return function


def events(function: F) -> F:
    """Add the argument of the commands: files of events, a TOML study, or ``sample``."""
    return click.argument("files", nargs=-1, required=True, is_eager=True, metavar="FILE...")(
        function
    )


def reading(function: F) -> F:
    """Add what a user may say about files that do not say it themselves."""
    return _chain(
        function,
        click.option("--source", help="Whose data a plain table holds."),
        click.option(
            "--column",
            "columns",
            multiple=True,
            metavar="NAME=COLUMN",
            help="The file's column for a name of the contract, as event_date=fecha.",
        ),
        click.option("--geo-precision", help="How well all places are known, as exact."),
        click.option("--time-precision", help="How well all dates are known, as day."),
        click.option(
            "--date-order", type=click.Choice(["dmy", "mdy"]), help="What 03/04/2024 means."
        ),
        click.option("--encoding", help="How the text is encoded, as utf-8."),
        click.option("--delimiter", help="What parts the fields of a line."),
        click.option("--sheet", help="The sheet of a workbook."),
        click.option("--accessed", metavar="DAY", help="Day on which the data were downloaded."),
    )


def choosing(function: F) -> F:
    """Add what may be left out, and how events get their areas."""
    return _chain(
        function,
        click.option("--since", metavar="DAY", help="First day that is kept."),
        click.option("--until", metavar="DAY", help="Last day that is kept."),
        click.option("--event-type", "event_types", multiple=True, help="Keep this type; repeat."),
        click.option(
            "--sub-event-type", "sub_event_types", multiple=True, help="Keep this one; repeat."
        ),
        click.option(
            "--disorder-type", "disorder_types", multiple=True, help="Keep this type; repeat."
        ),
        click.option("--actor", "actors", multiple=True, help="Keep events of this actor; repeat."),
        click.option("--civilian-targeting", is_flag=True, help="Keep only these events."),
        click.option("--fatal-only", is_flag=True, help="Keep only events with deaths."),
        click.option(
            "--tolerance-m",
            type=NUMBER,
            help="How far outside an area a point may lie, in meters [2000].",
        ),
        click.option(
            "--conflicts",
            type=click.Choice(["point", "admin1"]),
            help="Which state counts where point and source disagree [point].",
        ),
    )


def reaching(function: F) -> F:
    """Add which areas a study keeps to."""
    return click.option(
        "--within",
        multiple=True,
        metavar="AREA",
        help="Keep to this area, as where a file covers one state; repeat.",
    )(function)


def counting(function: F) -> F:
    """Add how events are counted, and over which people."""
    return _chain(
        function,
        click.option(
            "--period",
            type=click.Choice(["year", "quarter", "month", "week", "acled-week"]),
            help="Kind of period [year].",
        ),
        covering,
    )


def covering(function: F) -> F:
    """Add which days the source covers, and which people live there."""
    return _chain(
        function,
        click.option("--data-through", metavar="DAY", help="Last day that the source covers."),
        click.option("--population", type=_PATH, help="Table of cvegeo, year, population."),
        click.option(
            "--nearest-year", is_flag=True, help="Let years without population borrow one."
        ),
    )


def comparing(function: F) -> F:
    """Add what is compared, and what the summary speaks of."""
    return _chain(
        function,
        windows,
        click.option("--title", help="Title of the map."),
        click.option("--lang", type=click.Choice(["en", "es"]), help="Language of the map [en]."),
    )


def windows(function: F) -> F:
    """Add two windows of time, and the area that the sentence speaks of."""
    return _chain(
        function,
        click.option("--base", metavar="WINDOW", help="As 2023 or 2023-09-09/2023-12-31."),
        click.option("--comparison", metavar="WINDOW", help="As 2024 or 2024-09-09/2024-12-31."),
        click.option("--focus", metavar="AREA", help="The area that the summary speaks of."),
    )


def layering(function: F) -> F:
    """Add what a map shows beside its measures."""
    return _chain(
        function,
        click.option(
            "--layers",
            callback=_layers,
            metavar="LIST",
            help="What else is made for the map: emerging, scan, density; commas between.",
        ),
        click.option(
            "--points",
            type=click.Choice(["none", "coarse", "exact"]),
            help="How the map shows events as points; see the terms of the source [none].",
        ),
    )


def paging(function: F) -> F:
    """Add how a page is written."""
    return _chain(
        function,
        click.option(
            "--detail",
            type=click.Choice(["low", "standard", "high"]),
            help="How closely the borders of a page are drawn [standard].",
        ),
        click.option(
            "--plain", is_flag=True, help="Data of a page as readable text, for mail gateways."
        ),
        click.option("--zip", is_flag=True, help="Also write the page as an archive beside it."),
        click.option(
            "--tiles",
            metavar="TEMPLATE",
            callback=_checked_tiles,
            help="Background of a page, fetched by who opens it: https://HOST/{z}/{x}/{y}.png.",
        ),
        click.option("--tiles-credit", metavar="TEXT", help="Whom to credit for the background."),
    )


def _checked_tiles(ctx: click.Context, _param: click.Parameter, given: str | None) -> str | None:
    """Refuse before any work what is no address of a background."""
    if given is not None and not ctx.resilient_parsing:
        from geo.render.tiles import Tiles

        Tiles(given, "-")
    return given


def page_options(study: Study) -> dict[str, Any]:
    """Return how a study wants its page, as :meth:`geo.EventMap.html` takes it.

    Raises
    ------
    SettingsError
        Its background cannot be used.
    """
    from geo.render.tiles import Tiles

    tiles = None if study.tiles is None else Tiles(study.tiles, study.tiles_credit or "")
    return {"detail": study.detail, "plain": study.plain, "tiles": tiles}


def _layers(
    _ctx: click.Context, _param: click.Parameter, given: str | None
) -> tuple[str, ...] | None:
    """Return the words of a list; which there are, the settings know."""
    if given is None:
        return None
    return tuple(word.strip() for word in given.split(",") if word.strip())


def asking(function: F) -> F:
    """Add what is asked of a change: when something began, and whether a stated ratio holds."""
    return _chain(
        function,
        click.option("--event-date", metavar="DAY", help="Day in the comparison; told apart."),
        click.option(
            "--transition-from",
            metavar="DAY",
            help="Earlier day on which 'before' ends; what lies between is neither.",
        ),
        click.option("--claim", type=NUMBER, metavar="RATIO", help="A stated ratio, as 2.5."),
        click.option(
            "--actors",
            "actor_names",
            type=_PATH,
            help="Table of names: name, alias, from, to, successor.",
        ),
    )


def streaming(function: F) -> F:
    """Add where the work is done, and what is kept of it."""
    return _chain(
        function,
        click.option(
            "--engine",
            type=click.Choice(["here", "dask"]),
            default="here",
            show_default=True,
            help="dask spreads Parquet over processes or machines.",
        ),
        click.option(
            "--scheduler", metavar="ADDRESS", help="Dask scheduler, as tcp://10.0.0.1:8786."
        ),
        keeping,
    )


def keeping(function: F) -> F:
    """Add a folder for what came of each part of a large input."""
    return _chain(
        function,
        click.option("--work", type=_PATH, help="Folder in which finished parts are kept."),
        click.option("--resume", is_flag=True, help="Use what is kept there already."),
    )


lang = click.option(
    "--lang", type=click.Choice(["en", "es"]), help="Language of what is said [en]."
)
level = click.option(
    "--level",
    type=click.Choice(["state", "municipality"]),
    default="municipality",
    show_default=True,
)
as_json = click.option("--json", "as_json", is_flag=True, help="Say the result as JSON on stdout.")


def words_of(*known: str) -> Callable[[click.Context, click.Parameter, str], tuple[str, ...]]:
    """Read an option that lists words with commas between; each must be known."""

    def read(ctx: click.Context, param: click.Parameter, given: str) -> tuple[str, ...]:  # noqa: ARG001
        words = dict.fromkeys(word.strip().lower() for word in given.split(",") if word.strip())
        for word in words:
            if word not in known:
                raise click.BadParameter(f"{word!r} is none of {', '.join(known)}")
        if given and not words:
            raise click.BadParameter(f"give some of {', '.join(known)}, with commas between")
        return tuple(words)

    return read


def listed(words: Sequence[str], language: Language = "en") -> str:
    """Return words as a sentence lists them.

    Examples
    --------
    >>> listed(["csv"]), listed(["csv", "xlsx", "parquet"])
    ('csv', 'csv, xlsx and parquet')
    >>> listed(["csv", "xlsx"], "es")
    'csv y xlsx'
    """
    last = {"en": " and ", "es": " y "}[language]
    return last.join(part for part in (", ".join(words[:-1]), words[-1]) if part)


_FILTERS = (
    "since",
    "until",
    "event_types",
    "sub_event_types",
    "disorder_types",
    "actors",
    "civilian_targeting",
    "fatal_only",
)


def settings(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the options of a command as settings of a study; those not given are left out.

    Examples
    --------
    >>> settings({"base": "2023", "since": None, "event_types": ("Battles",), "columns": ()})
    {'base': '2023', 'filters': {'event_types': ['Battles']}}
    """
    said = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in given.items()
        if value is not None and value != () and value is not False
    }
    filters = {name: said.pop(name) for name in _FILTERS if name in said}
    if "columns" in said:
        said["columns"] = dict(_pair(text) for text in said["columns"])
    return {**said, "filters": filters} if filters else said


def _pair(text: str) -> tuple[str, str]:
    name, sign, column = text.partition("=")
    if not sign or not name or not column:
        raise click.BadParameter(
            f"{text!r} is not NAME=COLUMN, as event_date=fecha", param_hint="--column"
        )
    return name.strip(), column


def given_events(files: tuple[str, ...]) -> str | list[str]:
    """Return what the argument names: one TOML study or sample, or a list of files."""
    return files[0] if len(files) == 1 else list(files)


_COLUMNS = re.compile(r"columns=\{([^{}]*)\}")
_PAIR = re.compile(r'"([^"]*)": "([^"]*)"')
_KEYWORD = re.compile(
    r"\b(sheet|encoding|delimiter|date_order|geo_precision|time_precision|accessed|nearest_year)="
    r"(?:True\b|([\"'])(\w[\w-]*)\2)?"
)


def _word(text: str) -> str:
    """Return a word of a command line, quoted where it must be.

    In double quotes, since cmd.exe passes single ones on as part of the word; what a POSIX shell
    reads in double quotes stands in single ones.

    Examples
    --------
    >>> print(_word("a=fecha"), _word("a=día y hora"), _word("a=$"))
    a=fecha "a=día y hora" 'a=$'
    """
    if re.fullmatch(r"[\w.=-]+", text):
        return text
    return f"'{text}'" if re.search(r"[$`\\!]", text) else f'"{text}"'


def as_options(message: str) -> str:
    """Return a message of the library with its keywords as options of the command line.

    Examples
    --------
    >>> as_options('say which are which: columns={"event_date": "Fecha", "latitude": "..."}')
    'say which are which: --column event_date=Fecha --column latitude=...'
    >>> as_options('columns={"event_date": "Fecha del evento"}')
    '--column "event_date=Fecha del evento"'
    >>> as_options('day first (date_order="dmy"), or allow it (nearest_year=True). Pass sheet=.')
    'day first (--date-order dmy), or allow it (--nearest-year). Pass --sheet.'
    >>> as_options("leave these events out with filter_events(until=...)")
    'leave these events out with --until'
    """

    def columns(found: re.Match[str]) -> str:
        pairs = _PAIR.findall(found[1])
        return " ".join(f"--column {_word(f'{name}={column}')}" for name, column in pairs) or (
            "--column"
        )

    def keyword(found: re.Match[str]) -> str:
        option = f"--{found[1].replace('_', '-')}"
        return f"{option} {found[3]}" if found[3] else option

    message = message.replace("filter_events(until=...)", "--until")
    return _KEYWORD.sub(keyword, _COLUMNS.sub(columns, message))
