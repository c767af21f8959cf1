"""Loading the shipped boundaries, and looking areas up by name."""

from __future__ import annotations

import re
import shutil

import numpy as np
import pandas as pd
import pytest
import shapely

from geo import schema
from geo.errors import AreaError, BoundariesError, SettingsError
from geo.sources import boundaries, gazetteer, shipped
from geo.sources.arcs import Arcs, toy_arcs

# Loading


@pytest.mark.parametrize("level", ["state", "municipality"])
def test_loaded_tables_honor_their_contracts(level):
    schema.AREAS.check(boundaries.load_areas(level))
    schema.AREAS.check(boundaries.display_geometry(level))
    schema.NEIGHBORS.check(boundaries.load_neighbors(level))


@pytest.mark.parametrize(
    "load",
    [
        boundaries.load_areas,
        boundaries.display_geometry,
        boundaries.area_codes,
        boundaries.load_labels,
        boundaries.load_neighbors,
        lambda _: boundaries.load_basemap(),
        lambda _: boundaries.load_cities(),
        lambda _: boundaries.load_neighbor_countries(),
    ],
)
def test_what_a_caller_does_to_a_table_does_not_reach_the_next_caller(load):
    mine = load("state")
    column = mine.columns[0]
    before = mine[column].iloc[0]

    mine.loc[mine.index[0], column] = "spoiled"
    if "geometry" in mine:
        mine.loc[mine.index[0], "geometry"] = None

    theirs = load("state")
    assert theirs[column].iloc[0] == before
    if "geometry" in theirs:
        assert theirs["geometry"].iloc[0] is not None


def test_arrays_of_arcs_are_shared_and_read_only():
    arcs = boundaries.load_arcs("display")

    assert boundaries.load_arcs("display") is arcs
    with pytest.raises(ValueError, match="read-only"):
        arcs.lon[0] = 0


@pytest.mark.parametrize("call", [boundaries.load_areas, boundaries.load_neighbors])
def test_unknown_level_is_refused(call):
    with pytest.raises(SettingsError, match="choose state or municipality"):
        call("municipio")


def test_unknown_detail_is_refused():
    with pytest.raises(SettingsError, match="choose full, fine or display"):
        boundaries.load_arcs("500m")


def test_arcs_become_polygons_with_holes_parts_and_shared_borders():
    arcs = Arcs(
        lon=np.array([0.0, 9, 9, 0, 0, 3, 3, 6, 6, 3, 20, 21, 21, 20]),
        lat=np.array([0.0, 0, 9, 9, 0, 3, 6, 6, 3, 3, 0, 0, 1, 0]),
        arc_start=np.array([0, 5, 10, 14]),
        ring_arcs=np.array([0, 1, 2, -2]),
        ring_start=np.array([0, 1, 2, 3, 4]),
        ring_area=np.array([0, 0, 0, 1]),
        ring_part=np.array([0, 0, 1, 0]),
        codes=("01", "02"),
    )

    outer, inner = arcs.to_polygons()

    assert outer.area == 81 - 9 + 0.5
    assert inner.area == 9
    assert len(outer.geoms) == 2
    assert shapely.coverage_is_valid(arcs.to_polygons())


def test_selected_areas_keep_their_shapes():
    toy = toy_arcs()

    [east] = toy.select(1, 2).to_polygons()

    assert toy.select(1, 2).codes == ("02",)
    assert east.equals(shapely.box(1, 0, 2, 1))


@pytest.fixture
def copy_of_the_data(tmp_path, monkeypatch):
    """Return a folder with a copy of the small data files, in place of the shipped one."""
    for name in ("SOURCES.toml", "areas.parquet", "neighbors.parquet", "cities.csv"):
        shutil.copy(shipped.folder() / name, tmp_path)
    monkeypatch.setattr(shipped, "FOLDERS", (tmp_path / "nowhere", tmp_path))
    for cached in (shipped.path, shipped.areas, shipped._promised):
        cached.cache_clear()
    yield tmp_path
    for cached in (shipped.path, shipped.areas, shipped._promised):
        cached.cache_clear()


def test_data_are_found_in_the_second_place(copy_of_the_data):
    assert shipped.path("cities.csv") == copy_of_the_data / "cities.csv"
    assert len(boundaries.load_cities()) == 70


@pytest.mark.parametrize("damage", ["missing", "cut", "changed"])
def test_missing_or_damaged_file_is_named_with_its_cure(copy_of_the_data, damage):
    file = copy_of_the_data / "neighbors.parquet"
    content = file.read_bytes()
    if damage == "missing":
        file.unlink()
    else:
        file.write_bytes(content[:-100] if damage == "cut" else content[:-1] + b"!")

    with pytest.raises(BoundariesError, match=r"neighbors\.parquet.*install geo again") as error:
        boundaries.load_neighbors()

    assert error.value.exit_code == 3


