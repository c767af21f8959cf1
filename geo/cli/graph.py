"""``geo graph``."""

from __future__ import annotations

from pathlib import Path

import click

from geo.cli import options, outputs
from geo.cli.progress import progress
from geo.cli.say import say, warn


@click.command("graph")
@options.events
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), default="series.png", show_default=True,
    metavar="PATH", help="The picture: .png, .svg or .pdf.", callback=outputs.free_picture,
)  # fmt: skip
@click.option(
    "--by", type=click.Choice(["event_type", "actor_class"]), default="event_type",
    show_default=True, help="What the bars are parted by.",
)  # fmt: skip
@options.comparing
@options.asking
@options.counting
@options.reading
@options.choosing
@options.reaching
@outputs.overwrite
def command(
    files: tuple[str, ...], output: Path, by: str, overwrite: bool, **given: object
) -> None:
    """Draw the events of FILE, or of a study in TOML, month by month as a picture.

    Stacked bars by type of event or class of actors, those that targeted civilians, the windows
    that are compared, the days that are asked about and the breaks that were found. It shows the
    area in focus, or the country.

    \b
        $ geo graph sample --base 2023 --comparison 2024 --focus Sinaloa -o sinaloa.svg
        Made-up data. sinaloa.svg: 1,068 events, Jan 2022 to Dec 2024. Sinaloa: 240 events in
        2023, 600 in 2024; 7.64 and 18.95 per 100,000 person-years: 2.48 times ...
    """  # noqa: D301  click looks for the character itself
    from geo.export.folder import write_file
    from geo.render.series_graph import draw_series
    from geo.render.wording import number_of, span_name
    from geo.study import run_study
    from geo.study.graphing import series_of
    from geo.study.labels import opening

    with progress() as tell:
        results = run_study(options.given_events(files), progress=tell, **options.settings(given))
        tell("write", 0, 1)
        series = series_of(results, by)  # type: ignore[arg-type]
        language = results.settings.lang
        inputs = [] if results.settings.is_sample else [Path(e) for e in results.settings.events]
        write_file(
            output,
            lambda part: draw_series(results, part, by=series.by, lang=language),
            inputs=inputs,
            overwrite=overwrite,
        )
    warn(results.warnings, language)
    events = number_of(language, "caption.events", int(series.counts.sum()))
    months = span_name(language, series.months[0], series.months[-1])
    sentence = f". {series.sentence[language]}" if series.sentence else ""
    say(f"{opening(language, made_up=results.made_up)}{output}: {events}, {months}{sentence}")
