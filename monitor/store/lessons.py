"""Lessons: start, find by code, end, list, delete."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.exc import IntegrityError

from monitor.domain import Lesson, Shown, Source
from monitor.errors import InvalidName, LessonOver, NotStricter, StoreError, UnknownCode
from monitor.store.engine import session
from monitor.store.minutes import forget_minutes
from monitor.store.tables import ClassRow, LessonRow, SampleRow, StudentRow
from monitor.words import _

TITLE_LENGTH = 120
LARGEST_ID = 2**31 - 1
# No letter or digit that is mistaken for another when read aloud or from a projector.
SYMBOLS, GROUP = "BCDFGHJKLMNPQRSTVWXZ23456789", 4


@dataclass(frozen=True)
class Lessons:
    engine: Engine

    def start(
        self,
        title: str,
        at: datetime,
        network: str,
        detector: str,
        made_up: bool = False,
        class_id: int | None = None,
        source: Source = Source.LIVE,
        guests: bool = True,
        ended_at: datetime | None = None,
        analysed_at: datetime | None = None,
        shown: Shown = Shown.NAMES,
        owner_id: int | None = None,
    ) -> Lesson:
        """A new lesson with a join code of its own; it runs unless it has ended already, as a recorded one has.

        `analysed_at`: when it was made of a video, from which moment it is kept. Raises InvalidName for a bad title.
        """
        name = lesson_title(title)
        for _try in range(20):
            row = LessonRow(
                title=name,
                code=join_code(),
                started_at=at,
                network=network,
                detector=detector,
                made_up=made_up,
                class_id=class_id,
                source=source,
                guests=guests,
                ended_at=ended_at,
                analysed_at=analysed_at,
                shown=shown,
                owner_id=owner_id,
            )
            try:
                with session(self.engine) as opened:
                    row.keep_days = opened.scalar(select(ClassRow.keep_days).where(ClassRow.id == class_id))
                    opened.add(row)
                return lesson(row)
            except IntegrityError:
                continue  # the code is taken: draw another
        raise StoreError(_("No free join code was found in 20 tries; please try again."))

    def get(self, lesson_id: int) -> Lesson:
        """Raises UnknownCode when there is no such lesson (any more)."""
        with session(self.engine) as opened:
            # An id comes from an address that anybody may type: some are larger than any column.
            row = opened.get(LessonRow, lesson_id) if 0 <= lesson_id <= LARGEST_ID else None
        if row is None:
            raise unknown(lesson_id)
        return lesson(row)

    def by_code(self, code: str) -> Lesson:
        """The running lesson with this code, written in any case, with or without its hyphen.

        Raises UnknownCode, or LessonOver when the lesson has ended.
        """
        wanted = normal_code(code)
        with session(self.engine) as opened:
            row = opened.scalar(select(LessonRow).where(LessonRow.code == wanted))
        if row is None:
            raise UnknownCode(
                _("No lesson has the code {code}. A code looks like K7TM-4N2B.").format(code=repr(code.strip()))
            )
        found = lesson(row)
        if not found.running:
            raise LessonOver(_("The lesson “{title}” is over.").format(title=found.title))
        return found

    def running(self) -> tuple[Lesson, ...]:
        """The newest first."""
        query = select(LessonRow).where(LessonRow.ended_at.is_(None)).order_by(LessonRow.id.desc())
        with session(self.engine) as opened:
            return tuple(lesson(row) for row in opened.scalars(query))

    def ended(self) -> tuple[Lesson, ...]:
        """The newest first."""
        query = select(LessonRow).where(LessonRow.ended_at.is_not(None)).order_by(LessonRow.started_at.desc())
        with session(self.engine) as opened:
            return tuple(lesson(row) for row in opened.scalars(query))

    def end(self, lesson_id: int, at: datetime) -> Lesson:
        """Ends a lesson; ending it again changes nothing. Seconds that were measured after that end are not kept."""
        with session(self.engine) as opened:
            row = opened.get(LessonRow, lesson_id)
            if row is None:
                raise unknown(lesson_id)
            if row.ended_at is None:
                row.ended_at = max(at, row.started_at)
                of_lesson = select(StudentRow.id).where(StudentRow.lesson_id == lesson_id)
                later = SampleRow.second >= row.ended_at.timestamp()
                opened.execute(delete(SampleRow).where(SampleRow.student_id.in_(of_lesson), later))
                forget_minutes(opened, of_lesson)
        return lesson(row)

    def let_guests(self, lesson_id: int, guests: bool) -> None:
        """Whether from now on somebody who is not on the list may join."""
        with session(self.engine) as opened:
            opened.execute(update(LessonRow).where(LessonRow.id == lesson_id).values(guests=guests))

    def show_less(self, lesson_id: int, shown: Shown) -> Lesson:
        """Shows less of the lesson from now on. Raises NotStricter for more of it, and UnknownCode."""
        with session(self.engine) as opened:
            row = opened.get(LessonRow, lesson_id, with_for_update=True)
            if row is None:
                raise unknown(lesson_id)
            now = Shown(row.shown)
            if now.stricter_than(shown):
                raise NotStricter(
                    _("Students were told that this lesson shows less. It cannot show more of them afterwards.")
                )
            row.shown = shown
        return lesson(row)

    def delete(self, lesson_id: int) -> None:
        """The lesson with all of its students and samples."""
        with session(self.engine) as opened:
            row = opened.get(LessonRow, lesson_id)
            if row is not None:
                opened.delete(row)

    def last_sample_at(self, lesson_id: int) -> datetime | None:
        query = (
            select(func.max(SampleRow.second))
            .join(StudentRow, StudentRow.id == SampleRow.student_id)
            .where(StudentRow.lesson_id == lesson_id)
        )
        with session(self.engine) as opened:
            second = opened.scalar(query)
        return None if second is None else _at(second)


def join_code() -> str:
    """Eight letters and digits that are not mistaken for another, as K7TM-4N2B: 378 thousand millions of them.

    So many that one of forty running lessons is guessed in a day with a chance of less than one in a million, at the
    rate of wrong codes that the join page allows; without vowels, so that no code is a word.
    """
    drawn = "".join(secrets.choice(SYMBOLS) for _ in range(2 * GROUP))
    return drawn[:GROUP] + "-" + drawn[GROUP:]


def normal_code(text: str) -> str:
    """`k7tm 4n2b`, `K7TM4N2B` and `K7tm-4n2b` are one code. A lesson of an earlier version has one like KIT-492."""
    letters = "".join(character for character in text.upper() if character.isalnum())[:12]
    group = 3 if len(letters) == 6 else GROUP
    return letters[:group] + "-" + letters[group:]


def lesson_title(text: str) -> str:
    """A title as it is kept: trimmed, inner space collapsed. Raises InvalidName."""
    title = " ".join(text.split())
    if not title or len(title) > TITLE_LENGTH or not title.isprintable():
        told = _("A lesson's title has 1 to {most} printable characters, got {text}.")
        raise InvalidName(told.format(most=TITLE_LENGTH, text=repr(text)))
    return title


def unknown(lesson_id: int) -> UnknownCode:
    return UnknownCode(_("There is no lesson {number}; it may have been deleted.").format(number=lesson_id))


def _at(second: int) -> datetime:
    return datetime.fromtimestamp(second, UTC)


def lesson(row: LessonRow) -> Lesson:
    return Lesson(
        row.id,
        row.title,
        row.code,
        row.started_at,
        row.ended_at,
        row.network,
        row.detector,
        row.made_up,
        row.class_id,
        Source(row.source),
        row.guests,
        row.keep_days,
        Shown(row.shown),
    )
