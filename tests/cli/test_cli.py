from __future__ import annotations

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

import geo
from geo.cli import main
from geo.cli.group import COMMANDS
from geo.cli.options import settings
from geo.cli.say import plain
from geo.errors import BoundariesError
from geo.export.text import restore
from geo.sample import as_csv, make_sample

HEADER = (
    "event_id_cnty,event_date,year,time_precision,disorder_type,event_type,sub_event_type,actor1,"
    "assoc_actor_1,inter1,actor2,assoc_actor_2,inter2,interaction,civilian_targeting,iso,region,"
    "country,admin1,admin2,admin3,location,latitude,longitude,geo_precision,source,source_scale,"
    "notes,fatalities,tags,timestamp"
)


def row(number, date, *, actor="Group A", state="Sinaloa", precision=1):
    return (
        f"MEX{number},{date},{date[:4]},1,Political violence,Battles,Armed clash,{actor},,"
        f"Political militia,Group B,,Political militia,Political militia-Political militia,,484,"
        f"North America,Mexico,{state},Culiacan,,Culiacan,24.809,-107.394,{precision},Paper,"
        f"Subnational,A note,0,,1736000000"
    )


def rows_of(text, **kwargs):
    return list(csv.DictReader(io.StringIO(text, newline=""), **kwargs))


def rows_in(path):
    return rows_of(path.read_text(encoding="utf-8-sig"))


def run(*args, **kwargs):
    return CliRunner().invoke(main, [str(a) for a in args], **kwargs)


@pytest.fixture
def here(tmp_path, monkeypatch):
    """An empty current folder with four events: two of 2023, five of 2024, one unreadable."""
    monkeypatch.chdir(tmp_path)
    rows = [
        row(1, "2023-01-02"),
        row(2, "2023-12-31"),
        *(row(i, f"2024-0{i}-11") for i in range(3, 7)),
        row(7, "2024-12-31", precision=3),
        row(8, "2024-02-31"),
    ]
    (tmp_path / "acled.csv").write_text("\n".join([HEADER, *rows]) + "\n", encoding="utf-8")
    return tmp_path


# --- the group ------------------------------------------------------------------------------


def test_help_names_every_command_and_the_version_is_said():
    shown = run("--help")

    assert shown.exit_code == 0
    for name in COMMANDS:
        assert f"\n  {name}" in shown.output
    assert run("--version").output.strip() == f"geo {geo.__version__}"


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help_with_an_example(name):
    shown = run(name, "--help")

    assert shown.exit_code == 0
    assert f"$ geo {name}" in shown.output
    assert "\\b" not in shown.output


def test_help_imports_nothing_heavy():
    code = (
        "import sys\n"
        "from geo.cli import main\n"
        "main.main(['--help'], standalone_mode=False)\n"
        "heavy = {'pandas', 'numpy', 'shapely', 'geopandas', 'folium', 'rich', 'pyarrow'}\n"
        "assert not heavy & set(sys.modules), heavy & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    ("args", "code", "said"),
    [
        pytest.param(["undo"], 1, "No such command 'undo'.\n", id="unknown command"),
        pytest.param(["chekc"], 1, "Did you mean 'check'?", id="mistyped command"),
        pytest.param(
            ["rates", "acled.csv", "--data-through", "2024-06-30"],
            1,
            "out with --until",
            id="words of Python",
        ),
        pytest.param(["check"], 1, "Missing argument", id="no file"),
        pytest.param(["study", "acled.csv", "--period", "decade"], 1, "decade", id="bad choice"),
        pytest.param(["study", "acled.csv", "--base", "2023"], 1, "without comparison", id="half"),
        pytest.param(["study", "acled.csv", "--focus", "Sinalona"], 1, "Sinaloa", id="bad focus"),
        pytest.param(["check", "acled.csv", "--column", "x"], 1, "NAME=COLUMN", id="bad column"),
        pytest.param(["check", "none.csv"], 2, "there is no file none.csv", id="no such file"),
        pytest.param(["check", "page.csv"], 2, "HTML", id="A11 not what it claims"),
        pytest.param(["check", "acled.csv", "-o", "acled.csv"], 3, "is the input", id="G5"),
        pytest.param(["rates", "acled.csv", "-o", "z.doc"], 1, "must end in .csv", id="ending"),
        pytest.param(
            ["rates", "acled.csv", "-o", "z.xlsx"],
            1,
            "geo export FILE --format xlsx",
            id="workbook",
        ),
    ],
)
def test_faults_end_with_their_exit_code_and_a_message_without_traceback(here, args, code, said):
    (here / "page.csv").write_text("<!DOCTYPE html><html><body>Log in</body></html>")
    before = sorted(here.iterdir())

    done = run(*args)

    assert done.exit_code == code, done.output
    assert said in done.stderr
    assert "Traceback" not in done.output
    assert done.stdout == ""
    assert sorted(here.iterdir()) == before


