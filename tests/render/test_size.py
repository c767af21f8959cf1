"""What the page may weigh: budgets in bytes, the same on every machine."""

from __future__ import annotations

import dataclasses
import functools
import gzip
import json
import re
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from geo.render.describe import describe
from geo.render.map import EventMap
from geo.render.page import SCRIPTS, STYLES, asset, scripts, styles
from geo.render.timed import Timed
from geo.stats import bayes
from geo.study.atlas import SPANS, Atlas, LevelAtlas, rolling
from tests import studies

ROOT = Path(__file__).resolve().parents[2]
MONTHS = 60
EVENTS = 410_000
"""Twelve times what is reported for Mexico in five years: 42 % of all months have an event."""

TYPES, CLASSES = 7, 8


def level_atlas(codes, events, population, parts):
    """Return a level with these counts, parted among so many types and classes."""
    rng = np.random.default_rng(len(codes))
    splits = {}
    for by, number in zip(("event_type", "actor_class"), parts, strict=True):
        share = 1 / np.arange(1, number + 1)
        counts = rng.multinomial(events, share / share.sum())
        splits[by] = (tuple(f"{by} {at}" for at in range(number)), counts)
    exposure = population[:, np.repeat(np.arange(5), 12)] / 12
    means, variances = {}, {}
    for span in SPANS:
        means[span], variances[span] = bayes.prior_moments(
            rolling(events, span).T, rolling(exposure, span).T
        )
    detailed = parts[1] > 1
    targeted = rng.binomial(events, 0.4) if detailed else np.zeros_like(events)
    bins = None
    among = None
    if detailed and len(codes) > 32:
        heat = rolling(events, 12) / rolling(exposure, 12)
        order = np.argsort(np.argsort(heat, axis=0), axis=0) / len(codes)
        bins = np.digitize(order, [0.02, 0.04, 0.06, 0.9, 0.94, 0.97]).astype(float) - 3
        bins[:, :11] = np.nan
        among = np.where(np.isnan(bins), np.nan, np.select([bins > 1, bins < -1], [4.0, 1.0], 0.0))
    return LevelAtlas(
        codes=codes,
        events=events,
        splits=splits,
        targeted=targeted,
        stated=events if detailed else targeted,
        population=population,
        prior_mean=means,
        prior_variance=variances,
        gi_bin=bins,
        outlier=among,
        actors=tuple((("Some group", 3), ("Another group", 2)) if detailed else () for _ in codes),
        state_only=np.zeros(len(codes), dtype=np.int64),
    )


@functools.cache
def sixty_months(parts):
    """Return a map of five years of made-up counts, parted among types and classes."""
    data = describe(studies.sample())
    known = data.timed.atlas
    rng = np.random.default_rng(1)
    towns = known.levels["municipality"]
    people = {
        level: np.repeat(known.levels[level].population[:, :1], 5, axis=1)
        for level in ("state", "municipality")
    }
    risk = people["municipality"][:, :1] * rng.lognormal(0, 1, (len(towns.codes), 1))
    risk = np.repeat(risk / risk.sum() / MONTHS, MONTHS, axis=1)
    events = rng.multinomial(EVENTS, risk.ravel()).reshape(risk.shape)
    states = known.levels["state"].codes
    state = np.array([states.index(code[:2]) for code in towns.codes])
    of_states = np.zeros((len(states), MONTHS), dtype=np.int64)
    np.add.at(of_states, state, events)
    detailed = parts[1] > 1
    atlas = Atlas(
        months=tuple(f"{year}-{month:02d}" for year in range(2020, 2025) for month in range(1, 13)),
        complete=np.ones(MONTHS, dtype=bool),
        years=np.full(MONTHS, 1 / 12),
        calendar_years=(2020, 2021, 2022, 2023, 2024),
        year_of=np.repeat(np.arange(5), 12),
        levels={
            "state": level_atlas(states, of_states, people["state"], parts),
            "municipality": level_atlas(towns.codes, events, people["municipality"], parts),
        },
        base=(36, 47) if detailed else None,
        comparison=(48, 59) if detailed else None,
    )
    change = data.timed.change if detailed else {}
    return dataclasses.replace(data, timed=Timed(atlas=atlas, change=change))


def test_a_page_of_counts_and_rates_over_sixty_months_is_below_three_quarters_of_a_megabyte():
    page = EventMap(sixty_months((1, 1))).html().encode()

    assert len(page) <= 747_000


def test_a_page_with_everything_leaves_half_a_megabyte_for_points():
    page = EventMap(sixty_months((TYPES, CLASSES))).html().encode()

    assert len(page) <= 1_500_000
    assert len(gzip.compress(page, mtime=0)) <= 1_000_000


def test_the_page_of_the_sample_is_below_eight_tenths_of_a_megabyte():
    assert len(EventMap(studies.sample()).html().encode()) <= 800_000


def test_the_styles_in_the_page_lack_only_space():
    files = "".join(re.sub(r"/\*.*?\*/", "", asset("css", name), flags=re.S) for name in STYLES)

    assert re.sub(r"\s", "", styles()) == re.sub(r"\s", "", files)
    quoted = r"'[^'\n]*'|\"[^\"\n]*\""
    assert re.findall(quoted, styles()) == re.findall(quoted, files)


def test_a_split_of_one_category_is_not_stored_twice():
    timed = sixty_months((1, 1)).timed

    assert timed.categories == {"event_type": ("event_type 0",)}


def test_the_scripts_in_the_page_have_every_token_of_the_files():
    node, parser = shutil.which("node"), ROOT / "node_modules" / "espree"
    if node is None or not parser.exists():
        pytest.skip("TOKENS WERE NOT COMPARED: node or its tools are missing; see make js")
    files = "\n".join(asset("js", name) for name in SCRIPTS)
    program = """
      import { createRequire } from 'node:module';
      import { readFileSync } from 'node:fs';
      const { tokenize } = createRequire(process.argv[1])('espree');
      const told = JSON.parse(readFileSync(0, 'utf8')).map((text) =>
        tokenize(text, { ecmaVersion: 2022 }).map(({ type, value }) => type + ' ' + value));
      console.log(JSON.stringify(told));
    """
    done = subprocess.run(
        [node, "--input-type=module", "-e", program, "--", str(ROOT / "node_modules" / "x.js")],
        input=json.dumps([files, scripts()]), capture_output=True, text=True, check=True,
    )  # fmt: skip
    ours, whole = json.loads(done.stdout)[::-1]

    assert len(whole) > 40_000
    assert ours == whole
    assert len(scripts()) < 0.75 * len(files)
