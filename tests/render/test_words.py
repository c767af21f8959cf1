import re

import pytest

from geo.errors import SettingsError
from geo.render.page import SCRIPTS, asset
from geo.render.words import say, words
from geo.schema import UNASSIGNED

EN, ES = words("en"), words("es")


def test_no_word_lacks_in_either_language():
    assert sorted(EN) == sorted(ES)
    assert all(text.strip() for text in (*EN.values(), *ES.values()))


def test_both_languages_fill_in_the_same():
    slots = re.compile(r"\{(\w+)\}")

    assert {k: sorted(slots.findall(v)) for k, v in EN.items()} == {
        k: sorted(slots.findall(v)) for k, v in ES.items()
    }


def test_every_word_that_the_scripts_name_exists():
    used = set()
    for name in SCRIPTS:
        used |= set(re.findall(r"words\.say\('([\w.-]+)'[,)]", asset("js", name)))

    assert used
    assert used <= set(EN)


@pytest.mark.parametrize("word", UNASSIGNED)
def test_every_reason_without_an_area_has_words(word):
    assert f"reason.{word}" in EN


def test_another_language_is_refused_with_the_choice():
    with pytest.raises(SettingsError, match="en and es"):
        words("fr")


def test_what_is_filled_in_is_not_filled_again():
    assert say("en", "caption.source", source="{source}") == "Source: {source},"