def test_fault_of_the_machine_ends_with_3(monkeypatch):
    def broken(*_, **__):
        raise BoundariesError("the boundaries are damaged; install geo again")

    monkeypatch.setattr("geo.study.locate_events", broken)

    done = run("check", "acled.csv")

    assert done.exit_code == 3
    assert done.stderr == "Error: the boundaries are damaged; install geo again\n"


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no full device")
def test_i2_stdout_that_is_full_is_said_without_a_traceback(here):
    code = "import sys; from geo.cli import main; main(sys.argv[1:])"
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-c", code, "check", here / "acled.csv"],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 3
    assert "the machine refuses" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_reader_that_has_seen_enough_is_no_fault(here):
    code = "import sys; from geo.cli import main; main(sys.argv[1:])"
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "w") as gone:
        done = subprocess.run(
            [sys.executable, "-c", code, "rates", here / "acled.csv"],
            stdout=gone, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip

    assert done.returncode == 0
    assert "Traceback" not in done.stderr
    assert "Exception ignored" not in done.stderr


def test_message_of_the_library_names_the_options_of_the_command(here):
    (here / "hechos.csv").write_text("Fecha,Lon,Lat,Tipo de hecho\n2024-05-01,-107.394,24.809,a\n")

    said = run("check", "hechos.csv").stderr

    # Quoted only where it must be, and so that cmd.exe understands it, too.
    assert "--column event_date=Fecha --column longitude=Lon --column latitude=Lat" in said


def test_defect_keeps_its_traceback(monkeypatch):
    def broken(*_, **__):
        raise KeyError("a defect")

    monkeypatch.setattr("geo.study.locate_events", broken)

    assert isinstance(run("check", "acled.csv").exception, KeyError)


def test_i7_interrupt_ends_with_130_and_leaves_nothing(here, monkeypatch):
    def interrupted(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("geo.study.run_study", interrupted)
    before = sorted(here.iterdir())

    done = run("study", "acled.csv")

    assert done.exit_code == 130
    assert "Interrupted" in done.stderr
    assert sorted(here.iterdir()) == before


def test_f7_escape_codes_in_data_do_not_reach_the_terminal(here):
    text = "\x1b[2J\x1b]0;owned\x07\x1b[31mevil\u202e"
    (here / "bad.csv").write_text(
        f"{HEADER}\n{row(1, '2024-01-01')}\n{row(2, text)}\n", encoding="utf-8"
    )

    done = run("check", "bad.csv")

    assert "\x1b" not in done.output
    assert "\u202e" not in done.output
    assert "\x07" not in done.output


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("\x1b[31mred\x1b[0m", "red"),
        ("\x1b]8;;http://x\x1b\\link\x1b]8;;\x1b\\", "link"),
        ("\x1bP1$rq\x1b\\a", "a"),
        ("a\rb\x08c\x9b31m", "abc31m"),
        ("\u202egnp.exe\u2066\u200b", "gnp.exe"),
        ("año\nñandú\t1", "año\nñandú\t1"),
        ("\x1b", ""),
    ],
)
def test_f7_what_a_terminal_acts_on_is_removed(text, expected):
    assert plain(text) == expected


