import gzip
import json
import math
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geo.errors import OutputError
from geo.render.codec import columns_block, gzipped, json_block, plain_text, unpack_block
from geo.render.packed import Packed, decode_columns, encode_columns, read_varints

whole = st.lists(st.integers(0, 2**40))
signed = st.lists(st.integers(-(2**40), 2**40))
floats = st.lists(st.floats(allow_infinity=False, width=64))
mostly_zero = st.lists(st.just(0) | st.integers(0, 5) | st.integers(0, 2**40))
KINDS = {"whole": whole, "sparse": mostly_zero, "signed": signed, "delta": signed, "number": floats}


@pytest.mark.parametrize(
    ("kind", "values", "expected"),
    [
        pytest.param("whole", [0, 1, 127, 128, 16384], "00 01 7f 80 01 80 80 01", id="whole"),
        pytest.param("sparse", [0, 0, 2, 1, 9, 0], "03 09 00 03 05", id="places, then large ones"),
        pytest.param("sparse", [0, 0], "00", id="nothing but zeros"),
        pytest.param("signed", [0, -1, 1, -2], "00 01 02 03", id="signed is zigzag"),
        pytest.param("delta", [5, 7, 6], "0a 04 01", id="steps"),
        pytest.param("optional", [0, math.nan, 3], "01 00 04", id="missing is 0"),
        pytest.param("curve", [2e-8, 5e-8], "04 01", id="third differences"),
        pytest.param("number", [1.0], "00 00 00 00 00 00 f0 3f", id="float, little-endian"),
    ],
)
def test_a_column_has_the_bytes_that_the_page_reads(kind, values, expected):
    data = encode_columns({"c": Packed(kind, np.array(values))})

    assert data.endswith(bytes.fromhex(expected))


def test_the_columns_that_the_tests_of_the_page_read_are_packed_like_this():
    shared = Path(__file__).parents[1] / "js" / "packed-columns.json"
    written = json.loads(shared.read_text(encoding="utf-8"))
    streams = [bytes.fromhex(stream) for stream in written["streams"]]
    columns = {}
    for column in written["columns"]:
        values = [math.nan if value is None else value for value in column["values"]]
        floating = column["kind"] in ("number", "optional", "curve")
        columns[column["name"]] = Packed(
            column["kind"], np.array(values, dtype=np.float64 if floating else np.int64)
        )

    assert encode_columns(columns).endswith(b"".join(streams))


@given(st.data(), st.sampled_from(sorted(KINDS)))
def test_a_block_decodes_to_what_was_packed(data, kind):
    values = np.array(data.draw(KINDS[kind]), dtype=float if kind == "number" else np.int64)
    block = columns_block("b", {"other": Packed("whole", np.array([7])), "c": Packed(kind, values)})

    columns = decode_columns(unpack_block(block.payload, block.entry()))

    np.testing.assert_array_equal(columns["c"], values)
    assert columns["other"].tolist() == [7]


@given(st.lists(st.one_of(st.integers(0, 2**40), st.none())))
def test_missing_stays_missing(values):
    given_values = np.array([np.nan if v is None else v for v in values], dtype=float)

    columns = decode_columns(encode_columns({"c": Packed("optional", given_values)}))

    np.testing.assert_array_equal(columns["c"], given_values)


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("number", math.inf),
        ("number", -math.inf),
        ("whole", -1),
        ("whole", 0.5),
        ("sparse", -1),
        ("sparse", 0.5),
        ("optional", -2),
        ("curve", math.nan),
        ("curve", 2.0**49 / 1e8),
    ],
)
def test_a_number_that_its_column_cannot_hold_is_refused(kind, value):
    with pytest.raises(OutputError, match="'c'"):
        encode_columns({"c": Packed(kind, np.array([value]))})


@pytest.mark.parametrize(
    "stream",
    [
        pytest.param("", id="nothing"),
        pytest.param("02 00", id="an entry is missing"),
        pytest.param("01 03", id="a large number is missing"),
        pytest.param("01 00 07", id="a number too many"),
        pytest.param("01 08", id="beyond the end"),
    ],
)
def test_a_sparse_column_that_is_not_whole_is_refused(stream):
    data = encode_columns({"c": Packed("sparse", np.array([0, 0]))})
    broken = data[:-1].replace(struct.pack("<I", 1), struct.pack("<I", len(stream.split())))

    with pytest.raises(OutputError, match="sparse column"):
        decode_columns(broken + bytes.fromhex(stream))


