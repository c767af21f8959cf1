import dataclasses
import io
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from geo.attribution import ACLED, LEAFLET
from geo.errors import AreaError, OutputError, SettingsError
from geo.render import legend, palette
from geo.render.choosing import choose
from geo.render.chosen import first_choice, measures_of
from geo.render.ground import load_ground
from geo.render.mapdata import LevelData, MapData
from geo.render.paint import legend_of, paints
from geo.render.palette import HOTSPOT, RATIO, lightness, sequential
from geo.render.picture import draw_map
from geo.render.text import LANGUAGES, Text
from geo.render.timed import timed_breaks
from geo.render.words import say
from geo.stats.breaks import make_breaks
from tests import studies
from tests.hostile import strings
from tests.render.maps import NAN, country_map, table, toy_ground, toy_map

HOSTILE = [
    "$x^2$",
    "$",
    "$$",
    r"\frac{1}{0}",
    r"$\frac{1}{0}$",
    r"\$\undefined$",
    "${alert(1)}",
    "{{7*7}}",
    "%s %d {0} {name}",
    "<script>alert(1)</script>",
    "]]><svg onload=alert(1)>",
    "--><!--",
    "&amp;&#x27;&lt;",
    "\"'`",
    '" d="M 1.23456789 2"',
    "_a_^b",
    "a\nb\r\nc\td",
    "\x00\x07\x1b[31m",
    "\ud800",
    "\ufffe",
    "\u202egnp.exe",
    "漢字 🙂",
    "a" * 5_000,
    "",
    " ",
]


def pixels(path):
    return np.asarray(Image.open(path).convert("RGB")).reshape(-1, 3)


def shares(path, color):
    """The share of pixels of exactly a color."""
    wanted = [int(color[at : at + 2], 16) for at in (1, 3, 5)]
    return (pixels(path) == wanted).all(axis=1).mean()


def texts(path):
    """The texts of an SVG, in order."""
    root = ET.parse(path).getroot()
    return ["".join(node.itertext()) for node in root.iter("{http://www.w3.org/2000/svg}text")]


def toy(path, **changes):
    given = {"level": "municipality", "measure": "rate", "ground": toy_ground()}
    data = changes.pop("data", None) or toy_map()
    return draw_map(data, path, **(given | changes))


def test_colors_of_the_classes_are_on_the_picture_in_proportion(tmp_path):
    # Two squares of the same size, one in the only class and one without data.
    path = toy(tmp_path / "a.png", measure="smoothed")

    color = paints("municipality", toy_map().levels["municipality"])["smoothed"].colors[0]
    assert shares(path, color) > 0.05
    assert shares(path, palette.MISSING) > 0.02
    assert shares(path, legend.MISSING_INK) > 0.005


@pytest.mark.parametrize("level", ["state", "municipality"])
@pytest.mark.parametrize("measure", ["count", "rate", "smoothed", "hotspots"])
def test_every_class_of_the_legend_is_on_the_map_and_its_counts_are_all_areas(
    level, measure, tmp_path
):
    data, ground = country_map(), load_ground()
    if measure not in measures_of(data, level):
        pytest.skip("hotspots are tested over municipalities only")
    path = draw_map(data, tmp_path / "a.png", level=level, measure=measure)
    codes = ground.codes(level)
    chosen = choose(data, level, measure, "en", codes)

    assert sum(number for _, number in legend.rows_of(chosen)) == len(codes)
    counted = legend_of(data.levels[level], paints(level, data.levels[level])[measure],
                        areas=len(codes))  # fmt: skip
    assert (chosen.counts, chosen.no_data, len(chosen.few)) == (
        counted.counts, counted.no_data, counted.few_events,
    )  # fmt: skip
    swatch = 24 * 11 / 72**2 * 200**2 / (2200 * 1600) * 0.5
    for color, number in zip(chosen.colors, chosen.counts, strict=True):
        assert shares(path, color) > swatch
        if number > 200:
            assert shares(path, color) > 3 * swatch