def test_options_become_settings_and_what_is_not_given_is_left_to_the_file():
    given = {
        "base": "2023", "title": None, "nearest_year": False, "event_types": ("Battles", "Riots"),
        "since": "2023-01-01", "columns": ("event_date=fecha", "latitude=lat=1"), "actors": (),
    }  # fmt: skip

    assert settings(given) == {
        "base": "2023",
        "columns": {"event_date": "fecha", "latitude": "lat=1"},
        "filters": {"since": "2023-01-01", "event_types": ["Battles", "Riots"]},
    }


# --- check, assign, rates, sample -----------------------------------------------------------


def test_check_accounts_for_every_record_and_writes_the_quarantine(here):
    done = run("check", "acled.csv", "-o", "left-out.csv")

    assert done.exit_code == 0
    rows = rows_of(done.stdout, delimiter="\t")
    records = {
        (r["outcome"], r["reason"]): int(r["number"]) for r in rows if r["step"] == "records"
    }
    assert records == {("used", ""): 7, ("quarantined", "impossible_date"): 1}
    assert done.stderr.splitlines()[-1] == (
        "8 records: 7 used, 0 filtered, 1 quarantined; 7 count for a state, 6 for a municipality; "
        "quarantine in left-out.csv"
    )
    [left] = rows_in(here / "left-out.csv")
    assert (left["line"], left["column"], left["value"]) == ("9", "event_date", "2024-02-31")


def test_c1_a1_check_says_what_was_repaired(here):
    head = "event_date,longitude,latitude,notes\n"
    rows = "2024-05-01,24.809,-107.394,Culiac\xe1n\n"
    (here / "turned.csv").write_bytes((head + rows).encode("latin-1"))

    done = run("check", "turned.csv", "--geo-precision", "exact")

    assert "Repaired: decoded as windows-1252\n" in done.stderr
    assert "Repaired: longitude and latitude were swapped in all 1 record; put right" in done.stderr
    assert "1 for a municipality" in done.stderr


@pytest.mark.usefixtures("here")
def test_check_speaks_to_machines():
    said = json.loads(run("check", "acled.csv", "--json").stdout)

    assert said["records"] == {"physical": 8, "used": 7, "filtered": 0, "quarantined": 1}
    assert said["layout"] == "acled"
    assert said["made_up"] is False
    assert len(said["inputs"][0]["sha256"]) == 64


def test_check_of_a_file_without_a_usable_record_ends_with_2(here):
    (here / "bad.csv").write_text(f"{HEADER}\n{row(1, '2024-02-31')}\n", encoding="utf-8")

    done = run("check", "bad.csv")

    assert done.exit_code == 2
    assert "1 record: 0 used, 0 filtered, 1 quarantined" in done.stderr


@pytest.mark.usefixtures("here")
def test_assign_gives_every_event_its_areas_on_stdout():
    done = run("assign", "acled.csv")

    rows = rows_of(done.stdout)
    assert len(rows) == 7
    assert [r["cvegeo"] for r in rows].count("25006") == 6
    assert {r["cve_ent"] for r in rows} == {"25"}
    assert "7 events: 6 inside an area" in done.stderr
    assert "1 known only to their state" in done.stderr


def test_f4_assign_neutralizes_what_a_spreadsheet_would_run(here):
    (here / "bad.csv").write_text(
        f"{HEADER}\n{row(1, '2024-01-01', actor='=CMD()')}\n", encoding="utf-8"
    )

    safe = rows_of(run("assign", "bad.csv").stdout)[0]
    bare = rows_of(run("assign", "bad.csv", "--raw").stdout)[0]

    assert (safe["actor1"], bare["actor1"]) == ("'=CMD()", "=CMD()")
    assert restore(safe["actor1"]) == "=CMD()"
    assert float(safe["longitude"]) == -107.394


