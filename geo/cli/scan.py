"""``geo scan``."""

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
    from geo.cvegeo import Level
    from geo.steps.scan import Over, ScanResults
    from geo.steps.scan_cube import Model
    from geo.study import Located


@click.command("scan")
@options.events
@outputs.output
@click.option("--members", is_flag=True, help="Give the areas of the clusters instead.")
@click.option(
    "--over",
    type=click.Choice(["space", "space-time", "prospective"]),
    default="prospective",
    show_default=True,
    help="All periods as one, any run of periods, or runs that last until the end.",
)
@click.option(
    "--model",
    type=click.Choice(["poisson", "permutation"]),
    default="poisson",
    show_default=True,
    help="Expect events by people, or by area and period alone.",
)
@click.option(
    "--share",
    "shares",
    type=NUMBER,
    multiple=True,
    metavar="SHARE",
    help="Largest share of the population in a cluster; repeat [0.5 and 0.1].",
)
@click.option("--max-areas", type=int, help="Most areas in a cluster.")
@click.option("--max-periods", type=int, help="Longest cluster [half of the periods].")
@click.option(
    "--replicates", type=int, default=999, show_default=True, help="Simulated data sets; 0: no p."
)
@click.option("--stop-after", type=int, help="Stop when so many replicates reach the cluster.")
@click.option(
    "--most-minutes",
    type=NUMBER,
    default=60.0,
    show_default=True,
    help="Refuse what would take longer.",
)
@click.option(
    "--workers", type=int, default=2, show_default=True, help="Threads; the result is the same."
)
@click.option("--seed", type=int, help="Seed of the replicates [20240909].")
@options.level
@options.counting
@options.reading
@options.choosing
@options.lang
@outputs.raw
@outputs.overwrite
def command(  # noqa: PLR0913
    files: tuple[str, ...],
    output: Path | None,
    members: bool,
    over: Over,
    model: Model,
    shares: tuple[float, ...],
    max_areas: int | None,
    max_periods: int | None,
    replicates: int,
    stop_after: int | None,
    most_minutes: float,
    workers: int,
    level: Level,
    raw: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Find clusters of areas and periods of FILE with more events than expected.

    Kulldorff's scan, by month unless --period says otherwise. p is how often chance brings forth
    a cluster as likely, over all circles and periods at once; "as dispersed" allows for events
    that come in series. The Poisson model also finds what is always high.

    \b
        $ geo scan sample --share 0.1 --replicates 19 -o clusters.csv
        Made-up data. 2022-01 to 2024-12 (36 periods), 2,465 areas, 11,825 events: with up to
        10 % of the population in a cluster, 10 with a p up to 0.05 of 10 reported: 32 areas
        around Culiacán, Sinaloa, 2024-09 to 2024-12 (425 events for 33.8 expected; ...
    """  # noqa: D301  click looks for the character itself
    from geo.steps.scan import MAX_SHARES, find_clusters
    from geo.study.labels import opening
    from geo.study.naming import with_names
    from geo.study.part import measured, study_part
    from geo.study.spoken_surface import scan_sentence

    def work(found: Located, days: dict[str, str]) -> ScanResults:
        return find_clusters(
            measured(found, days, level),
            over=over,
            model=model,
            max_shares=shares or MAX_SHARES,
            max_areas=max_areas,
            max_periods=max_periods,
            replicates=replicates,
            stop_after=stop_after,
            seed=found.settings.seed,
            workers=workers,
            most_minutes=most_minutes,
            progress=tell,
        )

    asked = {"period": "month", **options.settings(given)}
    with progress() as tell:
        found, scanned = study_part(options.given_events(files), work, progress=tell, **asked)
    column, table = ("cvegeo", scanned.areas) if members else ("center", scanned.clusters)
    named = with_names(table.rename(columns={column: "cvegeo"}), level)
    # The names stand beside their code.
    order = list(table.columns)
    at = order.index(column) + 1
    order[at:at] = ["name", "state_name"]
    shown = named.rename(columns={"cvegeo": column})[order]
    give(shown, found, output, raw=raw, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    said = scan_sentence(scanned, language=found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{said}")
