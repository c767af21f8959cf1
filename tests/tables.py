"""Read the files of written tables back, as plain tables, by format."""

from __future__ import annotations

import json
import re
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd

from geo.export.text import restore

TABULAR = ("csv", "parquet", "xlsx")
SHAPED = ("geoparquet", "geojson", "flatgeobuf")
ENDINGS = {"geoparquet": "parquet", "geojson": "geojson", "flatgeobuf": "fgb"}


def sheets(folder: Path) -> dict[str, pd.DataFrame]:
    """Return the sheets of a workbook as they are, cells as their library reads them."""
    book = openpyxl.load_workbook(folder / "tables.xlsx", read_only=True)
    found = {}
    for sheet in book.worksheets:
        head, *rows = sheet.iter_rows(values_only=True)
        found[sheet.title] = pd.DataFrame(rows, columns=list(head), dtype="object")
    book.close()
    return found


def read(folder: Path, kind: str, name: str) -> pd.DataFrame:
    """Return a table as it stands in a folder; text of CSV is restored, codes are text."""
    if kind == "csv":
        text = {"cvegeo": "str", "period": "str", "code": "str", "pcode": "str"}
        frame = pd.read_csv(
            folder / "tables" / f"{name}.csv", dtype=text, encoding="utf-8-sig",
            keep_default_na=False, na_values=[""],
        )  # fmt: skip
        return frame.map(lambda cell: restore(cell) if isinstance(cell, str) else cell)
    if kind == "xlsx":
        return sheets(folder)[name]
    if kind == "parquet":
        return pd.read_parquet(folder / "tables" / f"{name}.parquet")
    path = folder / "areas" / f"{name}.{ENDINGS[kind]}"
    return gpd.read_parquet(path) if kind == "geoparquet" else gpd.read_file(path)


def features(path: Path) -> list[dict]:
    """Return the features of a GeoJSON file, refusing numbers that JSON has not."""

    def refuse(word: str) -> None:
        raise ValueError(f"{word} is no number of JSON")

    return json.loads(path.read_text(encoding="utf-8"), parse_constant=refuse)["features"]


def unescaped(text: str) -> str:
    """Return the text of a cell as a spreadsheet shows it: ``_x005F_`` is ``_``."""
    return re.sub(r"_x([0-9A-F]{4})_", lambda found: chr(int(found[1], 16)), text)