@pytest.mark.parametrize("language", LANGUAGES)
def test_svg_is_well_formed_and_says_everything_that_must_be_said(language, tmp_path):
    data = dataclasses.replace(
        toy_map(), made_up=True, accessed="2025-01-15", credits=(ACLED, LEAFLET),
        filters=(Text("only this", "solo esto"),), method=(Text("By hand.", "A mano."),),
    )  # fmt: skip

    said = " ".join(texts(toy(tmp_path / "a.svg", data=data, lang=language, measure="count")))

    wanted = {
        "en": ["Toy", "two squares", "Events by municipality, 2024", "5 events on the map",
               "Of 7 events in all periods, 5 count for a municipality",
               "Left out: 2 (1 at sea, more than 2 km from the coast; 1 known only to the state)",
               "Filters: only this", "Source: Toy events, accessed Jan 15, 2025",
               "Method: By hand.", "Credits: Armed Conflict Location", "accessed 2025-01-15",
               "Jan 1, 2024 – Dec 31, 2024", "No data", "areas", "km"],
        "es": ["Juguete", "dos cuadros", "Eventos por municipio, 2024", "5 eventos en el mapa",
               "solo esto", "Fuente: Toy events, consultado: 15 ene 2025", "Método: A mano.",
               "Créditos: Armed Conflict Location", "Sin datos", "áreas"],
    }[language]  # fmt: skip
    assert [one for one in wanted if one not in said] == []
    assert said.count(say(language, "madeUp.long")) == 2
    assert "Leaflet" not in said


def test_nothing_made_up_is_said_of_other_data(tmp_path):
    said = " ".join(texts(toy(tmp_path / "a.svg")))

    assert "Made-up" not in said


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
def test_same_input_gives_same_bytes_in_another_process_at_another_time(ending, tmp_path):
    code = (
        "import sys, time; time.time = lambda: float(sys.argv[2]);"
        "from tests.render.maps import toy_map, toy_ground;"
        "from geo.render.picture import draw_map;"
        "draw_map(toy_map(), sys.argv[1], measure='rate', ground=toy_ground())"
    )
    root = Path(__file__).resolve().parents[2]

    for name, clock in (("a", 1e9), ("b", 2e9)):
        subprocess.run(
            [sys.executable, "-c", code, str(tmp_path / f"{name}.{ending}"), str(clock)],
            check=True, cwd=root,
        )  # fmt: skip

    first, second = ((tmp_path / f"{name}.{ending}").read_bytes() for name in "ab")
    assert first == second
    assert not re.search(rb"20[0-9]{2}-[0-9]{2}-[0-9]{2}T|CreationDate|/tmp/", first)


@pytest.mark.parametrize("ending", ["png", "svg", "pdf"])
@pytest.mark.parametrize("text", HOSTILE, ids=[repr(text[:18]) for text in HOSTILE])
def test_hostile_text_is_shown_as_text_and_nothing_breaks(text, ending, tmp_path):
    data = dataclasses.replace(
        toy_map(), title=Text.same(text), subtitle=Text.same(text), source=text, accessed=text,
        filters=(Text.same(text),), method=(Text.same(text),),
    )  # fmt: skip
    ground = toy_ground()
    if text != "\ud800":  # a table cannot hold it
        named = {level: table_.assign(name=text) for level, table_ in ground.labels.items()}
        places = ground.places.assign(name_en=text)
        ground = dataclasses.replace(ground, labels=named, places=places)

    path = toy(tmp_path / f"a.{ending}", data=data, ground=ground)

    content = path.read_bytes()
    if ending == "png":
        Image.open(io.BytesIO(content)).verify()
    if ending == "svg":
        root = ET.fromstring(content.decode("utf-8"))
        tags = {node.tag.split("}")[1] for node in root.iter()}
        assert not tags & {"script", "a", "image", "foreignObject", "animate", "set"}
        assert not any(
            name.startswith("on") or "script" in value
            for node in root.iter()
            for name, value in node.attrib.items()
        )
        said = " ".join("".join(texts(path)).split())
        plain = " ".join(text.split())
        if 0 < len(plain) < 40 and plain.isascii() and plain.isprintable():
            assert plain.replace(" ", "") in said.replace(" ", "")