def test_rates_count_every_area_in_every_period(here):
    done = run("rates", "acled.csv", "--level", "state", "-o", "rates.csv")

    rows = rows_in(here / "rates.csv")
    assert len(rows) == 32 * 2
    sinaloa = {r["period"]: int(r["events"]) for r in rows if r["cvegeo"] == "25"}
    assert sinaloa == {"2023": 2, "2024": 5}
    assert {r["source"] for r in rows} == {"ACLED, accessed date not stated"}
    assert "32 areas x 2 periods: 7 events counted, 0 without a state" in done.stderr
    assert done.stdout == ""


def test_rates_tell_events_without_an_area_from_those_dated_too_vaguely(here):
    text = (here / "acled.csv").read_text()
    (here / "vague.csv").write_text(text.replace("2024-04-11,2024,1,", "2024-04-11,2024,3,"))

    done = run("rates", "vague.csv", "--period", "week", "-o", "weeks.csv")

    assert done.stderr.splitlines()[-1].endswith(
        "5 events counted, 1 without a municipality, 1 outside the periods or dated too vaguely"
    )


def test_g4_file_that_exists_is_replaced_only_on_demand(here):
    (here / "rates.csv").write_text("mine")

    assert run("rates", "acled.csv", "-o", "rates.csv").exit_code == 3
    assert (here / "rates.csv").read_text() == "mine"
    assert run("rates", "acled.csv", "-o", "rates.csv", "--overwrite").exit_code == 0


@pytest.mark.usefixtures("here")
def test_sample_says_that_it_is_made_up_and_can_be_checked():
    done = run("sample", "--events", "1000")

    assert done.exit_code == 0
    assert done.stderr.startswith("Made-up data, no real event: 1,161 rows in made-up-sample.csv")
    checked = run("check", "made-up-sample.csv")
    assert checked.exit_code == 0
    assert checked.stderr.splitlines()[-1].startswith("Made-up data. 1,161 records: 1,037 used")
    assert run("sample", "--events", "1000").exit_code == 3
    assert Path("made-up-sample.csv").read_bytes() == as_csv(make_sample(events=1000))


@pytest.mark.usefixtures("here")
def test_sample_without_a_story_says_so_and_both_examples_of_the_help_are_true():
    told = run("sample", "--help").output

    for arguments in ([], ["--no-story", "-o", "nothing.csv"]):
        done = run("sample", *arguments)
        assert done.exit_code == 0
        assert f"$ {' '.join(['geo', 'sample', *arguments])}" in told
        assert done.stderr.strip() in told
    assert "no story" in done.stderr
    assert Path("nothing.csv").read_bytes() == as_csv(make_sample(story=False))


# --- study and map --------------------------------------------------------------------------


def test_study_writes_everything_and_says_the_change_in_one_line(here):
    done = run(
        "study", "acled.csv", "--base", "2023", "--comparison", "2024", "--focus", "Sinaloa",
        "--accessed", "2025-01-15",
    )  # fmt: skip

    assert done.exit_code == 0, done.output
    assert done.stderr.splitlines()[-1] == (
        "Sinaloa: 2 events in 2023, 5 in 2024 (2.50 times as many); 0.06 and 0.16 per 100,000 "
        "person-years: 2.48 times (+148 %; 95 % interval 0.44-14.07 as months vary, "
        "0.41-26.06 if events were independent). 8 records: 7 used, 0 filtered, 1 quarantined; "
        "written to acled-geo"
    )
    assert done.stdout == ""
    names = {p.name for p in (here / "acled-geo").iterdir()}
    assert names == {
        "map.html", "map.png", "series.png", "tables", "datapackage.json", "ledger.csv",
        "CREDITS.txt",
        "manifest.json", "findings.json", "findings.txt", "hallazgos.txt",
    }  # fmt: skip
    credits_ = (here / "acled-geo" / "CREDITS.txt").read_text(encoding="utf-8")
    assert "acleddata.com; accessed 2025-01-15" in credits_
    assert "consultado: 2025-01-15" in credits_


