"""Encodings: found, stated, and never mixed or guessed twice."""

from __future__ import annotations

import warnings

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geo.errors import DataWarning, SettingsError, SourceError
from geo.sources.encodings import plausible_encoding
from geo.sources.lines import Lines
from geo.sources.text import examine, text_blocks

SPANISH = "lugar,estado\nCuliacán,Sinaloa\nMérida,Yucatán\nDoña María,Querétaro\n"


def written(folder, content, name="places.csv"):
    path = folder / name
    path.write_bytes(content)
    return path


def read(path, **options):
    text = examine(path, **options)
    return "".join(text_blocks(text)), text


@pytest.mark.parametrize(
    ("codec", "found", "says"),
    [
        ("latin-1", "cp1252", "decoded as windows-1252"),
        ("cp1252", "cp1252", "decoded as windows-1252"),
        ("cp850", "cp850", "decoded as DOS code page 850"),
        ("mac_roman", "mac_roman", "decoded as Mac Roman"),
    ],
)
def test_a1_an_old_encoding_is_found_and_stated(tmp_path, codec, found, says):
    content, text = read(written(tmp_path, SPANISH.encode(codec)))

    assert content == SPANISH
    assert (text.encoding, text.repairs) == (found, (says,))


def test_a1_typographic_quotes_of_windows_are_no_fault(tmp_path):
    note = "nota\nDijo “no” – y se fue… it’s his 5 º piso\n"

    content, text = read(written(tmp_path, note.encode("cp1252")))

    assert (content, text.encoding) == (note, "cp1252")


def test_a1_mixed_encodings_are_refused_with_the_first_lines_of_each(tmp_path):
    mixed = (
        b"name\n"
        + "Culiacán\n".encode()
        + "Mérida\n".encode("latin-1")
        + b"Toluca\n"
        + "León\n".encode()
        + "Cancún\n".encode("latin-1")
    )

    with pytest.raises(SourceError, match=r"UTF-8 first in line 2, 5, .* first in line 3, 6\. "):
        examine(written(tmp_path, mixed))


def test_a1_bytes_that_are_valid_utf8_by_chance_are_no_mixture(tmp_path):
    # É and a closing quote are C9 94 in windows-1252, which UTF-8 reads as one odd letter.
    note = "El café “QUÉ” cerró\nÁngel\n"

    assert read(written(tmp_path, note.encode("cp1252")))[0] == note


def test_a1_bytes_that_are_no_spanish_in_any_encoding_are_refused(tmp_path):
    greek = "όνομα\nΑθήνα\n".encode("iso8859-7")

    with pytest.raises(SourceError, match=r"not UTF-8 \(first in line 1, 2\).*Pass encoding="):
        examine(written(tmp_path, greek))


def test_a1_the_encoding_that_the_user_names_is_taken_strictly(tmp_path):
    path = written(tmp_path, SPANISH.encode("cp1252"))

    assert read(path, encoding="windows-1252")[0] == SPANISH
    with pytest.raises(SourceError, match="is not utf-8: byte 20, in line 2"):
        examine(path, encoding="UTF8")
    for wrong in ("klingon", "rot13", "zlib", "idna\0"):
        with pytest.raises(SettingsError, match="no text encoding"):
            examine(path, encoding=wrong)


def test_a2_text_that_was_encoded_twice_is_repaired_if_all_of_it_was(tmp_path):
    twice = SPANISH.encode().decode("cp1252").encode()
    assert b"Culiac\xc3\x83\xc2\xa1n" in twice

    content, text = read(written(tmp_path, twice))

    assert content == SPANISH
    assert text.repairs == ("decoded twice: every accent had been encoded to UTF-8 two times",)


def test_a2_letters_that_windows_has_no_character_for_are_repaired_too(tmp_path):
    # Á is C3 81 in UTF-8, and windows-1252 has no character for 81.
    twice = "name\nÁlamos\nÍmuris\n".encode().decode("latin-1").encode()

    assert read(written(tmp_path, twice))[0] == "name\nÁlamos\nÍmuris\n"


def test_a2_text_that_was_encoded_twice_only_in_part_is_left_and_shown(tmp_path):
    part = "name\nMichoacÃ¡n\nYucatán\nLeÃ³n\n"

    with pytest.warns(DataWarning, match=r"'MichoacÃ¡n' \(line 2\), 'LeÃ³n' \(line 4\)"):
        content, text = read(written(tmp_path, part.encode()))

    assert (content, text.repairs) == (part, ())


