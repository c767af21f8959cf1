"""Settings of every test."""

from __future__ import annotations

import os
import shutil
import tempfile

import pytest
from hypothesis import settings

FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# A busy machine is no defect: laws are checked without a clock.
settings.register_profile("steady", deadline=None)
settings.load_profile("steady")

# What a user keeps in the cache is not ours to change; commands that are run inherit this.
_CACHE = tempfile.TemporaryDirectory(prefix="geo-tests-")
os.environ["GEO_CACHE_DIR"] = _CACHE.name


@pytest.fixture(scope="session")
def chromium():
    """One browser for all tests."""
    api = pytest.importorskip(
        "playwright.sync_api", reason="BROWSER TESTS DID NOT RUN: playwright is not installed"
    )
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("BROWSER TESTS DID NOT RUN: there is no chromium on this machine")
    with api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()
