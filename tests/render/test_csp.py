import base64
import hashlib

import pytest

from geo.errors import OutputError
from geo.render.csp import SLOT, policy, with_policy

PAGE = (
    f"<head>{SLOT}<style>a{{}}</style></head><script>1</script><script type='text/plain'>2</script>"
)


def named(text):
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def test_policy_names_what_runs_and_nothing_else():
    assert policy(PAGE) == (
        f"default-src 'none'; script-src {named('1')}; style-src {named('a{}')}; "
        "img-src data: blob:; base-uri 'none'; form-action 'none'"
    )


def test_a_page_without_scripts_allows_none():
    assert "script-src 'none'; style-src 'none'" in policy("<p>")


def test_policy_takes_its_place():
    page = with_policy(PAGE)

    assert page.startswith('<head><meta http-equiv="Content-Security-Policy" content="default-src')
    assert SLOT not in page


@pytest.mark.parametrize("page", ["<p>", PAGE + SLOT])
def test_a_page_with_no_place_or_two_is_refused(page):
    with pytest.raises(OutputError, match="expected 1"):
        with_policy(page)
