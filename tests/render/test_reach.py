"""The forms in which a page is written, and what none of them holds."""

import gzip
import re
import zipfile

import pytest

import geo
from geo.errors import OutputError
from geo.render.codec import unpack_block
from geo.render.map import EventMap
from geo.study import run_study
from tests import toy
from tests.render.maps import country_map, toy_ground, toy_map
from tests.render.test_page import Page

DATA, GROUND = toy_map(), toy_ground()
LONG_BASE64 = re.compile(r"[A-Za-z0-9+/]{300,}={0,2}")
PICTURE = re.compile(r"data:image/png;base64,[A-Za-z0-9+/=]+")


def event_map():
    return EventMap(DATA, ground=GROUND)


def blocks_of(text):
    page = Page(text)
    return {
        entry["name"]: unpack_block(page.by_id(f"geo-block-{entry['name']}"), entry)
        for entry in page.config["blocks"]
    }


@pytest.fixture(scope="module")
def country():
    drawn = EventMap(country_map())
    return {plain: drawn.html(plain=plain) for plain in (False, True)}


def test_a_plain_page_holds_the_same_data_as_the_packed_one(country):
    packed, plain = blocks_of(country[False]), blocks_of(country[True])

    assert plain == packed
    assert len(packed) >= 8


def test_a_plain_page_holds_no_packed_data_but_its_picture(country):
    rest = PICTURE.sub("", country[True])

    assert LONG_BASE64.search(PICTURE.sub("", country[False]))
    found = [one for one in LONG_BASE64.findall(rest) if not one.isdigit()]
    assert found == []


def test_a_plain_page_stays_within_its_size(country):
    assert len(country[True].encode()) < 3_500_000
    assert len(gzip.compress(country[True].encode())) < 900_000


def test_an_archive_is_written_beside_only_if_it_is_asked_for(tmp_path):
    path = event_map().save(tmp_path / "año 1.html")
    assert [p.name for p in tmp_path.iterdir()] == ["año 1.html"]

    assert event_map().save(path, zip=True) == path
    with zipfile.ZipFile(tmp_path / "año 1.zip") as archive:
        assert archive.namelist() == ["ano-1.html"]
        assert archive.read("ano-1.html") == path.read_bytes()


def test_the_same_map_gives_the_same_archive(tmp_path):
    packed = []
    for name in ("a", "b"):
        (tmp_path / name).mkdir()
        event_map().save(tmp_path / name / "map.html", zip=True, plain=True)
        packed.append((tmp_path / name / "map.zip").read_bytes())

    assert packed[0] == packed[1]


def test_a_page_that_would_be_its_own_archive_is_refused(tmp_path):
    with pytest.raises(OutputError, match=r"end in \.html"):
        event_map().save(tmp_path / "map.zip", zip=True)
    assert list(tmp_path.iterdir()) == []


def test_a_page_written_in_one_form_leaves_the_next_as_it_was():
    drawn = event_map()
    before = drawn.html()
    drawn.html(plain=True, lang="es", tiles=geo.Tiles("https://t.example/{z}/{x}/{y}", "© T"))

    assert drawn.html() == before


@pytest.mark.parametrize("plain", [False, True], ids=["packed", "plain"])
def test_no_row_note_id_or_coordinate_of_an_event_is_in_the_page(plain):
    days = [f"2024-{month:02}-0{n}" for month in range(1, 13) for n in (1, 2, 3)]
    places = [(-107.391234 - n * 0.000001, 24.809876 + n * 0.000001) for n in range(len(days))]
    events = toy.events(
        *places,
        event_date=days,
        event_id=[f"SECRETID{n}" for n in range(len(days))],
        notes=[f"a private note, number {n}" for n in range(len(days))],
        location=["Calle Privada 7"] * len(days),
    )
    results = run_study(events, permutations=0, source="A list", data_through="2024-12-31")
    text = EventMap(results).html(plain=plain)
    everything = [text, *(data.decode("utf-8", "replace") for data in blocks_of(text).values())]

    for held in everything:
        for secret in ("SECRETID", "private note", "Calle Privada"):
            assert secret not in held
        for lon, lat in places:
            for digits in (3, 4, 5, 6):
                assert f"{lon:.{digits}f}" not in held
                assert f"{lat:.{digits}f}" not in held
