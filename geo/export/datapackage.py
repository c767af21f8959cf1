"""Describe a folder of tables as a data package: files, columns, keys, sources, licenses.

The form is Frictionless Data's ``datapackage.json``. There is no clock, user or path in it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from geo.export.dictionary import Described, Field
from geo.export.text import neutral, slug
from geo.schema.meanings import meaning_in
from geo.study.methods import methods_text
from geo.study.results import Results
from geo.study.settings import Language

PACKAGE = "datapackage.json"
_TYPES = {
    "text": "string",
    "date": "date",
    "integer": "integer",
    "number": "number",
    "claim": "boolean",
    "level": "integer",
    "geometry": "geojson",
}
_MEDIA = {
    "csv": ("csv", "text/csv"),
    "xlsx": ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    "parquet": ("parquet", "application/vnd.apache.parquet"),
    "geoparquet": ("parquet", "application/vnd.apache.parquet"),
    "geojson": ("geojson", "application/geo+json"),
    "flatgeobuf": ("fgb", "application/flatgeobuf"),
}
_LICENSES = {"CC BY 4.0": "CC-BY-4.0", "MIT": "MIT", "public domain": "other-pd"}


@dataclass(frozen=True, slots=True, eq=False)
class Written:
    """A table in a file of the folder.

    Attributes
    ----------
    table
        The table, as it was written.
    kind
        Its format.
    path
        The file, from the folder on.
    sheet
        The sheet of a workbook.
    """

    table: Described
    kind: str
    path: str
    sheet: str | None = None

    @property
    def name(self) -> str:
        """Name of the resource; no two of a folder are alike."""
        stem = Path(self.path).stem if self.sheet is None else slug(self.sheet.replace("_", "-"))
        return f"{stem}.{self.kind}"


def package_text(results: Results, written: Sequence[Written], folder: Path) -> str:
    """Return the description of a folder as the text of ``datapackage.json``.

    Parameters
    ----------
    results
        What :func:`geo.study.run_study` returned.
    written
        The tables that are in the folder.
    folder
        The folder, with every file written.
    """
    language = results.settings.lang
    files = {path: _file_entry(folder / path) for path in {one.path for one in written}}
    whole = {
        "profile": "data-package",
        "name": slug(results.title["en"]),
        "title": results.title[language],
        "description": methods_text(results, language),
        "made_up": results.made_up,
        "sources": _sources(results, language),
        "licenses": _licenses(results),
        "resources": [_resource(one, written, files[one.path], language) for one in written],
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, allow_nan=False) + "\n"


def _file_entry(path: Path) -> dict[str, Any]:
    with path.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"hash": f"sha256:{digest}", "bytes": path.stat().st_size}


def _sources(results: Results, language: Language) -> list[dict[str, str]]:
    return [
        {"title": credit.line(language, accessed=results.settings.accessed)}
        | ({"path": credit.url} if credit.url else {})
        for credit in results.credits
    ]


def _licenses(results: Results) -> list[dict[str, str]]:
    found = {}
    for credit in results.credits:
        name = _LICENSES.get(credit.licence, f"{credit.key}-terms")
        entry = {"name": name, "title": f"{credit.name}: {credit.licence}"}
        found[credit.key] = entry | ({"path": credit.url} if credit.url else {})
    return list(found.values())


def _resource(
    one: Written, written: Sequence[Written], entry: Mapping[str, Any], language: Language
) -> dict[str, Any]:
    ending, media = _MEDIA[one.kind]
    is_csv = one.kind == "csv"
    resource: dict[str, Any] = {
        "name": one.name,
        "path": one.path,
        "title": one.table.name,
        "description": meaning_in(language, one.table.meaning),
        "profile": "tabular-data-resource" if is_csv else "data-resource",
        "format": ending,
        "mediatype": media,
        "rows": len(one.table.frame),
        **entry,
        "schema": _schema(one, written, language),
    }
    if is_csv:
        resource["encoding"] = "utf-8"
        resource["dialect"] = {"delimiter": ",", "lineTerminator": "\n", "quoteChar": '"'}
    if one.sheet is not None:
        resource["dialect"] = {"sheet": one.sheet}
    return {name: value for name, value in resource.items() if value != ""}


def _schema(one: Written, written: Sequence[Written], language: Language) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(field, one.kind, language) for field in one.table.fields],
        "missingValues": [""],
    }
    if one.table.key:
        schema["primaryKey"] = list(one.table.key)
    areas = next((r for r in written if r.table.name == "areas" and r.kind == one.kind), None)
    names = {field.name for field in one.table.fields}
    if areas is not None and one is not areas and "cvegeo" in names:
        reference = {"resource": areas.name, "fields": "cvegeo"}
        schema["foreignKeys"] = [{"fields": "cvegeo", "reference": reference}]
    return schema


def _field(field: Field, kind: str, language: Language) -> dict[str, Any]:
    name = neutral(field.name) if kind == "csv" else field.name
    described: dict[str, Any] = {"name": name, "type": _TYPES[field.kind]}
    if field.meaning:
        described["description"] = meaning_in(language, field.meaning)
    if field.unit:
        described["unit"] = meaning_in(language, field.unit)
    constraints: dict[str, Any] = {} if field.nullable else {"required": True}
    if field.words:
        constraints["enum"] = list(field.words)
    return described | ({"constraints": constraints} if constraints else {})
