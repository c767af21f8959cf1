"""What a page leaves out because it has nothing for it."""

import re

import folium
import pytest

import geo
from geo.render.map import EventMap
from geo.render.mapdata import Account, LeftOut
from geo.render.page import (
    EVERYTHING,
    NEVER_SAID,
    ONLY_FOR,
    SAID_BY,
    SCRIPTS,
    STYLES,
    asset,
    compact_script,
    compact_style,
    parts,
    said_words,
    scripts,
    styles,
)
from geo.render.words import words
from tests import studies
from tests.render.maps import toy_ground, toy_map
from tests.render.test_page import Page

TILES = geo.Tiles("https://t.example/{z}/{x}/{y}", "© T")
OF_SCRIPTS = {name for name in ONLY_FOR if name.endswith(".js")}
HAS = [frozenset(), *(frozenset({feature}) for feature in sorted(EVERYTHING)), EVERYTHING]


def toy(**changes):
    return EventMap(toy_map(**changes), ground=toy_ground())


def with_tooltip(shape=None):
    drawn = toy()
    child = folium.CircleMarker((0.5, 0.5), tooltip=geo.Tooltip("here"))
    drawn.add_child(child if shape is None else shape.add_child(child))
    return drawn


def held(page):
    """Return the files of ONLY_FOR whose whole text stands in a page."""
    found = set()
    for name in ONLY_FOR:
        folder = name.rpartition(".")[2]
        short = {"js": compact_script, "css": compact_style}[folder](asset(folder, name))
        if short in page:
            found.add(name)
    return found


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        pytest.param(lambda: toy().html(), set(), id="nothing"),
        pytest.param(
            lambda: toy().html(tiles=TILES), {"tiles.js", "children.css"}, id="a background"
        ),
        pytest.param(
            lambda: with_tooltip().html(), {"children.js", "children.css"}, id="a tooltip"
        ),
        pytest.param(
            lambda: with_tooltip(folium.FeatureGroup()).html(),
            {"children.js", "children.css"},
            id="a tooltip in a group",
        ),
        pytest.param(
            lambda: EventMap(studies.layered()).html(points="none"),
            {"scan.js", "density.js", "layers.js", "layers.css"},
            id="a scan and a density",
        ),
        pytest.param(
            lambda: EventMap(studies.layered()).html(points="coarse"),
            {"scan.js", "density.js", "points.js", "pointstops.js", "layers.js", "layers.css"},
            id="all layers",
        ),
    ],
)
def test_a_page_holds_the_parts_of_what_it_has_and_of_nothing_else(page, expected):
    assert held(page()) == expected


def test_a_page_with_everything_is_made_of_every_file():
    assert parts(SCRIPTS, EVERYTHING) == SCRIPTS
    assert parts(STYLES, EVERYTHING) == STYLES
    assert set(ONLY_FOR) <= {*SCRIPTS, *STYLES}
    assert all(needed and needed <= EVERYTHING for needed in ONLY_FOR.values())


def test_a_page_written_without_tiles_forgets_those_of_the_page_before():
    drawn = toy()
    before = drawn.html()
    drawn.html(tiles=TILES)

    assert drawn.html() == before


def test_what_stands_for_a_part_comes_before_every_part():
    assert SCRIPTS[0] == "absent.js"
    assert "absent.js" not in ONLY_FOR


@pytest.mark.parametrize("name", sorted(OF_SCRIPTS))
def test_what_a_part_gives_to_others_has_something_that_stands_for_it(name):
    """Whatever is read of the part outside of the layers exists without it, too."""
    given = set(re.findall(r"^  (geoMap\.\w+) = ", asset("js", name), re.M))
    elsewhere = "".join(asset("js", other) for other in SCRIPTS if other not in {name, *OF_SCRIPTS})
    stands = asset("js", "absent.js")

    assert given
    for one in given:
        if re.search(rf"{re.escape(one)}\b", elsewhere.replace(stands, "")):
            assert f"{one} = " in stands, one


@pytest.mark.parametrize("has", HAS, ids=lambda has: "+".join(sorted(has)) or "nothing")
def test_every_word_that_the_scripts_of_a_page_say_is_in_the_page(has):
    told = said_words("es", has, reasons=(), labels=())
    source = "".join(asset("js", name) for name in parts(SCRIPTS, has))
    whole = set(re.findall(r"\bsay\('([\w-]+\.[\w.-]*\w)'", source))
    counted = set(re.findall(r"words\.count\('([\w.-]+)'", source))
    begun = set(re.findall(r"\bsay\('([\w.-]+\.)' \+", source))
    chosen = set(re.findall(r"\? '([a-z]\w*\.\w+)' : '([a-z]\w*\.\w+)'", source))

    assert len(whole) > 100
    assert whole <= set(told)
    assert {f"{key}.{form}" for key in counted for form in ("one", "other")} <= set(told)
    for start in begun - {"reason."}:
        assert {key for key in words("es") if key.startswith(start)} <= set(told), start
    assert {key for pair in chosen for key in pair} & set(words("es")) <= set(told)


def test_only_parts_say_the_words_that_go_with_them():
    for start, of in SAID_BY.items():
        for name in SCRIPTS:
            if f"'{start}" in asset("js", name) or f"`{start}" in asset("js", name):
                assert ONLY_FOR[name] <= of, (name, start)


def test_no_script_says_the_words_that_are_left_out_of_every_page():
    source = "".join(asset("js", name) for name in SCRIPTS)
    for start in NEVER_SAID:
        assert not re.search(rf"['\"`]{re.escape(start)}", source), start


def test_a_page_lacks_the_words_of_layers_that_it_does_not_have():
    bare = Page(toy().html()).block("setup")["words"]

    assert set(bare) == {"en", "es"}
    assert set(bare["en"]) == set(bare["es"])
    for start in ("scan.", "density.", "points.", "tiles.", "noscript.", "emerging.new"):
        assert not [key for key in bare["en"] if key.startswith(start)], start
    assert bare["en"]["measure.count"] == words("en")["measure.count"]


def test_the_words_of_a_page_are_those_of_the_reasons_in_its_account():
    account = Account(
        physical=9, used=5, filtered=3, quarantined=1, for_state=5, for_municipality=3,
        filtered_reasons=(LeftOut("before_since", 3),),
        quarantined_reasons=(LeftOut("no_date", 1),),
        municipality_left_out=(LeftOut("state_only", 1), LeftOut("never heard of", 1)),
    )  # fmt: skip
    told = Page(toy(account=account).html()).block("setup")["words"]["en"]

    found = {key for key in told if key.startswith("reason.")}
    assert found == {"reason.before_since", "reason.no_date", "reason.state_only"}


def test_the_labels_of_a_measure_have_their_words_long_and_short():
    setup = Page(EventMap(studies.sample()).html()).block("setup")
    measures = [one for level in setup["levels"].values() for one in level["measures"]]
    labels = {label for measure in measures for label in measure.get("labels", ())}

    assert "outlier.HH" in labels
    for tongue in ("en", "es"):
        assert {*labels, *(f"{label}.short" for label in labels)} <= set(setup["words"][tongue])


def test_less_is_written_where_there_is_less():
    assert len(scripts(frozenset())) < len(scripts()) - 25_000
    assert len(styles(frozenset())) < len(styles()) - 2_500
