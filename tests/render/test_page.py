import json
import re
from collections import Counter
from html.parser import HTMLParser

import numpy as np
import pandas as pd
import pytest

from geo.attribution import Credit
from geo.errors import OutputError, SchemaError, SettingsError
from geo.render import page as page_module
from geo.render.checks import check_page
from geo.render.codec import unpack_block
from geo.render.csp import policy
from geo.render.map import EventMap
from geo.render.mapdata import Account, LeftOut, LevelData
from geo.render.packed import decode_columns
from geo.render.text import Text
from tests.hostile import strings
from tests.render.maps import country_map, table, toy_ground, toy_levels, toy_map

HOSTILE = {
    "T": "${window.ran=1}",
    "H": "<img src=x onerror=window.ran=1>",
    "S": "</script><script>window.ran=1</script>",
    "comment": "<!--<script>",
    "backtick": "`+(window.ran=1)+`",
    "quote": "\"'><svg onload=window.ran=1>",
    "jinja": "{{ 7*7 }} {% raw %}",
    "slash": "\\u003c/script\\",
    "separators": "a\u2028b\u2029c",
    "direction": "abc\u202egnp.lmth",
    "nul and half": "a\x00b\ud800c",
    "slot": "<!-- content-security-policy -->",
    "style": "</style><style>*{display:none}</style>",
    "title": "</title><script>window.ran=1</script>",
}


