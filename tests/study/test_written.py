"""What a user writes as the settings of a study is read, or refused in one go."""

from dataclasses import fields

import pytest

from geo.errors import SettingsError
from geo.study.settings import Study
from geo.study.written import READ, read_settings


def test_every_setting_of_a_study_can_be_written_and_no_other():
    assert set(READ) == {field.name for field in fields(Study)}


def test_all_that_is_written_wrongly_is_told_at_once():
    with pytest.raises(SettingsError) as caught:
        read_settings({"zip": "yes", "seed": 1.5, "titel": "A title", "lang": None})

    assert str(caught.value).splitlines()[1:] == [
        "- zip = 'yes': true or false is expected",
        "- seed = 1.5: a whole number is expected",
        "- there is no setting 'titel'; did you mean 'title'?",
        "- 'events' is missing: a file of events, or \"sample\"",
    ]
