"""What the documents say is so."""

from __future__ import annotations

import doctest
import importlib.util
import re
import warnings
from pathlib import Path

import click
import pytest

import geo
from geo.cli import main

ROOT = Path(__file__).resolve().parents[1]
JOURNEYS = list((ROOT / "docs" / "journeys").glob("*.md"))
README = (ROOT / "README.md").read_text(encoding="utf-8")
README_ES = (ROOT / "README.es.md").read_text(encoding="utf-8")


@pytest.mark.parametrize(("language", "name"), [("en", "tables.md"), ("es", "tables.es.md")])
def test_data_dictionary_is_the_one_of_the_contracts(language, name):
    spec = importlib.util.spec_from_file_location("make_tables", ROOT / "docs" / "make_tables.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)

    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == module.dictionary(language)


PAGES = ["README.md", "README.es.md", *sorted(f"docs/journeys/{p.name}" for p in JOURNEYS)]


@pytest.mark.parametrize("name", PAGES)
def test_code_of_the_documents_runs(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = (ROOT / name).read_text(encoding="utf-8")
    if lacking := sorted(set(re.findall(r"geo\.(write_\w+)", text)) - set(geo.__all__)):
        pytest.skip(f"{name} DID NOT RUN: this version has no {', '.join(lacking)}")
    code = "\n".join(re.findall(r"```python\n(.*?)```", text, flags=re.DOTALL))
    assert ">>>" in code, f"{name} shows no example"
    test = doctest.DocTestParser().get_doctest(code, {}, name, name, 0)
    flags = doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS
    out: list[str] = []

    with warnings.catch_warnings():  # a page may switch some off
        result = doctest.DocTestRunner(optionflags=flags).run(test, out=out.append)

    assert result.failed == 0, "".join(out)


def test_every_command_has_help_with_an_example_and_is_in_the_readme():
    context = click.Context(main)
    names = main.list_commands(context)
    assert "study" in names
    for name in names:
        command = main.get_command(context, name)
        text = command.get_help(click.Context(command, info_name=name, parent=context))
        assert f"$ geo {name}" in text, f"geo {name} --help shows no example"
        for page in (README, README_ES):
            assert f"| `geo {name}` |" in page, f"a README does not name geo {name}"


def test_every_journey_is_told_in_both_languages():
    names = {path.name.removesuffix(".md") for path in JOURNEYS}
    english = {name for name in names if not name.endswith(".es")}

    assert english
    assert names == english | {f"{name}.es" for name in english}


def test_links_of_the_documents_lead_somewhere():
    for page in [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *ROOT.glob("docs/**/*.md")]:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"
