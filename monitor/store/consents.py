"""Consents, given and taken back; what a guardian said; and how many would rather not be measured."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Engine, case, exists, func, select, update
from sqlalchemy.orm import Session

from monitor.domain import name_key, student_name
from monitor.errors import GuardianNeeded, InvalidName
from monitor.people.consent import NOTICE_LENGTH, Consent, Giver, Notice
from monitor.store.engine import session
from monitor.store.tables import ClassRow, ConsentRow, LessonRow, MemberRow, NoticeRow, StudentRow
from monitor.words import _


@dataclass(frozen=True)
class Consents:
    engine: Engine

    def of_student(self, student_id: int) -> tuple[Consent, ...]:
        """In one lesson, the earliest first."""
        return self._read(ConsentRow.student_id == student_id)

    def of_member(self, member_id: int) -> tuple[Consent, ...]:
        """The guardian's."""
        return self._read(ConsentRow.member_id == member_id)

    def _read(self, which: ColumnElement[bool]) -> tuple[Consent, ...]:
        query = select(ConsentRow).where(which).order_by(ConsentRow.id)
        with session(self.engine) as opened:
            return tuple(_consent(row) for row in opened.scalars(query))

    def guardians(self, class_id: int) -> dict[int, Consent]:
        """By member those that stand."""
        query = (
            select(ConsentRow)
            .join(MemberRow, MemberRow.id == ConsentRow.member_id)
            .where(MemberRow.class_id == class_id, ConsentRow.withdrawn_at.is_(None))
            .order_by(ConsentRow.id)
        )
        with session(self.engine) as opened:
            return {row.member_id: _consent(row) for row in opened.scalars(query) if row.member_id is not None}

    def guardian_agreed(self, member_id: int, said: str, at: datetime) -> None:
        """`said`: who agreed, and how. Raises InvalidName without that."""
        clean = " ".join(said.split())
        if not clean:
            raise InvalidName(_("Please write who agreed, and how: “mother, by letter”."))
        consent = Consent(Giver.GUARDIAN, at, said=clean)
        with session(self.engine) as opened:
            opened.add(ConsentRow(member_id=member_id, giver=consent.giver, notice="", said=consent.said, given_at=at))

    def guardian_withdrew(self, member_id: int, at: datetime) -> None:
        with session(self.engine) as opened:
            _withdraw(opened, ConsentRow.member_id == member_id, at)

    def need_guardian(self, class_id: int, needed: bool) -> None:
        """Whether students of the class are measured only once a guardian agreed."""
        with session(self.engine) as opened:
            opened.execute(update(ClassRow).where(ClassRow.id == class_id).values(guardian_needed=needed))

    def guardian_needed(self, class_id: int) -> bool:
        with session(self.engine) as opened:
            return bool(opened.scalar(select(ClassRow.guardian_needed).where(ClassRow.id == class_id)))

    def needed_in(self, lesson_id: int) -> bool:
        """Whether the class of this lesson wants a guardian's consent."""
        query = select(ClassRow.guardian_needed).join(LessonRow, LessonRow.class_id == ClassRow.id)
        with session(self.engine) as opened:
            return bool(opened.scalar(query.where(LessonRow.id == lesson_id)))

    def lacking(self, lesson_id: int) -> frozenset[int]:
        """Students of a lesson who need a guardian's consent and have none that stands; guests are among them."""
        query = (
            select(StudentRow.id)
            .join(LessonRow, LessonRow.id == StudentRow.lesson_id)
            .join(ClassRow, ClassRow.id == LessonRow.class_id)
            .where(LessonRow.id == lesson_id, ClassRow.guardian_needed, ~_stands(StudentRow.member_id))
        )
        with session(self.engine) as opened:
            return frozenset(opened.scalars(query))

    def refuse_recording(self, class_id: int | None, name: str | None = None) -> None:
        """Stands before a video of a class is measured, in which `name` is seen, or anybody where it is None.

        Raises GuardianNeeded where the class wants a guardian's consent and there is none: of this student, or of
        anybody on the roster, as nobody knows beforehand whom a face will be.
        """
        if class_id is None or not self.guardian_needed(class_id):
            return
        roster = select(MemberRow.name_key, _stands(MemberRow.id)).where(
            MemberRow.class_id == class_id, MemberRow.archived_at.is_(None)
        )
        with session(self.engine) as opened:
            agreed_by: dict[str, bool] = dict(opened.execute(roster).tuples().all())
        if name is not None and not agreed_by.get(name_key(name)):
            told = _(
                "In this class nobody is measured before a parent or guardian has agreed; of {name} that is not noted."
            )
            raise GuardianNeeded(told.format(name=student_name(name)))
        without = sum(not one for one in agreed_by.values())
        if name is None and (without or not agreed_by):
            raise GuardianNeeded(
                _(
                    "In this class nobody is measured before a parent or guardian has agreed. Of {without} of {all} on "
                    "the roster that is not noted, and nobody knows yet whose faces are in the video: note it on the "
                    "page of the class, or analyse a video of one student who may be measured."
                ).format(without=without, all=len(agreed_by))
            )

    def refuse(self, lesson_id: int, one: int = 1) -> None:
        """One more who is in the lesson and not measured, or one fewer with −1. Who that is, is kept nowhere."""
        more = LessonRow.refused + one
        count = case((more < 0, 0), else_=more)
        with session(self.engine) as opened:
            opened.execute(update(LessonRow).where(LessonRow.id == lesson_id).values(refused=count))

    def refused(self, lesson_id: int) -> int:
        with session(self.engine) as opened:
            return opened.scalar(select(LessonRow.refused).where(LessonRow.id == lesson_id)) or 0

    def write_notice(self, texts: Mapping[str, str], at: datetime) -> Notice:
        """A new version of the school's own words; those before stay. Raises InvalidName for none and for too many."""
        kept = {language: text.strip() for language, text in texts.items() if text.strip()}
        if not kept or any(len(text) > NOTICE_LENGTH for text in kept.values()):
            raise InvalidName(_("A notice has 1 to {n} characters in one language at least.").format(n=NOTICE_LENGTH))
        with session(self.engine) as opened:
            number = (opened.scalar(select(func.max(NoticeRow.number))) or 0) + 1
            opened.add_all(
                NoticeRow(number=number, language=language, text=text, written_at=at) for language, text in kept.items()
            )
        return Notice(number, at, kept)

    def notices(self) -> tuple[Notice, ...]:
        """The newest first."""
        found: dict[int, Notice] = {}
        with session(self.engine) as opened:
            for row in opened.scalars(select(NoticeRow).order_by(NoticeRow.number.desc(), NoticeRow.language)):
                found.setdefault(row.number, Notice(row.number, row.written_at, {})).texts[row.language] = row.text
        return tuple(found.values())


