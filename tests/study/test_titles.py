"""A title names its place so that no other can be meant."""

import pytest

from geo.study.settings import Study
from geo.study.titles import area_name, title_of


@pytest.mark.parametrize("language", ["en", "es"])
def test_the_state_of_mexico_is_not_called_as_the_country_is(language):
    study = Study(events=("a.csv",), base="2023", comparison="2024")

    country, state = (title_of(study, at, language=language, made_up=False) for at in (None, "15"))

    assert country.startswith({"en": "Mexico: ", "es": "México: "}[language])
    assert state.startswith("Estado de México: ")
    assert area_name("15033") == "Ecatepec de Morelos, Estado de México"
