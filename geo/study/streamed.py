"""What came of a stream: the panel, the ledger and the account, held against one another."""

from __future__ import annotations

import warnings
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from geo.attribution import Credit
from geo.errors import BalanceError
from geo.sources.several import all_of, remarks_on
from geo.steps.filter import refuse_unseen
from geo.steps.span import DayCounts
from geo.study.facts import Facts
from geo.study.memory import give_back
from geo.study.outcome import Outcome, covered_days, summed
from geo.study.repeating import likely_repeats
from geo.study.settings import Study
from geo.study.stream import Stream
from geo.study.stream_files import StreamFile
from geo.study.streamed_ledger import StreamedLedger, records_before
from geo.study.telling import told


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Streamed:
    """What came of a stream.

    Attributes
    ----------
    panel
        A ``PANEL`` table; None where nothing was to be counted.
    ledger
        Where every record went.
    account
        Events by ``level``, ``outcome``, ``reason`` (:func:`geo.assignment_account`).
    how
        Events by the way in which they were assigned.
    credit
        Who must be credited.
    made_up
        Whether the events are invented.
    repairs, warnings
        What was mended, and what weakens the result, as sentences.
    facts
        What was found out about the files.
    days
        How many events were read of each day, before any filter.
    before
        By number of the file, how many records come before its first.
    inputs
        Name, size and SHA-256 of each file.
    """

    panel: pd.DataFrame | None
    ledger: StreamedLedger
    account: pd.DataFrame
    how: Mapping[str, int]
    credit: Credit
    made_up: bool
    repairs: tuple[str, ...]
    warnings: tuple[str, ...]
    facts: Facts
    days: DayCounts
    before: Mapping[int, int]
    inputs: tuple[dict[str, Any], ...]


def streamed_of(
    stream: Stream,
    study: Study,
    finish: Callable[[Outcome], pd.DataFrame] | None,
    passed_over: Sequence[str],
    caught: list[warnings.WarningMessage],
) -> Streamed:
    """Return what came of a stream that was worked through.

    Parameters
    ----------
    stream
        The stream.
    study
        What it rests on.
    finish
        Makes a panel of the outcome; None where nothing is counted.
    passed_over
        What is said of files in its folders that are not read.
    caught
        The warnings so far, and of all that is done here.

    Raises
    ------
    BalanceError
        A record or an event has no place in the account, or two.
    SettingsError
        A filter asks for a word that no event has.
    """
    files = stream.files
    parts = stream.by_file()
    give_back()  # before the panel, which is large
    whole = summed(list(parts.values()))
    refuse_unseen(whole.seen)
    ledger = StreamedLedger.of(parts, whole)
    alike = likely_repeats(stream)
    panel = None if finish is None else finish(whole)
    _check(ledger, whole)
    credit = stream.credit(files[0].layout.family)
    repairs = remarks_on(
        [(file.label, (*file.about.repairs, *parts[file.number].repairs)) for file in files]
    )
    return Streamed(
        panel=panel,
        ledger=ledger,
        account=_account(whole),
        how=dict(whole.how),
        credit=credit,
        made_up=whole.is_made_up,
        repairs=repairs,
        warnings=told(
            (
                *passed_over,
                *remarks_on([(file.label, parts[file.number].warnings) for file in files]),
                *whole.weakness.sentences(),
                *([alike] if alike else []),
                *whole.later_warnings,
            ),
            caught,
        ),
        facts=_facts(files, whole, credit.name, study.data_through, repairs),
        days=whole.days_read,
        before=records_before(parts),
        inputs=tuple(
            {"name": file.label, "bytes": file.about.size, "sha256": file.about.sha256}
            for file in files
        ),
    )


def _account(whole: Outcome) -> pd.DataFrame:
    rows = sorted((*key, n) for key, n in whole.account.items())
    table = pd.DataFrame(rows, columns=["level", "outcome", "reason", "events"])
    return table.astype({"level": "str", "outcome": "str", "reason": "str", "events": "int64"})


def _check(ledger: StreamedLedger, whole: Outcome) -> None:
    ledger.check(used=sum(whole.how.values()))
    by_level: Counter[str] = Counter()
    for (level, _, _), n in whole.account.items():
        by_level[level] += n
    for level, n in by_level.items():
        if n != whole.used:
            raise BalanceError(
                f"{whole.used:,} events are used, but {n:,} are in the {level} level"
            )


def _facts(
    files: list[StreamFile],
    whole: Outcome,
    source: str,
    through: str | None,
    repairs: tuple[str, ...],
) -> Facts:
    covered = [covered_days(whole.evidence[file.number]) for file in files]
    first = min((first for first, _ in covered if not np.isnat(first)), default=None)
    last = max((last for _, last in covered if not np.isnat(last)), default=None)
    return Facts(
        layout=all_of(file.layout.name for file in files) or "",
        source=source,
        encoding=all_of(file.about.encoding for file in files),
        delimiter=all_of(file.about.delimiter for file in files),
        first_day="" if first is None else str(first),
        data_through=through or ("" if last is None else str(last)),
        repairs=repairs,
    )