def test_folder_that_is_not_there_is_said(monkeypatch, tmp_path):
    monkeypatch.setattr(shipped, "FOLDERS", (tmp_path,))

    with pytest.raises(BoundariesError, match="boundaries are not there"):
        shipped.folder()


def test_file_that_holds_no_arcs_is_refused(tmp_path):
    pd.DataFrame({"lon": [1]}).to_parquet(tmp_path / "arcs.parquet")

    with pytest.raises(BoundariesError, match="not a file of boundaries"):
        Arcs.read(tmp_path / "arcs.parquet")
    with pytest.raises(BoundariesError, match="not there"):
        Arcs.read(tmp_path / "absent.parquet")


# Looking up


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param("Culiacán", "25006", id="official name"),
        pytest.param("CULIACAN", "25006", id="D2 no accent, upper case"),
        pytest.param("  culiacán ", "25006", id="D2 spaces around"),
        pytest.param("Nuevo\N{NO-BREAK SPACE} \tLaredo", "28027", id="D2 NBSP, doubled"),
        pytest.param("Culiaca\N{COMBINING ACUTE ACCENT}n", "25006", id="D2 NFD"),
        pytest.param("CULİACÁN", "25006", id="D2 Turkish i"),
        pytest.param("Culiacán, Sinaloa", "25006", id="with state"),
        pytest.param("Culiacán, Sin.", "25006", id="with abbreviated state"),
        pytest.param("Culiacán, Sinaloa, México", "25006", id="with state and country"),
        pytest.param("Culiacán, México", "25006", id="with country"),
        pytest.param("Culiacán municipality", "25006", id="UCDP's form"),
        pytest.param("Municipio de Culiacán", "25006", id="with its kind"),
        pytest.param("Juárez, Chihuahua", "08037", id="D3 state given"),
        pytest.param("Juarez (Chih.)", "08037", id="D3 state in brackets"),
        pytest.param("Benito Juárez, CDMX", "09014", id="D3 D4 state by alias"),
        pytest.param("Ciudad Juárez", "08037", id="city, not municipality"),
        pytest.param("Cancun", "23005", id="city of another name"),
        pytest.param("Playa del Carmen", "23008", id="D8 renamed since"),
        pytest.param("Solidaridad", "23008", id="D8 name of 2019"),
        pytest.param("Acapulco", "12001", id="short name"),
        pytest.param("Gral. Escobedo", "19021", id="D4 abbreviation"),
        pytest.param("Sta. Catarina, N.L.", "19048", id="D4 abbreviations"),
        pytest.param("Medellin, Veracruz", "30105", id="ACLED's form"),
        pytest.param("San Pedro Mixtepec -Dto. 22", "20318", id="ACLED's form of a double"),
        pytest.param(
            "Heroica Villa Tezoatlán de Segura y Luna, Cuna de la Independencia de Oaxaca",
            "20549",
            id="official name with a comma",
        ),
        pytest.param("Santiago Ixcuintla", "18015", id="whole name"),
        pytest.param("Puebla, Puebla", "21114", id="namesake of its state"),
        pytest.param("Puebla", "21", id="a state's name means the state"),
        pytest.param("Nvo. Leon", "19", id="D4 state abbreviated"),
        pytest.param("Distrito Federal", "09", id="D4 former name"),
        pytest.param("Edomex", "15", id="D4 everyday name"),
        pytest.param("Estado de Mexico", "15", id="D4 everyday name without accent"),
        pytest.param("Sinaloa, México", "25", id="state and country"),
        pytest.param("25006", "25006", id="code"),
        pytest.param(1001, "01001", id="D1 integer"),
        pytest.param("1001.0", "01001", id="D1 float"),
        pytest.param("1.001E+03", "01001", id="D1 scientific"),
        pytest.param(9, "09", id="D1 state as integer"),
        pytest.param("09", "09", id="code of a state"),
    ],
)
def test_area_is_found_however_it_is_written(text, code):
    assert boundaries.find_area(text) == code


def test_level_and_state_say_which_of_two_is_meant():
    assert boundaries.find_area("Sinaloa", level="municipality") == "25017"
    assert boundaries.find_area("Sinaloa", level="state") == "25"
    assert boundaries.find_area("Juárez", state="Nuevo León") == "19031"
    assert boundaries.find_area("Juárez", state="08") == "08037"
    assert boundaries.find_area("Oaxaca", level="municipality") == "20067"


