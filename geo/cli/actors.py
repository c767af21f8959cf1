"""``geo actors``."""

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

    from geo.cvegeo import Level
    from geo.study import Located

_PATH = click.Path(path_type=Path)


@click.command("actors")
@options.events
@outputs.output
@click.option(
    "--dyads", type=_PATH, metavar="PATH", callback=outputs.free_table,
    help="Write who fights whom to this file.",
)  # fmt: skip
@click.option(
    "--actors", "names", type=_PATH, metavar="PATH",
    help="Table of names that is applied before: name, alias, from, to, successor.",
)  # fmt: skip
@click.option(
    "--emerging", is_flag=True, help="Give instead which groups are new, have returned or grow."
)
@click.option("--focus", metavar="AREA", help="The area that the summary speaks of.")
@click.option(
    "--level",
    type=click.Choice(["state", "municipality"]),
    help="Kind of area [that of the focus, or state].",
)
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    dyads: Path | None,
    names: Path | None,
    emerging: bool,
    level: Level | None,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Say over how many armed groups the events of FILE are spread, by area and period.

    Concentration (HHI) and effective number of the identified groups, new and ended pairs of
    opponents, and the share of unidentified groups. Groups are told by their names; --actors puts
    several names together and says which group became which. --emerging flags groups that are new
    in an area, have returned or grow; one that only changed its name, by --actors, is not new.

    \b
        $ geo actors sample --focus Sinaloa --dyads dyads.csv -o groups.csv
        Made-up data. Sinaloa: in 2023 as concentrated as 6.9 groups of equal size (HHI 0.146,
        unbiased 0.140; n = 154 appearances of 7 groups), unidentified groups 17 % of all
        appearances (95 % interval 12-23, exact); in 2024 as concentrated as 7.7 groups ...
        $ geo actors sample --focus Sinaloa --emerging -o emerging.csv
        Made-up data. Sinaloa, 2024: new Cartel del Ejemplo Norte: Faccion Otra (105 events, ...
    """  # noqa: D301  click looks for the character itself
    from geo.sources.actor_names import read_actor_names
    from geo.steps.actors import find_dyads, measure_fragmentation
    from geo.steps.emerging_actors import find_emerging_actors
    from geo.study.labels import opening
    from geo.study.naming import with_names
    from geo.study.part import level_of, study_part
    from geo.study.pointing import place_of
    from geo.study.spoken import fragmentation_sentence, groups_sentence
    from geo.study.spoken_targeting import emerging_actors_sentence

    table = None if names is None else read_actor_names(names)

    def work(found: Located, days: dict[str, str]) -> tuple[pd.DataFrame, pd.DataFrame]:
        kind, period = level_of(found, level), found.settings.period
        measure = find_emerging_actors if emerging else measure_fragmentation
        groups = measure(found.located, level=kind, period=period, names=table, **days)
        pairs = find_dyads(found.located, level=kind, period=period, names=table, **days)
        return with_names(groups, kind), with_names(pairs, kind)

    with progress() as tell:
        found, (groups, pairs) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    if dyads is not None:
        give(pairs, found, dyads, raw=raw, overwrite=overwrite)
    give(groups, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    language = found.settings.lang
    start = opening(language, made_up=found.made_up)
    if emerging:
        place = place_of(found, language)
        say(f"{start}{emerging_actors_sentence(groups, found.focus, place, language=language)}")
        return
    if found.focus is not None:
        say(f"{start}{fragmentation_sentence(groups, found.focus, language=language)}")
    say(f"{start}{groups_sentence(groups, language=language)}")
