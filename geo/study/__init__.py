"""A whole study: settings in, tables out, every record accounted for."""

from geo.study.facts import Facts
from geo.study.locating import Located, Progress, locate_events
from geo.study.results import Results
from geo.study.run import run_study
from geo.study.settings import SAMPLE, Study
from geo.study.titles import area_name, change_sentence

__all__ = [
    "SAMPLE",
    "Facts",
    "Located",
    "Progress",
    "Results",
    "Study",
    "area_name",
    "change_sentence",
    "locate_events",
    "run_study",
]
