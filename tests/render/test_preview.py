import io
import re
from collections import Counter

import numpy as np
import pytest
from PIL import Image

from geo.render.map import EventMap
from geo.render.noscript import area_table, top_table, without_scripts
from geo.render.paint import classes_of, paint_of, paints
from geo.render.preview import make_preview
from geo.render.text import Text
from tests.hostile import strings
from tests.render.maps import country_map, table, toy_ground, toy_levels, toy_map
from tests.render.test_page import Page

DATA, GROUND = toy_map(), toy_ground()


def rgb(color):
    return tuple(bytes.fromhex(color.removeprefix("#")))


def test_a_picture_of_the_country_is_small_and_has_the_exact_colors_of_its_classes():
    drawn = EventMap(country_map())
    shown = make_preview(drawn.data, drawn.ground, "en")
    assert len(shown.png) <= 15_000
    with Image.open(io.BytesIO(shown.png)) as image:
        assert (image.width, image.height) == (shown.width, shown.height)
        assert image.mode == "P"
        pixels = Counter(map(tuple, np.asarray(image.convert("RGB")).reshape(-1, 3).tolist()))

    level = drawn.data.levels["municipality"]
    paint = paint_of(level, paints("municipality", level)["smoothed"].measure)
    assert set(classes_of(level, paint)) >= set(range(len(paint.colors)))
    for color in paint.colors:
        assert pixels[rgb(color)] > 300  # the areas of the class and its box in the legend


def test_the_same_map_gives_the_same_picture():
    one, other = (make_preview(toy_map(), toy_ground(), "en") for _ in range(2))

    assert one.png == other.png
    assert one.png != make_preview(toy_map(), toy_ground(), "es").png


def test_a_made_up_map_says_so_on_its_picture():
    plain, marked = (
        make_preview(toy_map(made_up=made_up), GROUND, "en") for made_up in (False, True)
    )

    assert marked.height > plain.height
    with Image.open(io.BytesIO(marked.png)) as image:
        assert image.convert("RGB").getpixel((2, 2)) == rgb("#ffd34d")


def cells(markup):
    page = Page(markup)
    return [text for name, _, text in page.elements if name in ("th", "td")]


def test_municipalities_are_listed_by_what_the_map_shows_first_in_the_language_of_the_page():
    found = cells(top_table(DATA, "es"))

    assert found[:7] == [
        "Municipio", "Estado", "Eventos", "Población", "Tasa por 100,000", "Intervalo de 95\u00a0%",
        "Tasa suavizada",
    ]  # fmt: skip
    # Este has no population, so it has no rate and no place among the highest rates.
    assert found[7:] == ["Oeste", "Uno", "3", "1,000", "300.0", "61.9 – 876.7", "280.0"]
    assert "Los 1 municipios" in top_table(DATA, "es")


def test_without_rates_municipalities_are_listed_by_their_events():
    levels = {
        level: type(data)(data.areas, {"count": data.breaks["count"]})
        for level, data in toy_levels().items()
    }
    found = cells(top_table(toy_map(levels=levels), "en"))

    assert found[7::7] == ["Oeste", "Este"]
    assert found[9::7] == ["3", "2"]


def test_no_more_than_twenty_municipalities_are_listed_and_equals_by_code():
    data = country_map()
    areas = data.levels["municipality"].areas
    highest = areas.sort_values(["eb_rate", "cvegeo"], ascending=[False, True])

    assert cells(top_table(data, "en"))[7::7] == highest["name"].head(20).tolist()


def test_states_are_listed_highest_rate_first():
    assert cells(area_table(DATA, "en"))[5::5] == ["Uno", "Dos"]


@pytest.mark.parametrize("language", ["en", "es"])
def test_a_page_without_scripts_has_picture_tables_and_words_of_one_language(language):
    page = Page(without_scripts(DATA, GROUND, language))

    [(image, _)] = page.all("img")
    assert image["src"].startswith("data:image/png;base64,")
    assert {"en": "by municipality", "es": "por municipio"}[language] in image["alt"]
    assert len(page.all("table")) == 2
    assert page.all("script") == []


def test_f2_hostile_names_and_titles_stay_text_without_scripts_and_in_a_notebook():
    levels = toy_levels()
    for text in strings()[::3]:
        west = (text, text, 3, 1000.0, 1000.0, 300.0, 61.9, 876.7, 280.0, False)
        named = table(("01001", *west), ("02001", *west))
        areas = levels["municipality"].areas.assign(name=named["name"], state_name=text)
        data = toy_map(
            title=Text.same(text),
            levels={**levels, "municipality": type(levels["state"])(areas, levels["state"].breaks)},
            source=text,
        )
        listed = top_table(data, "en")
        assert not re.search(r"<(?!/?(div|table|caption|tr|th|td)[ >])", listed)


@pytest.mark.parametrize("text", ["<img src=x onerror=window.ran=1>", "</div><script>x</script>"])
def test_f2_a_notebook_shows_hostile_titles_as_text(text):
    drawn = EventMap(toy_map(title=Text.same(text), source=text), ground=GROUND)
    shown = drawn._repr_html_()

    assert "<script" not in shown
    assert [name for name, *_ in Page(shown).elements if name] == [
        "div", "h3", "img", "p", "p", "code",
    ]  # fmt: skip
    assert Page(shown).all("h3")[0][1] == text


def test_a_notebook_says_what_is_made_up_and_shows_a_small_picture():
    shown = EventMap(toy_map(made_up=True), "es", ground=GROUND)._repr_html_()

    assert "Datos inventados" in shown
    assert "data:image/png;base64," in shown
    assert "Source" not in shown
    assert len(shown) < 150_000
