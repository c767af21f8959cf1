"""The example of the page on Spark runs, and counts what `geo` counts."""

from __future__ import annotations

import re
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import geo

pyspark = pytest.importorskip("pyspark", reason="NOT RUN: pyspark is not installed")

pytestmark = [
    pytest.mark.spark,
    pytest.mark.filterwarnings("ignore"),  # Spark warns of what it does not know of pandas 3
    pytest.mark.skipif(shutil.which("java") is None, reason="NOT RUN: there is no Java"),
]

PAGE = Path(__file__).resolve().parents[1] / "docs" / "how-to" / "more-than-memory.md"


def test_the_example_counts_what_geo_counts(tmp_path, monkeypatch):
    random = np.random.default_rng(20240909)
    n = 2000
    days = np.datetime64("2023-01-01") + random.integers(0, 300, n)
    table = pa.table(
        {
            "event_date": pa.array(days.astype("M8[D]")),
            "longitude": random.uniform(-104, -97, n),
            "latitude": random.uniform(18.5, 22, n),
        }
    )
    (tmp_path / "events").mkdir()
    pq.write_table(table, tmp_path / "events" / "part.parquet")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYSPARK_PYTHON", sys.executable)
    code = re.findall(r"```python\n(.*?)```", PAGE.read_text(encoding="utf-8"), flags=re.DOTALL)
    names: dict[str, object] = {}
    exec(compile("\n".join(code), str(PAGE), "exec"), names)

    try:
        found = {(row.cvegeo, row.period): row.events for row in names["counts"].collect()}
    finally:
        names["spark"].stop()

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        streamed = geo.count_stream(
            "events", period="month", geo_precision="exact", time_precision="day", tolerance_m=0
        )
    panel = streamed.panel[streamed.panel["events"] > 0]
    expected = dict(
        zip(zip(panel["cvegeo"], panel["period"], strict=True), panel["events"], strict=True)
    )
    assert found == expected