def test_a2_letters_that_only_look_like_it_are_left_in_peace(tmp_path):
    portuguese = "name\nSÃO PAULO\nÂncora\nnaïve château\n"

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        content, text = read(written(tmp_path, portuguese.encode()))

    assert (content, text.repairs) == (portuguese, ())


@pytest.mark.parametrize(
    ("data", "encoding", "repairs"),
    [
        pytest.param(SPANISH.encode("utf-8-sig"), "utf-8", ("byte order mark left out",), id="BOM"),
        pytest.param(
            SPANISH.encode("utf-16"),
            "utf-16-le",
            ("byte order mark left out", "decoded as UTF-16-LE"),
            id="UTF-16 with BOM",
        ),
        pytest.param(
            b"\xfe\xff" + SPANISH.encode("utf-16-be"),
            "utf-16-be",
            ("byte order mark left out", "decoded as UTF-16-BE"),
            id="UTF-16 BE with BOM",
        ),
        pytest.param(
            SPANISH.encode("utf-16-le"), "utf-16-le", ("decoded as UTF-16-LE",), id="UTF-16 LE"
        ),
        pytest.param(
            SPANISH.encode("utf-16-be"), "utf-16-be", ("decoded as UTF-16-BE",), id="UTF-16 BE"
        ),
        pytest.param(
            SPANISH.encode("utf-32"),
            "utf-32-le",
            ("byte order mark left out", "decoded as UTF-32-LE"),
            id="UTF-32",
        ),
    ],
)
def test_a3_unicode_is_read_with_and_without_a_mark(tmp_path, data, encoding, repairs):
    content, text = read(written(tmp_path, data))

    assert content == SPANISH
    assert (text.encoding, text.repairs) == (encoding, repairs)


@pytest.mark.parametrize("asked", ["utf-8", "utf-8-sig"])
def test_a3_a_mark_is_left_out_also_where_the_encoding_is_named(tmp_path, asked):
    path = written(tmp_path, SPANISH.encode("utf-8-sig"))

    assert read(path, encoding=asked)[0] == SPANISH


def test_a3_utf16_by_name_takes_the_byte_order_from_the_file(tmp_path):
    for data in (SPANISH.encode("utf-16-be"), b"\xfe\xff" + SPANISH.encode("utf-16-be")):
        assert read(written(tmp_path, data), encoding="utf-16")[0] == SPANISH


def test_a3_utf16_that_breaks_is_refused_with_the_place(tmp_path):
    broken = "id,date\n7,2024\n".encode("utf-16-le") + b"\x00\xdc" + "8\n".encode("utf-16-le")

    with pytest.raises(SourceError, match=r"starts as UTF-16-LE, .* byte 31, in line 3"):
        examine(written(tmp_path, broken))


def test_a13_a_character_cut_at_the_end_is_counted(tmp_path):
    text = examine(written(tmp_path, "id\nMéri".encode() + b"\xc3"))

    assert (text.encoding, text.cut, text.length) == ("utf-8", 1, 9)


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_a6_lines_end_at_lf_crlf_and_cr_wherever_a_block_ends(size):
    text = "a\r\nb\rc\u2028d\x85e\x0bf\x0cg\n\r\n\rh"
    blocks = [text[i : i + size] for i in range(0, len(text), size)]

    lines = Lines(iter(blocks), "a.csv")

    assert list(lines) == ["a\r\n", "b\r", "c\u2028d\x85e\x0bf\x0cg\n", "\r\n", "\r", "h"]
    assert (lines.count, lines.ends_open) == (6, True)


def test_f6_a_line_without_end_is_refused_before_it_fills_the_memory(monkeypatch):
    monkeypatch.setattr("geo.sources.lines.LONGEST_LINE", 10)

    with pytest.raises(SourceError, match=r"line 2 of a\.csv is longer"):
        list(Lines(iter(["a\nbbbb", "bbbb", "bbbb", "b\n"]), "a.csv"))


spanish_words = st.lists(
    st.text("abcdefghijklmnñoprstuáéíóúüÁÉÍÓÚÑ", min_size=1, max_size=10), min_size=1
)


@settings(derandomize=True, deadline=None)
@given(spanish_words)
def test_windows_text_is_never_taken_for_another_old_encoding(words):
    data = " ".join(words).encode("cp1252")

    assert data.isascii() or plausible_encoding(data) == "cp1252"
