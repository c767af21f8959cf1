"""What commands write, and where: places that could not be written are refused before the work."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import click

_PATH = click.Path(path_type=Path)

overwrite = click.option(
    "--overwrite", is_flag=True, is_eager=True, help="Replace what geo did not make."
)

raw = click.option(
    "--raw", is_flag=True, help="Leave cells as they are that a spreadsheet would run."
)


_WORKBOOK = "; 'geo export FILE --format xlsx --tables FOLDER' makes a workbook of all tables"


def _claim(ctx: click.Context, param: click.Parameter, path: Path) -> None:
    """Refuse two outputs of one name: the second would be written over the first."""
    taken: dict[Path, str] = ctx.meta.setdefault("geo.outputs", {})
    name = param.opts[-1]
    if (other := taken.setdefault(path.resolve(), name)) != name:
        raise click.UsageError(f"{other} and {name} both name {path}; give each a name of its own")


def inputs_of(files: Sequence[str]) -> list[Path]:
    """Return what is read: the files that are named, or those that a study in TOML names."""
    named = tuple(files)
    if len(named) == 1 and named[0].lower().endswith(".toml"):
        from geo.study.settings import Study

        study = Study.from_toml(named[0])
        named = () if study.is_sample else (named[0], *study.events)
    return [Path(name) for name in named]


def _free_file(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Any]:
    """Refuse a file that could not be written in the end, before the work begins."""

    def check(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
        if path is None:
            return None
        _claim(ctx, param, path)
        if path.suffix.lower() not in endings:
            raise click.BadParameter(
                f"{path.name} must end in {' or '.join(endings)}, so that it is known what to write"
                f"{_WORKBOOK if path.suffix.lower() in ('.xlsx', '.xls', '.ods') else ''}"
            )
        from geo.export.folder import refuse_file

        inputs = inputs_of(ctx.params.get("files", ()))
        refuse_file(path, inputs, overwrite=bool(ctx.params.get("overwrite")))
        return path

    return check


def free_folder(ctx: click.Context, param: click.Parameter, folder: Path | None) -> Path | None:
    """Refuse a folder that could not be written in the end, before the work begins."""
    if folder is not None:
        _claim(ctx, param, folder)
        from geo.export.folder import refuse_folder

        inputs = inputs_of(ctx.params.get("files", ()))
        refuse_folder(folder, inputs, overwrite=bool(ctx.params.get("overwrite")))
    return folder


def results_folder(files: Sequence[str], out: Path | None, *, overwrite: bool) -> Path:
    """Return where the results of a study go, which is refused before the work if it must be.

    That is `out`, else what a study in TOML says, else a folder here with the name of the input.
    """
    from geo.export.folder import refuse_folder
    from geo.export.text import slug
    from geo.study.settings import Study

    folder = out
    if folder is None and len(files) == 1 and files[0].lower().endswith(".toml"):
        folder = Study.from_toml(files[0]).out
    folder = folder or Path(f"{slug(Path(files[0]).stem)}-geo")
    refuse_folder(folder, inputs_of(files), overwrite=overwrite)
    return folder


def _free_place(*endings: str) -> Callable[[click.Context, click.Parameter, Path | None], Any]:
    """Refuse a file, or a folder (a name without an ending), that could not be written."""
    check_file = _free_file(*endings)

    def check(ctx: click.Context, param: click.Parameter, path: Path | None) -> Path | None:
        is_folder = path is not None and not path.suffix
        return (free_folder if is_folder else check_file)(ctx, param, path)

    return check


free_table = _free_file(".csv", ".parquet")

free_points = _free_file(".csv", ".parquet", ".gpkg")

output = click.option(
    "-o",
    "--output",
    type=_PATH,
    metavar="PATH",
    callback=free_table,
    help="File to write: .csv or .parquet [CSV on stdout].",
)

output_of_points = click.option(
    "-o",
    "--output",
    type=_PATH,
    metavar="PATH",
    callback=free_points,
    help="File to write: .csv, .parquet or .gpkg [CSV on stdout].",
)

output_of_assigned = click.option(
    "-o",
    "--output",
    type=_PATH,
    metavar="PATH",
    callback=_free_place(".csv", ".parquet", ".gpkg"),
    help="File to write: .csv, .parquet or .gpkg; a name without an ending is a folder of Parquet "
    "files [CSV on stdout].",
)

free_map = _free_file(".html", ".htm", ".png", ".svg", ".pdf")

free_picture = _free_file(".png", ".svg", ".pdf")

free_raster = _free_file(".tif", ".tiff")