FIELDS = 8


def kinds(path):
    return {node.tag for node in ET.parse(path).getroot().iter()}


@pytest.fixture(scope="module")
def clean_kinds(tmp_path_factory):
    return kinds(toy(tmp_path_factory.mktemp("clean") / "a.svg"))


@pytest.mark.parametrize("turn", range(0, len(strings()), FIELDS))
def test_f2_more_than_two_hundred_hostile_texts_are_drawn_and_none_is_more_than_text(
    turn, tmp_path, clean_kinds
):
    # Each field of the picture has another one; which, moves on with every picture.
    some = (strings() * 2)[turn : turn + FIELDS]
    at = turn // FIELDS % FIELDS
    title, subtitle, source, accessed, filters, method, name, city = some[at:] + some[:at]
    data = dataclasses.replace(
        toy_map(), title=Text.same(title), subtitle=Text.same(subtitle), source=source,
        accessed=accessed, filters=(Text.same(filters),), method=(Text.same(method),),
    )  # fmt: skip
    ground = toy_ground()
    ground = dataclasses.replace(
        ground,
        labels={level: one.assign(name=name) for level, one in ground.labels.items()},
        places=ground.places.assign(name_en=city),
        cities=ground.cities.assign(name=city),
    )

    drawn = toy(tmp_path / "a.svg", data=data, ground=ground)
    Image.open(toy(tmp_path / "a.png", data=data, ground=ground)).verify()

    assert kinds(drawn) <= clean_kinds
    said = "".join("".join(texts(drawn)).split())
    for text in some:
        if len(text) < 40 and text.isascii() and text.isprintable():
            assert "".join(text.split()) in said


def test_a_formula_in_a_title_is_drawn_as_wide_as_its_characters(tmp_path):
    data = dataclasses.replace(toy_map(), title=Text.same("$x^2$"))

    assert "$x^2$" in texts(toy(tmp_path / "a.svg", data=data))


def test_gray_print_tells_the_classes_apart():
    for classes in range(2, 6):
        ramp = [lightness(color) for color in sequential(classes)]
        assert (np.diff(ramp) < -9).all(), classes
        # Zero is nearly paper, the lowest class nearly zero: apart, but not by much.
        assert lightness(palette.ZERO) - ramp[0] > 3, classes
    warm = [lightness(HOTSPOT[bin_]) for bin_ in (0, 1, 2, 3)]
    cold = [lightness(HOTSPOT[bin_]) for bin_ in (0, -1, -2, -3)]
    for ramp in (warm, cold, [lightness(color) for color in RATIO[3:]],
                 [lightness(color) for color in RATIO[3::-1]]):  # fmt: skip
        assert (np.diff(ramp) < -5).all()
    # The hatching of "no data" is seen on its ground, the dots of "few events" on every class.
    assert lightness(palette.MISSING) - lightness(legend.MISSING_INK) > 20
    for classes in range(1, 8):
        for color in sequential(classes):
            assert abs(lightness(color) - lightness(legend.few_ink(color))) > 15, color


def one_level(rows, **breaks):
    return MapData(
        **{
            field.name: getattr(toy_map(), field.name)
            for field in dataclasses.fields(MapData)
            if field.name != "levels"
        },
        levels={"municipality": LevelData(table(*rows), breaks)},
    )


WEST = ("01001", "Oeste", "Uno")
EAST = ("02001", "Este", "Dos")


def test_all_zero_is_one_class_and_no_error(tmp_path):
    rows = [(*code, 0, 9.0, 9.0, 0.0, 0.0, 1.0, 0.0, False) for code in (WEST, EAST)]
    data = one_level(rows, count=make_breaks([0, 0], whole=True), rate=make_breaks([0.0, 0.0]))

    for measure in ("count", "rate"):
        path = toy(tmp_path / f"{measure}.png", data=data, measure=measure)
        assert shares(path, palette.ZERO) > 0.1
    said = texts(toy(tmp_path / "a.svg", data=data, measure="count"))
    assert "0 events on the map" in " ".join(said)


