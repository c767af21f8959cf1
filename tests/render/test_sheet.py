import itertools
import sys

import numpy as np
import pytest
from PIL import Image

from geo.errors import OutputError, SettingsError
from geo.render import sheet
from geo.render.margins import Margins


def test_lines_are_no_wider_than_they_may_be_and_lose_no_character():
    text = "an ordinary sentence, then aWordThatIsFarTooLongForAnyLineOfThisWidth and more"

    lines = sheet.wrapped(text, 80, 8)

    assert all(sheet.text_width(line, 8) <= 80 for line in lines)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("iiii llll tttt jjjj i l t j " * 6, id="narrower than guessed"),
        pytest.param("WWWW MMMM @@@@ W M @ " * 6, id="wider than guessed"),
        pytest.param("Events per 100,000 person-years, by month of Sinaloa. " * 4, id="ordinary"),
    ],
)
@pytest.mark.parametrize("face", ["normal", "bold"])
def test_a_line_takes_every_word_that_it_can_hold(text, face):
    lines = sheet.wrapped(text, 150, 8, face)

    assert " ".join(lines).split() == text.split()
    for line, following in itertools.pairwise(lines):
        assert sheet.text_width(line, 8, face) <= 150
        assert sheet.text_width(f"{line} {following.split()[0]}", 8, face) > 150


@pytest.mark.parametrize(
    ("text", "lines"),
    [("", []), ("abc de", ["a", "b", "c", "d", "e"]), ("a b", ["a", "b"])],
    ids=["nothing", "words", "letters"],
)
def test_where_not_a_letter_fits_each_is_a_line(text, lines):
    assert sheet.wrapped(text, 1, 8) == lines


def test_bold_is_wider_and_width_grows_with_size():
    plain = sheet.text_width("Sinaloa", 10)

    assert sheet.text_width("Sinaloa", 10, "bold") > plain
    assert sheet.text_width("Sinaloa", 20) == pytest.approx(2 * plain)
    assert sheet.text_width("", 10) == 0


def test_shortened_text_fits_and_says_that_it_is_cut():
    cut = sheet.shortened("Violence against civilians", 50, 8)

    assert cut.endswith("…")
    assert sheet.text_width(cut, 8) <= 50
    assert sheet.shortened("short", 500, 8) == "short"


@pytest.mark.parametrize("name", ["map.jpg", "map", "map.html"])
def test_other_endings_are_refused_with_the_ones_there_are(name):
    with pytest.raises(OutputError, match=r"must end in \.png, \.svg, \.pdf"):
        sheet.check_ending(name)


@pytest.mark.parametrize("size", [(0, 5), (5, -1), (5, 1000), (float("nan"), 5), (5,)], ids=str)
def test_a_size_that_is_no_paper_is_refused(size):
    with pytest.raises(SettingsError, match="inches"):
        sheet.check_size(size)


def test_settings_of_the_user_neither_enter_nor_are_lost():
    import matplotlib as mpl

    with mpl.rc_context({"text.parse_math": True, "svg.fonttype": "path", "font.size": 33}):
        with sheet.drawing():
            assert mpl.rcParams["text.parse_math"] is False
            assert mpl.rcParams["svg.fonttype"] == "none"
            assert mpl.rcParams["font.size"] == 10
        assert mpl.rcParams["text.parse_math"] is True
        assert mpl.rcParams["font.size"] == 33


def test_more_words_take_more_room_and_made_up_data_are_said_twice():
    few = Margins(
        language="en", made_up=False, title="T", subtitle="S", heading="H", lines=("one line",)
    )
    more = Margins(
        language="en", made_up=True, title="T", subtitle="S", heading="H", lines=("word " * 400,)
    )

    assert more.foot_height(500) > few.foot_height(500)
    with sheet.drawing():
        page = sheet.Sheet(600, 400)
        more.draw_head(page)
        more.draw_foot(page)
    said = [text.get_text() for text in page.figure.texts]
    assert sum("Made-up data." in line for line in said) == 2


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("width", [288, 400, 800])
def test_no_line_around_a_picture_runs_over_the_edge(language, width):
    said = Margins(
        language=language, made_up=True, title="A title that is long enough for two lines " * 2,
        subtitle="and its subtitle " * 5, heading="what is drawn " * 6, lines=("word " * 90,) * 3,
        statement="a sentence with numbers 1.20-5.15 " * 4,
    )  # fmt: skip

    with sheet.drawing():
        page = sheet.Sheet(width, 900)
        said.draw_head(page)
        said.draw_foot(page)

    for text in page.figure.texts:
        face = "bold" if text.get_fontweight() == "bold" else "normal"
        end = text.get_position()[0] * width + sheet.text_width(
            text.get_text(), text.get_fontsize(), face
        )
        assert end <= width, text.get_text()


def test_nothing_but_drawing_loads_matplotlib():
    import subprocess

    code = (
        "import sys, geo, geo.cli.map, geo.cli.graph, geo.render.picture, geo.render.series_graph;"
        "geo.draw_map; geo.draw_series; print('matplotlib' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout.strip() == "False"


def test_what_is_filled_later_hides_a_line(tmp_path):
    with sheet.drawing():
        paper = sheet.Sheet(72, 72)
        paper.rectangle(0, 0, 72, 72, "#ffffff")
        paper.stroke((36, 0), (36, 72), "#000000", 4)
        paper.rectangle(30, 20, 12, 12, "#ffffff")
        paper.save(tmp_path / "a.png", title="A line")
    drawn = np.asarray(Image.open(tmp_path / "a.png").convert("L"))
    middle = drawn[:, drawn.shape[1] // 2]
    at = {name: int(y / 72 * len(middle)) for name, y in (("above", 10), ("under", 26))}

    assert middle[at["above"]] < 50
    assert middle[at["under"]] > 200
