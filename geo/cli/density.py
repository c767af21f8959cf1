"""``geo density``."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from geo.cli import options, outputs
from geo.cli.numbers import NUMBER
from geo.cli.progress import progress
from geo.cli.say import say, warn

if TYPE_CHECKING:
    from geo.stats.density import Kernel
    from geo.steps.surface import Kind, Surface
    from geo.study import Located

_KM = 1000


@click.command("density")
@options.events
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="density.tif", show_default=True,
    metavar="PATH", help="The GeoTIFF.", callback=outputs.free_raster,
)  # fmt: skip
@click.option(
    "--kind",
    type=click.Choice(["density", "relative-risk", "change"]),
    default="density",
    show_default=True,
    help="Events per km² and year, events for people, or one window against another.",
)
@click.option("--window", metavar="WINDOW", help="As 2024 or 2024-09-09/2024-12-31 [all days].")
@click.option("--base", metavar="WINDOW", help="Of --kind change: the window before.")
@click.option("--comparison", metavar="WINDOW", help="Of --kind change: the window after.")
@click.option(
    "--cell-km", type=NUMBER, default=2.0, show_default=True, help="Length of a cell, in km."
)
@click.option(
    "--bandwidth-km",
    type=NUMBER,
    help="How far events are spread, in km [by Cronie and van Lieshout, 10 at least].",
)
@click.option(
    "--kernel",
    type=click.Choice(["gaussian", "quartic"]),
    default="gaussian",
    show_default=True,
    help="The bandwidth of a quartic one is its radius.",
)
@click.option("--adaptive", is_flag=True, help="Spread events farther where they are few.")
@options.covering
@options.reading
@options.choosing
@options.lang
@outputs.overwrite
def command(
    files: tuple[str, ...],
    output: Path,
    kind: Kind,
    window: str | None,
    cell_km: float,
    bandwidth_km: float | None,
    kernel: Kernel,
    adaptive: bool,
    overwrite: bool,
    **given: object,
) -> None:
    """Smooth the events of FILE into a surface, written as a GeoTIFF with unit and source.

    In EPSG:6372, corrected at coasts and borders, empty (not 0) outside the country. Only events
    whose place is known exactly are in it, from a bandwidth of 25 km on those near it too. A
    relative risk and a change are natural logarithms: 0.69 is twice as many. They are no test.

    \b
        $ geo density sample --window 2024 --cell-km 10 --bandwidth-km 30 -o density.tif
        Made-up data. 2024: 4,231 events, up to 0.0787 per km² and year near Tijuana, Baja
        California (Gaussian kernel, bandwidth 30.0 km as given, edge-corrected on land ...
        $ geo density sample --kind change --base 2023 --comparison 2024 --cell-km 10 -o change.tif
        Made-up data. 2023 to 2024: 3,887 events and 4,231; from 0.4 times as many per year near
        Juárez, Chihuahua to 3.5 times near Elota, Sinaloa ...
    """  # noqa: D301  click looks for the character itself
    from geo.export.raster import source_tags, write_surface
    from geo.study.labels import opening
    from geo.study.part import study_part
    from geo.study.spoken_surface import surface_sentence
    from geo.study.surfacing import surfacing

    def work(found: Located, days: dict[str, str]) -> Surface:
        tell("surface", 0, 1)
        return surfacing(
            found,
            days,
            kind=kind,
            window=window,
            cell_m=_KM * cell_km,
            bandwidth_m=None if bandwidth_km is None else _KM * bandwidth_km,
            kernel=kernel,
            adaptive=adaptive,
        )

    # By the shortest period, so that data may begin on any day.
    asked = {"period": "month", **options.settings(given)}
    with progress() as tell:
        found, surface = study_part(options.given_events(files), work, progress=tell, **asked)
        tell("write", 0, 1)
        inputs = [] if found.settings.is_sample else [Path(e) for e in found.settings.events]
        write_surface(surface, output, tags=source_tags(found), inputs=inputs, overwrite=overwrite)
    warn(found.warnings, found.settings.lang)
    said = surface_sentence(surface, language=found.settings.lang)
    say(f"{opening(found.settings.lang, made_up=found.made_up)}{said}")
