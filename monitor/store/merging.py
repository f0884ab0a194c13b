"""Two who turned out to be one: whose samples, places and devices those are from now on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Select, delete, select, tuple_, update
from sqlalchemy.orm import Session, aliased

from monitor.store.forgetting import become_one
from monitor.store.minutes import forget_minutes
from monitor.store.tables import ConsentRow, MemberRow, SampleRow, StudentRow

# No session holds samples, so none needs to learn what became of them.
UNSEEN = {"synchronize_session": False}


def become(opened: Session, member: MemberRow, gone: ColumnElement[bool]) -> None:
    """The students of `gone`, a condition on StudentRow that is true of one a lesson at most, are `member` from now on.

    Where the member was in the same lesson, the samples move to that place; elsewhere the place gets the member.
    """
    _join_places(opened, member.id, gone)
    rows = opened.scalars(select(StudentRow).where(gone)).all()
    namesake = select(StudentRow.lesson_id, StudentRow.id).where(StudentRow.name_key == member.name_key)
    ids = {row.id for row in rows}
    occupied = {lesson_id for lesson_id, student_id in opened.execute(namesake) if student_id not in ids}
    for row in rows:
        row.member_id = member.id
        # A guest who happens to bear the member's name keeps it: a lesson has no name twice.
        if row.lesson_id not in occupied:
            row.name, row.name_key = member.name, member.name_key


def _join_places(opened: Session, member_id: int, gone: ColumnElement[bool]) -> None:
    kept = aliased(StudentRow)
    both = (
        select(kept, StudentRow)
        .join(StudentRow, StudentRow.lesson_id == kept.lesson_id)
        .where(kept.member_id == member_id, gone, StudentRow.id != kept.id)
    )
    places = opened.execute(both).all()
    ids = both.with_only_columns(kept.id.label("kept_id"), StudentRow.id.label("gone_id"))
    move_all(opened, ids)
    moved = []
    for stays, goes in places:
        take_place(stays, goes)
        moved.append(goes.id)
    become_one(opened, [(stays.uid, goes.uid) for stays, goes in places], "student")
    opened.execute(delete(StudentRow).where(StudentRow.id.in_(moved)))


def take_place(kept: StudentRow, gone: StudentRow) -> None:
    """A device that measures goes on measuring, for the place that stays."""
    if kept.device is None and gone.device is not None:
        kept.presence, kept.presence_at = gone.presence, gone.presence_at
        kept.notice_version, kept.consented_at = gone.notice_version, gone.consented_at
        kept.device = gone.device


def move_all(opened: Session, ids: Select[int, int]) -> None:
    """What was measured of `gone_id` counts as `kept_id`'s, for each such pair; of a second of both, the one with
    more faces stays."""
    pairs = ids.subquery()
    own, other = aliased(SampleRow), aliased(SampleRow)
    for student, better in ((own, other.faces > own.faces), (other, other.faces <= own.faces)):
        passed_over = (
            select(student.student_id, student.second)
            .select_from(pairs)
            .join(own, own.student_id == pairs.c.kept_id)
            .join(other, (other.student_id == pairs.c.gone_id) & (other.second == own.second))
            .where(better)
        )
        sample = tuple_(SampleRow.student_id, SampleRow.second)
        opened.execute(delete(SampleRow).where(sample.in_(passed_over)), execution_options=UNSEEN)
    kept = select(pairs.c.kept_id).where(pairs.c.gone_id == SampleRow.student_id).scalar_subquery()
    theirs = SampleRow.student_id.in_(select(pairs.c.gone_id))
    opened.execute(update(SampleRow).where(theirs).values(student_id=kept), execution_options=UNSEEN)
    forget_minutes(opened, select(pairs.c.kept_id))
    same = select(pairs.c.kept_id).where(pairs.c.gone_id == ConsentRow.student_id).scalar_subquery()
    given = ConsentRow.student_id.in_(select(pairs.c.gone_id))
    opened.execute(update(ConsentRow).where(given).values(student_id=same), execution_options=UNSEEN)