class Page(HTMLParser):
    """The elements of a page, the text in them, and the data it carries."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.text, self.elements, self.inside = text, [], []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.elements.append([tag, dict(attrs), ""])

    def handle_endtag(self, _):
        self.elements.append(["", {}, ""])

    def handle_data(self, data):
        if self.elements:
            self.elements[-1][2] += data

    def all(self, tag):
        return [(attrs, data) for name, attrs, data in self.elements if name == tag]

    def by_id(self, name):
        [data] = [data for _, attrs, data in self.elements if attrs.get("id") == name]
        return data

    @property
    def config(self):
        return json.loads(self.by_id("geo-config"))

    @property
    def setup(self):
        return self.block("setup")

    def block(self, name):
        [entry] = [b for b in self.config["blocks"] if b["name"] == name]
        data = unpack_block(self.by_id(f"geo-block-{name}"), entry)
        return decode_columns(data) if entry["content"] == "columns" else json.loads(data)


def written(lang="en", **changes):
    return EventMap(toy_map(**changes), lang, ground=toy_ground()).html()


def test_the_page_says_its_language_title_and_policy_before_anything_else():
    page = written("es")

    head = page[: page.index("<style>")]
    assert head.startswith(
        '<!DOCTYPE html>\n<html lang="es">\n<head>\n<meta charset="utf-8">\n<meta '
    )
    order = [
        head.index(mark)
        for mark in ("charset", "Content-Security-Policy", "viewport", "<title>Juguete</title>")
    ]
    assert order == sorted(order)
    assert "user-scalable" not in head


def test_j2_the_policy_names_exactly_the_scripts_and_styles_of_the_page():
    page = written()
    [meta] = [a for a, _ in Page(page).all("meta") if "http-equiv" in a]

    assert meta["content"] == policy(page)
    assert meta["content"].count("sha256-") == 5
    assert "unsafe" not in meta["content"]
    assert "default-src 'none'" in meta["content"]


def test_j1_nothing_in_the_page_points_outside():
    page = written()

    check_page(page)
    for tag, attrs, _ in Page(page).elements:
        assert not [a for a in attrs if a.startswith("on") or a == "style"], tag
        assert not [v for v in attrs.values() if v and re.match(r"(https?:)?//", v)], tag


@pytest.mark.parametrize(
    "wrong",
    [
        '<img src="https://h.example/x.png">',
        '<a href="//h.example">x</a>',
        "<style>@import 'x.css';</style>",
        "<style>a{background:url(x.png)}</style>",
        '<p onclick="x">',
        '<p style="x">',
        '<base href="#">',
        '<meta http-equiv="refresh" content="0">',
        '<p id="a"><p id="a">',
    ],
)
def test_j1_a_page_that_does_not_stand_for_itself_is_refused(wrong):
    with pytest.raises(OutputError, match="cannot stand for itself"):
        check_page(wrong)


def test_j9_the_same_map_gives_the_same_bytes():
    def with_child():
        import folium

        drawn = EventMap(toy_map(), ground=toy_ground())
        drawn.add_child(folium.CircleMarker((0.5, 0.5)))
        return drawn

    one, other = with_child(), with_child()

    assert one.html() == other.html()
    assert one.html() == one.html()
    assert not re.search(r"_[0-9a-f]{32}\b", one.html())


def test_the_page_of_all_municipalities_is_below_two_megabytes():
    page = EventMap(country_map()).html()

    assert len(page.encode()) < 2_000_000


def test_j3_numbers_reach_the_page_bit_for_bit():
    data = country_map()
    page = Page(EventMap(data).html())

    for level in ("state", "municipality"):
        sent, kept = page.block(f"values-{level}"), data.levels[level].areas
        codes = page.block(f"labels-{level}")["code"].tolist()
        assert codes == kept["cvegeo"].astype(int).tolist()
        for name in ("events", "population", "crude_rate", "rate_low", "rate_high", "eb_rate"):
            np.testing.assert_array_equal(sent[name], kept[name].to_numpy(dtype=float))
        np.testing.assert_array_equal(
            sent["reliable"], kept["reliable"].to_numpy(dtype=float, na_value=np.nan)
        )


def test_an_area_without_a_row_has_no_number_and_the_others_keep_theirs():
    levels = toy_levels()
    east = table(("02001", "Este", "Dos", 2, 10.0, 10.0, 300.0, 1.0, 1.0, 300.0, True))
    levels["municipality"] = LevelData(east, levels["municipality"].breaks)

    sent = Page(written(levels=levels)).block("values-municipality")

    np.testing.assert_array_equal(sent["events"], [np.nan, 2])


def test_without_scripts_the_figures_of_the_states_and_the_account_are_there():
    page = written("es", made_up=True)
    noscript = page[page.index("<noscript>") : page.index("</noscript>")]

    assert "Datos inventados" in noscript
    assert (
        '<th scope="row">Uno</th><td>3</td><td>1,000</td><td>300.0</td><td>61.9 – 876.7</td>'
        in noscript
    )
    assert '<th scope="row">Dos</th><td>2</td><td>–</td><td>–</td>' in noscript
    assert "9 registros: 7 usados, 1 filtrados, 1 en cuarentena." in noscript


def test_j6_every_credit_and_the_day_of_access_are_in_the_page():
    page = Page(EventMap(country_map()).html())
    texts = " ".join(credit["text"]["es"] for credit in page.config["credits"])

    for name in ("INEGI", "CONAPO", "Natural Earth", "GeoNames", "Leaflet", "INVENTADOS"):
        assert name in texts
    assert Page(written(accessed="2025-01-15")).config["accessed"] == "2025-01-15"
    assert "Redistributions in binary form" in page.setup["licences"][0]


@pytest.fixture(scope="module")
def tags_of_clean_pages():
    return {
        lang: Counter(tag for tag, _, _ in Page(written(lang)).elements) for lang in ("en", "es")
    }


@pytest.mark.parametrize(
    ("payload", "lang"),
    [
        *(
            pytest.param(text, lang, id=f"{name}-{lang}")
            for name, text in HOSTILE.items()
            for lang in ("en", "es")
        ),
        *(pytest.param(text, "es", id=str(at)) for at, text in enumerate(strings())),
    ],
)
def test_f2_text_from_data_stays_text_in_every_field(payload, lang, tags_of_clean_pages):
    levels = toy_levels()
    # Text dtype cannot hold half a character, a user's own table of objects can.
    hostile = pd.Series([payload, payload], dtype=object)
    for name, data in levels.items():
        areas = data.areas.assign(name=hostile, state_name=hostile)
        levels[name] = LevelData(areas, data.breaks)
    account = toy_map().account
    page = written(
        lang,
        title=Text.same(payload),
        subtitle=Text.same(payload),
        source=payload,
        accessed=payload,
        filters=(Text.same(payload),),
        method=(Text.same(payload),),
        levels=levels,
        account=Account(
            **{
                **{f: getattr(account, f) for f in account.__slots__},
                "state_left_out": (LeftOut(payload, 1),),
            }
        ),
        credits=(
            Credit(
                "x", payload, payload.replace("{", "{{").replace("}", "}}"), "x", payload, payload
            ),
        ),
        manifest={payload: [payload]},
    )

    dirty = Page(page)
    assert Counter(tag for tag, _, _ in dirty.elements) == tags_of_clean_pages[lang]
    assert dirty.text.count("Content-Security-Policy") == 1
    assert not [data for _, data in dirty.all("script") if "\u2028" in data]
    [meta] = [a for a, _ in dirty.all("meta") if "http-equiv" in a]
    assert meta["content"].count("sha256-") == 5
    shown = re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800]", "\ufffd", payload)
    shown = shown if len(shown) <= 600 else shown[:599] + "…"
    assert dirty.config["title"] == {"en": shown, "es": shown}
    assert dirty.block("names")["municipality"]["name"] == [shown, shown]
    [(_, title)] = dirty.all("title")
    assert title.strip() == shown.strip()


def test_f6_a_very_long_text_is_cut_with_a_mark():
    config = Page(written(title=Text.same("a" * 1_000_000))).config

    assert len(config["title"]["en"]) == 600
    assert config["title"]["en"].endswith("a…")


def test_f2_no_script_of_ours_can_write_markup():
    banned = re.compile(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|"
        r"setTimeout\(\s*['\"]|DOMParser|createContextualFragment|srcdoc|\.html\("
    )

    for name in page_module.SCRIPTS:
        assert not banned.search(page_module.asset("js", name)), name
        assert "'use strict'" in page_module.asset("js", name), name


@pytest.mark.parametrize(
    ("change", "error", "message"),
    [
        ({"cvegeo": ["01001", "1"]}, SchemaError, "codes of 5 digits, not '1'"),
        ({"cvegeo": ["01001", "01001"]}, SchemaError, "1 rows repeat a cvegeo"),
        ({"crude_rate": [1.0, np.inf]}, SchemaError, "'crude_rate' is infinite in 1 rows"),
        ({"events": [-1, 2]}, SchemaError, "'events' must be a whole number"),
        ({"cvegeo": ["01001", "99999"]}, SchemaError, "not in the boundaries: 99999"),
        ({"crude_rate": [301.0, np.nan]}, SettingsError, "outside the classes"),
    ],
    ids=["short code", "repeated code", "infinite", "negative", "unknown area", "no class"],
)
def test_a_table_that_cannot_be_drawn_is_refused(change, error, message):
    levels = toy_levels()
    data = levels["municipality"]
    levels["municipality"] = LevelData(data.areas.assign(**change), data.breaks)

    with pytest.raises(error, match=message):
        written(levels=levels)


def test_an_account_that_does_not_add_up_is_refused():
    account = toy_map().account
    wrong = {f: getattr(account, f) for f in account.__slots__} | {"for_state": 7}

    with pytest.raises(SettingsError, match="account of states"):
        written(account=Account(**wrong))


def test_in_a_notebook_a_picture_and_a_few_lines_are_shown():
    shown = EventMap(country_map(), "es")._repr_html_()

    assert len(shown) < 200_000
    assert len(re.sub(r"data:image/png;base64,[A-Za-z0-9+/=]+", "", shown)) < 2_000
    assert ".save(&quot;map.html&quot;)" in shown
    assert "Eventos inventados" in shown
    assert "<script" not in shown


def test_a_saved_page_replaces_the_old_one(tmp_path):
    target = tmp_path / "map.html"
    target.write_text("old", encoding="utf-8")

    path = EventMap(toy_map(), ground=toy_ground()).save(target, lang="es")

    assert path == target
    assert target.read_text(encoding="utf-8") == written("es")