def test_no_area_has_data_and_that_is_what_the_legend_says(tmp_path):
    rows = [(*code, 0, NAN, NAN, NAN, NAN, NAN, NAN, False) for code in (WEST, EAST)]
    data = one_level(rows, rate=make_breaks([NAN, NAN]))

    said = texts(toy(tmp_path / "a.svg", data=data))

    assert said[said.index("No data") + 1] == "2"


def test_areas_without_a_row_have_no_data_and_one_row_is_enough(tmp_path):
    data = one_level(
        [(*WEST, 3, 9.0, 9.0, 5.0, 1.0, 9.0, 5.0, True)], rate=make_breaks([5.0]),
    )  # fmt: skip

    said = texts(toy(tmp_path / "a.svg", data=data))

    assert said[said.index("No data") + 1] == "1"
    assert said[said.index("5") + 1] == "1"


def test_an_area_that_is_not_drawn_is_refused(tmp_path):
    data = one_level(
        [("31999", "?", "?", 3, 9.0, 9.0, 5.0, 1.0, 9.0, 5.0, True)], rate=make_breaks([5.0])
    )

    with pytest.raises(SettingsError, match="31999"):
        toy(tmp_path / "a.svg", data=data)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"measure": "beauty"}, "cannot show 'beauty'; choose count, rate, smoothed, hotspots"),
        ({"level": "state", "measure": "hotspots"}, "choose count, rate, smoothed"),
        ({"measure": "change"}, "cannot show 'change'"),
        ({"measure": "outliers"}, "'outliers'; choose count"),
        ({"measure": "emerging"}, "'emerging'; choose count"),
        ({"measure": "density"}, "no density to draw; ask the study for one"),
        ({"measure": "share"}, "cannot show 'share'"),
        ({"category": "Battles"}, "no categories"),
        ({"state": "01", "level": "state"}, "its municipalities, not the state"),
        ({"level": "street"}, "no level 'street'"),
        ({"lang": "fr"}, "en and es"),
        ({"size": (1, 1)}, "inches"),
        ({"size": (3.9, 8)}, "between 4 and 60"),
        ({"size": (11, 61)}, "between 4 and 60"),
        ({"size": (11, float("nan"))}, "between 4 and 60"),
        ({"size": (11,)}, "width and height"),
    ],
    ids=lambda case: str(case)[:20],
)
def test_what_cannot_be_drawn_is_refused_with_the_choice(wrong, message, tmp_path):
    with pytest.raises(SettingsError, match=message):
        toy(tmp_path / "a.png", **wrong)
    assert not list(tmp_path.iterdir())


def test_another_ending_is_refused_before_any_work(tmp_path):
    with pytest.raises(OutputError, match="must end in"):
        toy(tmp_path / "a.gif")


@pytest.mark.parametrize("size", [(4, 4), (7, 9), (16, 9), (30, 6)], ids=str)
def test_any_size_holds_every_word_inside_the_sheet(size, tmp_path):
    data = dataclasses.replace(
        toy_map(), filters=tuple(Text.same(f"filter number {at}") for at in range(40))
    )
    path = toy(tmp_path / "a.svg", data=data, size=size, measure="rate")

    root = ET.parse(path).getroot()
    _, _, width, height = map(float, root.get("viewBox").split())
    assert width == pytest.approx(size[0] * 72)
    assert height >= size[1] * 72 - 0.01
    for node in root.iter("{http://www.w3.org/2000/svg}text"):
        place = re.search(r"translate\(([-\d.]+) ([-\d.]+)\)", node.get("transform", ""))
        x, y = map(float, place.groups()) if place else (float(node.get("x")), float(node.get("y")))
        assert 0 <= x <= width
        assert 0 < y < height
    assert "filter number 39" in " ".join(texts(path))


