"""``geo clusters``."""

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

    from geo.study import Located

_KM = 1000


@click.command("clusters")
@options.events
@outputs.output
@click.option(
    "--repeats", is_flag=True, help="Test instead whether near events are near in time, too."
)
@click.option("--focus", metavar="AREA", help="Look only at the events of this area.")
@click.option(
    "--reach-km", type=NUMBER, default=10.0, show_default=True, help="How far is near, in km."
)
@click.option(
    "--reach-days", type=NUMBER, default=7.0, show_default=True, help="How many days apart is near."
)
@click.option(
    "--min-events", type=int, default=5, show_default=True, help="Events that make a cluster."
)
@click.option(
    "--labels", type=click.Path(path_type=Path), metavar="PATH", callback=outputs.free_points,
    help="Write the cluster of every event to this file.",
)  # fmt: skip
@click.option(
    "--shuffles", type=click.IntRange(99, 99_999), default=999, show_default=True,
    help="Shuffles of the days behind each p of --repeats.",
)  # fmt: skip
@click.option("--seed", type=int, help="Seed of the shuffles [20240909].")
@options.covering
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path | None,
    repeats: bool,
    reach_km: float,
    reach_days: float,
    min_events: int,
    labels: Path | None,
    shuffles: int,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Group the events of FILE that lie densely in space and in time, or test if they do.

    Clusters (ST-DBSCAN) are a description. --repeats is the test (Knox, near repeat): pairs of
    events by distance and time against shuffled days. Only events with an exact place and day
    are looked at. A distance of 0 means the same town.

    \b
        $ geo clusters sample --focus Sinaloa -o clusters.csv
        Made-up data. Sinaloa: 6 clusters hold 47 of 758 events with an exact place and day
        (ST-DBSCAN: at least 5 within 10 km and 7 days); largest: 13 events in 32 days around ...
        $ geo clusters sample --focus Sinaloa --repeats -o repeats.csv
        Made-up data. Sinaloa: 758 events with an exact place and day, pairs in 12 bands of
        distance and time against 999 shuffles of the days (Knox, one-sided, seed 20240909): 7 ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.clusters import cluster_points
    from geo.steps.repeats import find_near_repeats
    from geo.study.labels import opening
    from geo.study.part import study_part
    from geo.study.pointing import events_in_focus, place_of
    from geo.study.spoken_points import clusters_sentence, repeats_sentence

    if repeats and labels is not None:
        raise click.BadParameter("--repeats makes no clusters", param_hint="--labels")
    near = {"reach_m": _KM * reach_km, "reach_days": reach_days}

    def work(
        found: Located,
        days: dict[str, str],  # noqa: ARG001
    ) -> tuple[pd.DataFrame, pd.DataFrame | None, str]:
        events, language = events_in_focus(found), found.settings.lang
        place = place_of(found, language)
        if repeats:
            seed = found.settings.seed
            table = find_near_repeats(events, permutations=shuffles, seed=seed, progress=tell)
            return table, None, repeats_sentence(table, place, seed=seed, language=language)
        made = cluster_points(events, min_events=min_events, **near)
        said = clusters_sentence(made, place, min_events=min_events, language=language, **near)
        return made.clusters, made.events, said

    with progress() as tell:
        found, (table, events, sentence) = study_part(
            options.given_events(files), work, progress=tell, **options.settings(given)
        )
    if labels is not None and events is not None:
        give(events, found, labels, raw=raw, overwrite=overwrite)
    give(table, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{sentence}")
