"""``geo explain``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    import pandas as pd

    from geo.steps.categories import By
    from geo.study import Located


@click.command("explain")
@options.events
@outputs.output
@options.windows
@click.option(
    "--composition",
    is_flag=True,
    help="Split the change into what rates did and where people live, instead: the country by "
    "state, or a state by municipality.",
)
@click.option(
    "--by", "asked", multiple=True, metavar="SPLIT",
    help="event_type, sub_event_type, civilian_targeting, actor_class, dyad, municipality, another "
    "column, or two with a comma between to cross them; repeat [five of them].",
)  # fmt: skip
@click.option("--top", type=click.IntRange(1), help="Join all but so many of the largest.")
@click.option(
    "--draws", type=click.IntRange(99, 99_999), default=1999, show_default=True,
    help="Draws that the intervals of the parts rest on.",
)  # fmt: skip
@options.covering
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    composition: bool,
    asked: tuple[str, ...],
    top: int | None,
    draws: int,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say which events a change is made of, in parts that do not overlap and add up to it.

    Points are percent of the base rate of all. What grew more than the rest is a test of its own:
    the ratio of its growth and that of the rest. This is arithmetic, not what caused the change.

    \b
        $ geo explain sample --base 2023 --comparison 2024 --focus Sinaloa -o explained.csv
        Made-up data. Sinaloa, 2024 against 2023: 240 and 600 events; counted: all events
        By event type, of +148 % in all: Violence against civilians +78 points (95 % interval +20
        to +141), 77 to 265 events, Battles +64 points ...
        $ geo explain sample --base 2023 --comparison 2024 --composition -o parts.csv
        Made-up data. Mexico, 32 states, 2024 against 2023: ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.categories import SPLITS
    from geo.study.changing import EXTRA_COLUMNS, explanation_of
    from geo.study.part import study_part

    if composition:
        if asked or top is not None:
            raise click.UsageError("--by and --top do not go with --composition")
        _compose(files, output, draws, given, raw=raw, overwrite=overwrite)
        return
    splits: list[By] = [_split(text) for text in asked] or list(SPLITS)
    if not asked and given.get("focus") is None:
        splits.remove("municipality")

    def work(found: Located, days: dict[str, str]) -> dict[By, pd.DataFrame]:
        return explanation_of(found, days, splits=splits, top=top, draws=draws)

    names = [name for text in asked for name in text.split(",")]
    with progress() as tell:
        found, tables = study_part(
            options.given_events(files),
            work,
            progress=tell,
            keep=[*EXTRA_COLUMNS, *names],
            **options.settings(given),
        )
    give(_together(tables), found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    _say(tables, found, draws)


def _compose(
    files: tuple[str, ...],
    output: Path | None,
    draws: int,
    given: dict[str, object],
    *,
    raw: bool,
    overwrite: bool,
) -> None:
    """Give what rates and what shares of the people add, and say it."""
    from geo.study.composing import composing
    from geo.study.labels import opening
    from geo.study.part import study_part

    with progress() as tell:
        found, result = study_part(
            options.given_events(files),
            lambda found, days: composing(found, days, draws=draws),
            progress=tell,
            **options.settings(given),
        )
    give(result.table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{result.sentence}")


def _split(text: str) -> By:
    names = [name.strip() for name in text.split(",")]
    if len(names) == 1:
        return names[0]
    if len(names) != 2:
        raise click.BadParameter(f"{text!r}: two columns can be crossed", param_hint="--by")
    return names[0], names[1]


def _name(by: By) -> str:
    return by if isinstance(by, str) else ",".join(by)


def _together(tables: dict[By, pd.DataFrame]) -> pd.DataFrame:
    import pandas as pd

    parts = []
    for by, table in tables.items():
        named = table.copy()
        named.insert(0, "split", pd.Series(_name(by), index=table.index, dtype="str"))
        parts.append(named)
    return pd.concat(parts, ignore_index=True)


def _say(tables: dict[By, pd.DataFrame], found: Located, draws: int) -> None:
    from geo.study.change_words import split_sentence, targeting_sentence
    from geo.study.labels import opening
    from geo.study.whole_words import arithmetic_sentence, explained_sentence

    study = found.settings
    if study.windows is None:  # explanation_of has refused it
        return
    base, comparison = study.windows
    head = explained_sentence(
        next(iter(tables.values())),
        found.focus,
        base=base.label,
        comparison=comparison.label,
        filters=study.filters,
        language=study.lang,
    )
    say(f"{opening(study.lang, made_up=found.made_up)}{head}")
    for by, table in tables.items():
        say(
            targeting_sentence(table, language=study.lang)
            if by == "civilian_targeting"
            else split_sentence(table, _name(by), language=study.lang)
        )
    say(arithmetic_sentence(draws, study.seed, language=study.lang))