def test_picture_of_a_study_has_the_classes_of_its_page():
    results = studies.sample()
    from geo.render.describe import describe

    data = describe(results)
    for level in ("state", "municipality"):
        made = timed_breaks(data.timed, level)
        for measure in ("count", "rate", "smoothed"):
            chosen = choose(data, level, measure, "en", load_ground().codes(level))
            breaks = made[measure][12]["all"]
            assert len(chosen.colors) == len(breaks)
            highest = breaks.bounds[-1]
            assert f"{highest:,.12g}" in chosen.names[-1]


def test_change_of_a_study_is_in_the_classes_of_ratios(tmp_path):
    results = studies.sample()
    from geo.render.describe import describe

    data = describe(results)
    chosen = choose(data, "state", "change", "en", load_ground().codes("state"))
    change = results.tables["change_state"].set_index("cvegeo")

    # Sinaloa has 2.48 times the rate of 2023: the class above 2 and up to 4.
    assert change.loc["25", "rate_ratio"] == pytest.approx(2.48, abs=0.005)
    assert chosen.names[chosen.classes["25"]] == "> 2–4 times"
    assert sum(chosen.counts) + chosen.no_data == 32
    both = int(change["base_events"].sum() + change["comparison_events"].sum())
    assert f"{both:,} events in both windows" in chosen.shown
    said = " ".join(texts(draw_map(results, tmp_path / "a.svg", level="state", measure="change")))
    assert "Change by state, 2024 against 2023" in said


def test_first_choice_is_what_the_page_shows_at_first():
    assert first_choice(country_map(), None, None) == ("municipality", "smoothed")
    assert first_choice(toy_map(), "state", None) == ("state", "smoothed")


def of_2024(results):
    """Events of the sample that count for a state in 2024."""
    events = results.located
    inside = (events["event_date"].dt.year == 2024) & (events["time_precision"] != "year")
    return events[inside & events["cve_ent"].notna()]


def class_of(value, bounds, zero=False):
    """The class of a value by hand: 0 alone where it is one, then from bound to bound."""
    if zero and value == 0:
        return 0
    return sum(value > bound for bound in bounds[1:-1]) + zero


def test_share_of_a_state_is_that_of_its_events(tmp_path):
    results = studies.sample()
    from geo.render.describe import describe

    chosen = choose(describe(results), "state", "share", "en", load_ground().codes("state"))
    targeted = of_2024(results).groupby("cve_ent")["civilian_targeting"].agg(["sum", "count"])

    told = targeted[targeted["count"] >= 5]
    bounds = (0, 0.2, 0.4, 0.6, 0.8, 1)
    expected = {
        code: class_of(row["sum"] / row["count"], bounds, zero=True)
        for code, row in told.iterrows()
    }
    assert len(expected) > 25
    assert chosen.classes == expected
    assert chosen.no_data == 32 - len(expected)
    assert sum(chosen.counts) + chosen.no_data == 32
    assert f"{int(targeted['count'].sum()):,} events" in chosen.shown
    said = texts(draw_map(results, tmp_path / "a.svg", level="state", measure="share", lang="es"))
    assert "Ataques a civiles por estado, 2024" in " ".join(said)
    # A part of all events, never a rate.
    assert "100,000" not in " ".join(said)


def test_a_category_counts_its_own_events_in_either_language(tmp_path):
    results = studies.sample()
    from geo.render.describe import describe

    data, codes = describe(results), load_ground().codes("state")
    english = choose(data, "state", "count", "en", codes, category="battles")
    spanish = choose(data, "state", "count", "es", codes, category="Enfrentamientos")
    events = of_2024(results)
    counts = events[events["event_type"] == "Battles"].groupby("cve_ent").size()
    everything = choose(data, "state", "count", "en", codes)

    assert english.classes == spanish.classes != everything.classes
    assert f"{counts.sum():,} events on the map" in english.shown
    assert english.heading == "Battles: Events by state, 2024"
    assert spanish.heading == "Enfrentamientos: eventos por estado, 2024"
    assert "Enfrentamientos" in spanish.unit
    bounds = timed_breaks(data.timed, "state")["count"][12]["event_type:2"].bounds
    assert english.classes == {
        code: class_of(counts.get(code, 0), bounds, zero=english.names[0] == "0") for code in codes
    }
    path = draw_map(results, tmp_path / "a.svg", level="state", category="Battles")
    said = " ".join(texts(path))
    assert "Battles: Rate by state, 2024" in said


