"""Samples: added second by second, read as a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sqlalchemy import BigInteger, ColumnElement, Engine, Table, cast, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import IntegrityError

from model_zoo.emotions import EMOTIONS, EmotionScores
from monitor.domain import Sample
from monitor.store.engine import session
from monitor.store.tables import SampleRow, StudentRow

COLUMNS = ("student_id", "second", "faces", "frames", *(emotion.value for emotion in EMOTIONS))
WHOLE = 10_000
SECONDS, FRAMES, PARTS = 2**32, 2**16, 2**14
"""What a second since 1970, a count of frames, and ten-thousandths stay below."""


@dataclass(frozen=True)
class Samples:
    engine: Engine

    def add(self, samples: Sequence[Sample]) -> None:
        """All of them or none. A second that is known already, or whose student was deleted, is passed over,
        so that adding again after a doubtful failure is safe."""
        if not samples:
            return
        rows = [_row(sample) for sample in samples]
        try:
            self._add_known(rows)
        except IntegrityError:
            # A student was deleted between the look and the write: look again.
            self._add_known(rows)

    def _add_known(self, rows: Sequence[dict[str, int | None]]) -> None:
        with session(self.engine) as opened:
            wanted = {row["student_id"] for row in rows}
            known = set(opened.scalars(select(StudentRow.id).where(StudentRow.id.in_(wanted))))
            kept = [row for row in rows if row["student_id"] in known]
            if kept:
                opened.execute(self._insert(), kept)

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
        query = (
            select(*_packed())
            .join(StudentRow, StudentRow.id == SampleRow.student_id)
            .where(StudentRow.lesson_id == lesson_id)
        )
        if since is not None:
            query = query.where(SampleRow.second >= int(since.timestamp()))
        with session(self.engine) as opened:
            rows = opened.connection().execute(query).all()
        return _unpacked(np.fromiter(chain.from_iterable(rows), np.int64, 4 * len(rows)).reshape(-1, 4))


def _packed() -> tuple[ColumnElement[int], ...]:
    """Eleven columns as four whole numbers: making a Python object of each value is what reading a lesson costs."""

    def joined(size: int, *parts: Any) -> ColumnElement[int]:
        first, *rest = (cast(part, BigInteger) for part in parts)
        return reduce(lambda whole, part: whole * size + part, rest, first)

    angry, disgust, fear, happy, sad, surprise, neutral = (getattr(SampleRow, emotion.value) for emotion in EMOTIONS)
    return (
        joined(SECONDS, SampleRow.student_id, SampleRow.second),
        joined(FRAMES, SampleRow.faces, SampleRow.frames),
        func.coalesce(joined(PARTS, angry, disgust, fear, happy), -1),
        func.coalesce(joined(PARTS, sad, surprise, neutral), -1),
    )


def _unpacked(rows: NDArray[np.int64]) -> pd.DataFrame:
    """Of (samples, 4) numbers as in `_packed`, the table that `Samples.read` gives."""
    who, counts, four, three = rows.T
    columns = [who // SECONDS, who % SECONDS, counts // FRAMES, counts % FRAMES]
    parts = [*_digits(four, 4), *_digits(three, 3)]
    order = np.lexsort((columns[0], columns[1]))
    seen = four >= 0
    scores = (np.where(seen, part, np.nan) for part in parts)
    values = (column[order] for column in (*columns, *scores))
    return pd.DataFrame(dict(zip(COLUMNS, values, strict=True)))


def _digits(whole: NDArray[np.int64], count: int) -> list[NDArray[np.int64]]:
    return [whole // PARTS**place % PARTS for place in reversed(range(count))]


def ten_thousandths(scores: EmotionScores) -> tuple[int, ...]:
    """Whole numbers that add up to 10,000 and are nearest to the probabilities (largest remainder method)."""
    exact = [probability * WHOLE for probability in scores.probabilities]
    whole = [int(value) for value in exact]
    order = sorted(range(len(exact)), key=lambda index: whole[index] - exact[index])
    for index in order[: WHOLE - sum(whole)]:
        whole[index] += 1
    return tuple(whole)


def _row(sample: Sample) -> dict[str, int | None]:
    parts = (None,) * len(EMOTIONS) if sample.scores is None else ten_thousandths(sample.scores)
    values = (sample.student_id, int(sample.at.timestamp()), sample.faces, sample.frames, *parts)
    return dict(zip(COLUMNS, values, strict=True))