@pytest.mark.usefixtures("here")
def test_study_speaks_to_machines():
    done = run(
        "study", "acled.csv", "--base", "2019-01-01/2019-12-31", "--comparison", "2024",
        "--focus", "Colima", "--json",
    )  # fmt: skip
    assert done.exit_code == 1

    done = run(
        "study", "acled.csv", "--base", "2023", "--comparison", "2024", "--focus", "Colima",
        "--json", "--out", "x",
    )  # fmt: skip
    said = json.loads(done.stdout)
    assert said["change"]["base_events"] == 0
    assert said["change"]["rate_ratio"] is None
    assert said["records"]["used"] == 7
    assert said["folder"] == "x"


def test_study_in_toml_writes_beside_it_and_options_go_before_it(here):
    (here / "mine").mkdir()
    (here / "mine" / "s.toml").write_text('events = "../acled.csv"\nlang = "es"\n')

    done = run("study", "mine/s.toml", "--base", "2023", "--comparison", "2024")

    assert done.exit_code == 0, done.output
    manifest = json.loads((here / "mine" / "out" / "s" / "manifest.json").read_text())
    assert manifest["settings"]["lang"] == "es"
    assert manifest["settings"]["base"] == "2023"
    html = (here / "mine" / "out" / "s" / "map.html").read_text(encoding="utf-8")
    assert '<html lang="es"' in html


def test_j9_i8_two_runs_give_the_same_bytes_whatever_the_locale(here):
    script = "from geo.cli import main; main()"
    settings_of = [
        {"LC_ALL": "C", "TZ": "UTC", "PYTHONHASHSEED": "1", "PYTHONIOENCODING": "ascii"},
        {"LC_ALL": "tr_TR.UTF-8", "TZ": "America/Mexico_City", "PYTHONHASHSEED": "2"},
    ]
    for number, env in enumerate(settings_of):
        done = subprocess.run(
            [sys.executable, "-c", script, "study", "acled.csv", "--focus", "Culiacán", "--base",
             "2023", "--comparison", "2024", "--out", f"out{number}"],
            capture_output=True, check=False, env={**os.environ, **env},
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert b"Traceback" not in done.stderr

    for path in (here / "out0").rglob("*"):
        if path.is_file():
            other = here / "out1" / path.relative_to(here / "out0")
            assert path.read_bytes() == other.read_bytes(), path.name


def test_j3_totals_agree_between_map_tables_and_manifest(here):
    run("study", "acled.csv", "--out", "out")
    manifest = json.loads((here / "out" / "manifest.json").read_text())
    counted = {
        row["step"]: row["number"] for row in manifest["account"] if row["outcome"] == "counted"
    }
    html = (here / "out" / "map.html").read_text(encoding="utf-8")
    start = html.index('id="geo-config">') + len('id="geo-config">')
    account = json.loads(html[start : html.index("</script>", start)])["account"]

    assert counted == {"panel state": 7, "panel municipality": 6}
    assert (account["physical"], account["used"]) == (8, 7)
    assert account["counted"] == {"state": 7, "municipality": 6}
    for level, total in (("state", 7), ("municipality", 6)):
        rows = rows_in(here / "out" / "tables" / f"measures_{level}.csv")
        assert sum(int(r["events"]) for r in rows) == total


def test_map_is_one_file_with_its_language(here):
    done = run("map", "acled.csv", "-o", "mexico.html", "--lang", "es")

    assert done.exit_code == 0, done.output
    assert "mexico.html: 7 eventos, 2023-01-02 a 2024-12-31" in done.stderr
    assert '<html lang="es"' in (here / "mexico.html").read_text(encoding="utf-8")
    assert sorted(p.name for p in here.iterdir()) == ["acled.csv", "mexico.html"]


@pytest.mark.parametrize("option", ["-o", "--out"])
def test_g4_study_into_a_folder_of_the_user_is_refused(here, option):
    (here / "thesis").mkdir()
    (here / "thesis" / "chapter.txt").write_text("mine")

    done = run("study", "acled.csv", option, "thesis")

    assert done.exit_code == 3
    assert "--overwrite" in done.stderr
    assert [p.name for p in (here / "thesis").iterdir()] == ["chapter.txt"]