def test_change_of_a_category_is_a_quotient_of_its_rates():
    results = studies.sample()
    from geo.render.describe import describe

    data, codes = describe(results), load_ground().codes("state")
    chosen = choose(data, "state", "change", "en", codes, category="Battles")
    events = results.located[results.located["event_type"] == "Battles"]
    events = events[events["time_precision"] != "year"]
    both = [
        events[events["event_date"].dt.year == year].groupby("cve_ent").size()
        for year in (2023, 2024)
    ]
    change = results.tables["change_state"].set_index("cvegeo")
    people = change["comparison_exposure"] / change["base_exposure"]

    for code in codes:
        base, later = (of_year.get(code, 0) for of_year in both)
        if base + later < 5:
            assert code not in chosen.classes
        elif base:
            ratio = later / base / people[code]
            assert chosen.classes[code] == sum(ratio > b for b in (0.25, 0.5, 0.8, 1.25, 2, 4))
    assert len(chosen.classes) > 20
    assert sum(chosen.counts) + chosen.no_data == 32


@pytest.mark.parametrize("measure", ["count", "smoothed", "hotspots", "change", "share"])
def test_a_picture_of_one_state_holds_its_municipalities_alone(measure):
    results = studies.sample()
    from geo.render.describe import describe

    data, codes = describe(results), load_ground().codes("municipality")
    whole = choose(data, "municipality", measure, "en", codes)
    cut = choose(data, "municipality", measure, "en", codes, state="25")

    # The 18 municipalities of Sinaloa, in the classes and colors of the whole country.
    assert sum(cut.counts) + cut.no_data == 18
    assert cut.classes == {k: v for k, v in whole.classes.items() if k.startswith("25")}
    assert cut.few == {code for code in whole.few if code.startswith("25")}
    assert (cut.colors, cut.names) == (whole.colors, whole.names)
    assert cut.heading.startswith("Sinaloa · ")
    events = of_2024(results)
    if measure == "count":
        number = int((events["cvegeo"].str[:2] == "25").sum())
        assert f"{number:,} events on the map" in cut.shown


def test_a_state_is_named_as_people_name_it_and_its_municipalities_are_named(tmp_path):
    results = studies.sample()
    by_name = draw_map(results, tmp_path / "a.svg", state="sinaloa", size=(8, 10))
    by_code = draw_map(results, tmp_path / "b.svg", state="25", size=(8, 10))

    assert by_name.read_bytes() == by_code.read_bytes()
    said = texts(by_name)
    assert {"Culiacán", "Badiraguato", "Choix"} <= set(said)
    assert "Oaxaca" not in said
    whole = texts(draw_map(results, tmp_path / "c.svg"))
    assert "Badiraguato" not in whole
    assert "Oaxaca" in whole


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("Sinalona", "no state is called 'Sinalona'; the nearest names are 25 Sinaloa"),
        ("Texas", "codes run from 01 to 32"),
        ("33", "33"),
        ("", "empty"),
    ],
)
def test_an_unknown_state_is_refused_with_the_nearest_names(name, message, tmp_path):
    with pytest.raises(AreaError, match=message):
        toy(tmp_path / "a.png", state=name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"category": "Battels"}, "no category 'Battels'; choose Violence against civilians, .*"),
        ({"category": "Battles", "measure": "share"}, "choose count, rate, change"),
        ({"category": "Battles", "measure": "smoothed"}, "choose count, rate, change"),
        ({"category": "Battles", "measure": "hotspots"}, "choose count, rate, change"),
    ],
    ids=str,
)
def test_a_category_that_is_not_there_or_cannot_be_told_is_refused(wrong, message, tmp_path):
    with pytest.raises(SettingsError, match=message):
        draw_map(studies.sample(), tmp_path / "a.png", **wrong)
    assert not list(tmp_path.iterdir())
