"""Samples: added second by second, read as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from math import inf
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import Engine, Select, Table, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from model_zoo.emotions import EMOTIONS, EmotionScores
from monitor.domain import Sample
from monitor.store.engine import session
from monitor.store.minutes import forget_minutes
from monitor.store.packing import as_array, packed, unpacked
from monitor.store.tables import LessonRow, SampleRow, StudentRow

COLUMNS = ("student_id", "second", "faces", "frames", *(emotion.value for emotion in EMOTIONS))
WHOLE = 10_000
WHO = ((SampleRow.student_id, 2**31), (SampleRow.second, 2**32))
COUNTS = ((SampleRow.faces, 2**16), (SampleRow.frames, 2**16))
PARTS = [(getattr(SampleRow, emotion.value), 2**14) for emotion in EMOTIONS]
SCORES = (PARTS[:4], PARTS[4:])
ALL = select(packed(WHO), packed(COUNTS), *(func.coalesce(packed(part), -1) for part in SCORES))


@dataclass(frozen=True)
class Samples:
    engine: Engine

    def add(self, samples: Sequence[Sample]) -> None:
        """All of them or none. A second that is known already, whose student was deleted, or that is after the end of
        its lesson, is passed over, so that adding again after a doubtful failure is safe."""
        if not samples:
            return
        rows = [_row(sample) for sample in samples]
        try:
            self._add_known(rows)
        except IntegrityError:
            # A student was deleted between the look and the write: look again.
            self._add_known(rows)

    def _add_known(self, rows: Sequence[dict[str, Any]]) -> None:
        with session(self.engine) as opened:
            wanted = {row["student_id"] for row in rows}
            end_of = select(StudentRow.id, LessonRow.ended_at).join(LessonRow).where(StudentRow.id.in_(wanted))
            ends = {student: at.timestamp() if at else inf for student, at in opened.execute(end_of)}
            kept = [row for row in rows if row["second"] < ends.get(row["student_id"], -inf)]
            if kept:
                opened.execute(self._insert(), kept)
                forget_minutes(opened, set(ends))

    def count(self, student_id: int) -> int:
        """Seconds that are kept of a student."""
        query = select(func.count()).select_from(SampleRow).where(SampleRow.student_id == student_id)
        with session(self.engine) as opened:
            return opened.scalar(query) or 0

    def _insert(self) -> Any:
        table = SampleRow.__table__
        assert isinstance(table, Table)
        dialect = postgresql if self.engine.dialect.name == "postgresql" else sqlite
        return dialect.insert(table).on_conflict_do_nothing()

    def read(self, lesson_id: int, since: datetime | None = None) -> pd.DataFrame:
        """Columns `COLUMNS`, a row per student and second, sorted by second and student.

        `second` counts from 1970 in UTC; the emotions are ten-thousandths, NaN where no face was seen.
        """
        query = ALL.join(StudentRow, StudentRow.id == SampleRow.student_id).where(StudentRow.lesson_id == lesson_id)
        if since is not None:
            query = query.where(SampleRow.second >= int(since.timestamp()))
        return self._read(query)

    def of_student(self, student_id: int) -> pd.DataFrame:
        """As `read`, of one student."""
        return self._read(ALL.where(SampleRow.student_id == student_id))

    def _read(self, query: Select[*tuple[int, ...]]) -> pd.DataFrame:
        with session(self.engine) as opened:
            return _table(as_array(opened.connection().execute(query).all(), 4))


def _table(rows: NDArray[np.int64]) -> pd.DataFrame:
    """Of (samples, 4) packed numbers, see `Samples.read`."""
    who, counts, *scores = rows.T
    columns = [*unpacked(who, WHO), *unpacked(counts, COUNTS)]
    parts = [part for number, packing in zip(scores, SCORES, strict=True) for part in unpacked(number, packing)]
    order = np.lexsort((columns[0], columns[1]))
    seen = scores[0] >= 0
    values = (column[order] for column in (*columns, *(np.where(seen, part, np.nan) for part in parts)))
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def ten_thousandths(scores: EmotionScores) -> tuple[int, ...]:
    """Whole numbers that add up to 10,000 and are nearest to the probabilities (largest remainder method)."""
    exact = [probability * WHOLE for probability in scores.probabilities]
    whole = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in order[: WHOLE - sum(whole)]:
        whole[index] += 1
    return tuple(whole)


def _row(sample: Sample) -> dict[str, Any]:
    parts = (None,) * len(EMOTIONS) if sample.scores is None else ten_thousandths(sample.scores)
    values = (sample.student_id, int(sample.at.timestamp()), sample.faces, sample.frames, *parts)
    return dict(zip(COLUMNS, values, strict=True))
