"""``geo change``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.giving import give
from geo.cli.numbers import NUMBER
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    import pandas as pd

    from geo.cvegeo import Level
    from geo.steps.window_months import Method
    from geo.study import Located

_SHOWN = 10
"""How many lines are said at most."""


@click.command("change")
@options.events
@outputs.output
@options.windows
@click.option("--claim", type=NUMBER, metavar="RATIO", help="Is this ratio inside the intervals?")
@click.option("--event-date", metavar="DAY", help="Also compare from this day on.")
@click.option(
    "--level",
    type=click.Choice(["state", "municipality"]),
    help="Kind of area [that of the focus, or state].",
)
@click.option("--category", metavar="SPLIT", help="Compare each of its values for itself.")
@click.option(
    "--method",
    type=click.Choice(["quasi-poisson", "negative-binomial", "newey-west"]),
    default="quasi-poisson",
    show_default=True,
    help="Another model's interval beside it; newey-west where months follow one another.",
)
@options.covering
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    claim: float | None,
    event_date: str | None,
    level: Level | None,
    category: str | None,
    method: Method,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say how many times as high rates are in one window as in another, with intervals.

    The first interval allows for violence that comes in waves (quasi-Poisson, from monthly counts;
    both windows need 12 months), the second holds for independent events; so do the two of the
    difference. Areas are ranked by the lower limit. The table has every area.

    \b
        $ geo change sample --base 2023 --comparison 2024 --focus Sinaloa --claim 2.5 \\
            --event-date 2024-09-09 -o change.csv
        Made-up data. Sinaloa: 240 events in 2023, 600 in 2024; 7.64 and 18.95 per 100,000
        person-years: 2.48 times (+148 %); 95 % interval 1.20-5.15 (quasi-Poisson, dispersion of
        monthly counts 21.2) and 2.13-2.89 (exact, for independent events); the claim of 2.5 times
        lies inside both ...
        Made-up data. Sinaloa: difference +11.32 per 100,000 person-years, 95 % interval ...
    """  # noqa: D301  click looks for the character itself
    from geo.study.changing import EXTRA_COLUMNS, change_of
    from geo.study.labels import opening
    from geo.study.part import level_of, study_part

    def work(found: Located, days: dict[str, str]) -> pd.DataFrame:
        return change_of(
            found,
            days,
            level=level_of(found, level),
            category=category,
            claim=claim,
            event_date=event_date,
            method=method,
        )

    with progress() as tell:
        found, change = study_part(
            options.given_events(files),
            work,
            progress=tell,
            keep=[category, *EXTRA_COLUMNS] if category else [],
            **options.settings(given),
        )
    give(change, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    start = opening(found.settings.lang, made_up=found.made_up)
    told = event_date or found.settings.event_date
    for sentence in _sentences(change, found, told, method):
        say(f"{start}{sentence}")


def _sentences(
    change: pd.DataFrame, found: Located, event_date: str | None, method: Method
) -> list[str]:
    """Return what is said: of the focus, or of the areas that rank first; then of all."""
    from geo.study.change_words import ratio_sentence
    from geo.study.labels import label
    from geo.study.model_words import model_sentence
    from geo.study.titles import area_name
    from geo.study.whole_words import all_areas_sentence, more_sentence

    windows, language = found.settings.windows, found.settings.lang
    if windows is None:  # change_of has refused it
        return []
    focused = found.focus is not None
    rows = change[change["cvegeo"] == found.focus] if focused else change[change["rank"] <= 3]
    order = ["comparison_events", "rank"] if focused else ["rank", "comparison_events"]
    rows = rows.sort_values(order, ascending=[not focused, focused])
    said = []
    for _, row in rows.head(_SHOWN).iterrows():
        name = area_name(row["cvegeo"])
        ranked = change["rank"].notna()
        if "category" in change.columns:
            name = f"{name}, {label(row['category'], language)}"
            ranked &= change["category"] == row["category"]
        said.append(
            ratio_sentence(
                row,
                name,
                base=windows[0].label,
                comparison=windows[1].label,
                event_date=event_date,
                ranked=int(ranked.sum()),
                language=language,
            )
        )
        if beside := model_sentence(row, method=method, language=language):
            said.append(f"{name}: {beside}")
    if len(rows) > _SHOWN:
        said.append(more_sentence(len(rows) - _SHOWN, language=language))
    return [*said, all_areas_sentence(change, found.settings.filters, language=language)]