@pytest.mark.parametrize(
    ("text", "listed"),
    [
        (
            "Juárez",
            "05015 Juárez, Coahuila de Zaragoza; 07048 Juárez, Chiapas; 08037 Juárez, Chihuahua; "
            "16046 Juárez, Michoacán de Ocampo; 19031 Juárez, Nuevo León",
        ),
        ("Tlalnepantla", "15104 Tlalnepantla de Baz, México; 17023 Tlalnepantla, Morelos"),
        ("San Nicolás", "12085 San Nicolás (made in 2021), Guerrero; 20289 San Nicolás, Oaxaca"),
        ("Villa de", "06010 Villa de Álvarez, Colima; 13066"),
    ],
)
def test_d3_name_of_several_areas_is_refused_with_the_list(text, listed):
    with pytest.raises(AreaError, match="may be one of") as error:
        boundaries.find_area(text)

    assert listed in str(error.value)
    assert "add the state" in str(error.value)


def test_d3_namesakes_in_one_state_are_told_apart_by_code():
    with pytest.raises(AreaError, match="give the code") as error:
        boundaries.find_area("San Juan Mixtepec, Oaxaca")

    assert "20208" in str(error.value)
    assert "20209" in str(error.value)
    assert "add the state" not in str(error.value)


@pytest.mark.parametrize(
    ("text", "options", "suggestion"),
    [
        ("Culiacna", {}, "25006 Culiacán, Sinaloa"),
        ("Sinalona", {}, "25 Sinaloa (state)"),
        ("Sinalona", {"level": "state"}, "25 Sinaloa"),
        ("Culiacan", {"state": "Sinalo"}, "25 Sinaloa"),
        ("Culiacana", {"state": "Sinaloa"}, "25006 Culiacán, Sinaloa"),
        ("Tijuana, Sonora", {}, "02004 Tijuana, Baja California"),
        ("Qwertyuiop", {}, "no name is near"),
    ],
)
def test_d4_unknown_name_is_refused_with_the_nearest_spellings(text, options, suggestion):
    with pytest.raises(AreaError, match="called") as error:
        boundaries.find_area(text, **options)

    assert suggestion in str(error.value)


@pytest.mark.parametrize("given", ["25019", 25019, "Eldorado", "Eldorado, Sinaloa"])
def test_d5_municipality_made_since_is_refused_with_its_parent(given):
    with pytest.raises(AreaError, match=r"made in 2024.*25006 Culiacán"):
        boundaries.find_area(given)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("25999", "somewhere in Sinaloa"),
        ("25000", "somewhere in Sinaloa"),
        ("99998", "states run from 01 to 32"),
        ("33", "states run from 01 to 32"),
        ("25555", "no municipality of Sinaloa"),
        ("123456", "5 digits are expected"),
    ],
)
def test_d6_code_of_no_area_is_refused(code, words):
    with pytest.raises(AreaError, match=words):
        boundaries.find_area(code)


def test_contradicting_states_are_refused():
    with pytest.raises(AreaError, match="does not lie in Sonora"):
        boundaries.find_area("Juárez, Chihuahua", state="Sonora")


@pytest.mark.parametrize(
    "text", ["Michoacán, Guanajuato", "Culiacán y Mazatlán", "Sinaloa; Durango", "Ahome / Guasave"]
)
def test_several_areas_in_one_name_are_to_be_given_one_by_one(text):
    first, second = re.split(r" y |[,;/]", text)

    with pytest.raises(AreaError, match="give each by itself") as error:
        boundaries.find_area(text)
    assert str(error.value).endswith(f"{first.strip()!r}, {second.strip()!r}")


@pytest.mark.parametrize("text", ["", "  ", ",", "¿?"])
def test_empty_name_is_refused(text):
    with pytest.raises(AreaError, match="is empty"):
        boundaries.find_area(text)


def test_every_official_name_with_its_state_finds_its_area_or_is_a_known_double():
    areas = boundaries.area_codes()
    doubles = areas.duplicated(["name", "state_name"], keep=False)

    for code, name, state in areas[~doubles].itertuples(index=False, name=None):
        assert boundaries.find_area(name, state=state) == code
    assert sorted(areas.loc[doubles, "cvegeo"]) == ["20208", "20209", "20318", "20319"]


def test_every_alias_and_every_split_is_of_a_shipped_municipality():
    known = set(boundaries.area_codes()["cvegeo"])
    aliases, splits = shipped.read_table("aliases.csv"), shipped.splits()

    assert set(aliases["cvegeo"]) <= known
    assert not aliases.duplicated(["cvegeo", "alias"]).any()
    assert set(splits["parent"]) <= known
    assert not set(splits["cvegeo"]) & known
    names = boundaries.area_codes().set_index("cvegeo")["name"]
    assert (splits["parent"].map(names) == splits["parent_name"]).all()
    assert len(gazetteer._index()) > 2300