def test_every_missing_float_has_the_same_bytes():
    one, other = (
        np.frombuffer(np.uint64(bits).tobytes(), dtype=float)
        for bits in (0x7FF8000000000001, 0xFFF8000000000000)
    )

    assert encode_columns({"c": Packed("number", one)}) == encode_columns(
        {"c": Packed("number", other)}
    )


def test_compressed_bytes_carry_no_time_no_name_and_no_platform():
    packed = gzipped(b"x" * 100)

    assert packed[:10].hex() == "1f8b08000000000002ff"
    assert gzip.decompress(packed) == b"x" * 100


def test_a_changed_block_is_refused():
    block = json_block("names", {"a": 1})

    with pytest.raises(OutputError, match="names"):
        unpack_block(json_block("names", {"a": 2}).payload, block.entry())


@given(st.lists(st.floats(-10_000, 10_000)))
def test_a_curve_keeps_eight_decimals(values):
    columns = decode_columns(encode_columns({"c": Packed("curve", np.array(values, dtype=float))}))

    np.testing.assert_allclose(columns["c"], values, rtol=0, atol=5.1e-9)


@given(
    whole=st.lists(st.integers(0, 2**50)),
    sparse=mostly_zero,
    signed=st.lists(st.integers(-(2**40), 2**40)),
    number=st.lists(st.floats(allow_infinity=False) | st.just(0.0)),
    optional=st.lists(st.one_of(st.just(float("nan")), st.integers(0, 2**40).map(float))),
    curve=st.lists(st.floats(-5e6, 5e6) | st.just(0.0)),
)
def test_a_plain_block_holds_the_bytes_of_the_packed_one(
    whole, sparse, signed, number, optional, curve
):
    block = columns_block(
        "b",
        {
            "whole": Packed("whole", np.array(whole, dtype=np.int64)),
            "sparse": Packed("sparse", np.array(sparse, dtype=np.int64)),
            "delta": Packed("delta", np.array(signed, dtype=np.int64)),
            "signed": Packed("signed", np.array(signed, dtype=np.int64)),
            "number": Packed("number", np.array(number, dtype=np.float64)),
            "optional": Packed("optional", np.array(optional, dtype=np.float64)),
            "curve": Packed("curve", np.array(curve, dtype=np.float64)),
        },
    )
    text = plain_text(block)

    assert unpack_block(text, block.plain_entry(text)) == block.data
    assert unpack_block(block.payload, block.entry()) == block.data


def test_a_plain_curve_is_read_by_people_as_its_numbers():
    block = columns_block("b", {"c": Packed("curve", np.array([0, 1.25, -0.00000003, 0, 0, 0]))})

    assert json.loads(plain_text(block))[0]["values"] == [0, 1.25, -3e-8, [3]]


def test_every_number_of_a_packed_curve_is_one_that_a_browser_holds_exactly():
    most = (2**49 - 1) / 1e8
    data = encode_columns({"c": Packed("curve", np.array([most, -most, most, -most, most]))})
    stream = data[data.index(b"}]") + 2 :]

    assert read_varints(stream).max() <= 2**53
    assert decode_columns(data)["c"].tolist() == [most, -most, most, -most, most]


def test_zeros_in_a_row_are_written_as_their_number():
    block = columns_block("b", {"n": Packed("whole", np.array([0, 0, 5, 0, 0, 0, 0, 1]))})

    assert json.loads(plain_text(block))[0]["values"] == [0, 0, 5, [4], 1]


@pytest.mark.parametrize("text", ["</script>", "<!--", "&amp;", "\u2028", "\u2029"])
def test_a_plain_block_holds_nothing_that_a_parser_of_markup_obeys(text):
    block = json_block("b", [text])
    plain = plain_text(block)

    assert not set("<>&\u2028\u2029") & set(plain)
    assert json.loads(plain) == [text]


def test_a_changed_plain_block_is_refused():
    block = columns_block("b", {"n": Packed("whole", np.array([1, 2]))})
    text = plain_text(block)

    with pytest.raises(OutputError, match="'b'"):
        unpack_block(text.replace("2", "3"), block.plain_entry(text))
    with pytest.raises(OutputError, match="cannot be read"):
        unpack_block(text[:-1], block.plain_entry(text))