def agreed(opened: Session, student_id: int, notice: str, at: datetime) -> None:
    """Of a student who joins; in the caller's transaction."""
    opened.add(ConsentRow(student_id=student_id, giver=Giver.STUDENT, notice=notice, said="", given_at=at))


def withdrew(opened: Session, student_id: int, at: datetime) -> None:
    _withdraw(opened, ConsentRow.student_id == student_id, at)


def refuse_without_guardian(opened: Session, lesson_id: int, member_id: int | None) -> None:
    """Raises GuardianNeeded where the class wants a guardian's consent and there is none. A guest has none."""
    needed = (
        select(ClassRow.guardian_needed)
        .join(LessonRow, LessonRow.class_id == ClassRow.id)
        .where(LessonRow.id == lesson_id)
    )
    if not opened.scalar(needed):
        return
    stands = select(ConsentRow.id).where(ConsentRow.member_id == member_id, ConsentRow.withdrawn_at.is_(None))
    if member_id is None or opened.scalar(stands.limit(1)) is None:
        raise GuardianNeeded(
            _(
                "In this class nobody is measured before a parent or guardian has agreed, and that is not noted yet "
                "for this name. You are welcome in the lesson all the same: please tell your teacher."
            )
        )


def _stands(member_id: Any) -> Any:
    """A condition on somebody of a roster: a guardian has agreed and did not take it back."""
    return exists().where(ConsentRow.member_id == member_id, ConsentRow.withdrawn_at.is_(None))


def _withdraw(opened: Session, which: ColumnElement[bool], at: datetime) -> None:
    open_still = update(ConsentRow).where(which, ConsentRow.withdrawn_at.is_(None))
    opened.execute(open_still.values(withdrawn_at=at), execution_options={"synchronize_session": False})


def _consent(row: ConsentRow) -> Consent:
    return Consent(Giver(row.giver), row.given_at, row.notice, row.said, row.withdrawn_at)
