"""The tables. A sample's probabilities are whole ten-thousandths, so a CSV equals the database exactly."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy import BigInteger, ForeignKey, Index, SmallInteger, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

import monitor.store.trust_tables  # noqa: F401 - its tables are part of the same database
from monitor.store.base import Base as Base
from monitor.store.base import UtcDateTime


def _new_uid() -> str:
    """Of one row for ever: the number of a deleted row is given again, and a backup may still hold the deleted one."""
    return secrets.token_hex(12)


class ClassRow(Base):
    """`keep_days`: how long lessons of the class are kept; None as the settings say."""

    __tablename__ = "classes"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(120), unique=True)
    guests: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    keep_days: Mapped[int | None]
    uid: Mapped[str | None] = mapped_column(String(80), default=_new_uid)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    guardian_needed: Mapped[bool] = mapped_column(default=False)


class MemberRow(Base):
    """`account_id`: whose account this student signs in with; one account may be on several rosters."""

    __tablename__ = "members"
    __table_args__ = (Index("ix_members_class_key", "class_id", "name_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    class_id: Mapped[int] = mapped_column(ForeignKey("classes.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(120))
    archived_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    uid: Mapped[str | None] = mapped_column(String(80), default=_new_uid)
    account_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)


class LessonRow(Base):
    """`keep_days`: what its class said when it began, which its students were told; None as the settings say."""

    __tablename__ = "lessons"

    id: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(120))
    code: Mapped[str] = mapped_column(String(12), unique=True)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    network: Mapped[str] = mapped_column(String(120))
    detector: Mapped[str] = mapped_column(String(60))
    made_up: Mapped[bool] = mapped_column(default=False)
    class_id: Mapped[int | None] = mapped_column(ForeignKey("classes.id", ondelete="SET NULL"), index=True)
    source: Mapped[str] = mapped_column(String(10), default="live")
    guests: Mapped[bool] = mapped_column(default=True)
    analysed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    keep_days: Mapped[int | None]
    uid: Mapped[str | None] = mapped_column(String(80), default=_new_uid)
    shown: Mapped[str] = mapped_column(String(10), default="names")
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="SET NULL"), index=True)
    refused: Mapped[int] = mapped_column(SmallInteger, default=0)


class StudentRow(Base):
    """A student of one lesson. `device` is a hash of the secret that the student's page holds."""

    __tablename__ = "students"
    __table_args__ = (Index("ix_students_lesson_key", "lesson_id", "name_key", unique=True),)

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(120))
    presence: Mapped[str] = mapped_column(String(10))
    presence_at: Mapped[datetime] = mapped_column(UtcDateTime)
    device: Mapped[str | None] = mapped_column(String(64), index=True)
    notice_version: Mapped[str | None] = mapped_column(String(20))
    consented_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="SET NULL"), index=True)
    named: Mapped[bool] = mapped_column(default=True)
    uid: Mapped[str | None] = mapped_column(String(80), default=_new_uid)
    cohort: Mapped[int | None] = mapped_column(SmallInteger)


class Probabilities:
    """Of the seven, in ten-thousandths."""

    angry: Mapped[int | None] = mapped_column(SmallInteger)
    disgust: Mapped[int | None] = mapped_column(SmallInteger)
    fear: Mapped[int | None] = mapped_column(SmallInteger)
    happy: Mapped[int | None] = mapped_column(SmallInteger)
    sad: Mapped[int | None] = mapped_column(SmallInteger)
    surprise: Mapped[int | None] = mapped_column(SmallInteger)
    neutral: Mapped[int | None] = mapped_column(SmallInteger)


class SampleRow(Probabilities, Base):
    """`second` counts from 1970 in UTC; probabilities are ten-thousandths that add up to 10,000."""

    __tablename__ = "samples"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012 - SQLAlchemy's own form

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"), primary_key=True)
    second: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    faces: Mapped[int] = mapped_column(SmallInteger)
    frames: Mapped[int] = mapped_column(SmallInteger)


class MinuteRow(Base):
    """Sums over a student's samples from `start` (seconds since 1970) to the end of its minute or to the next edge of a
    marker; `seen` are the seconds with a face, over which the seven are summed, in ten-thousandths."""

    __tablename__ = "minutes"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    student_id: Mapped[int] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    seconds: Mapped[int]
    seen: Mapped[int]
    faces: Mapped[int]
    frames: Mapped[int]
    angry: Mapped[int]
    disgust: Mapped[int]
    fear: Mapped[int]
    happy: Mapped[int]
    sad: Mapped[int]
    surprise: Mapped[int]
    neutral: Mapped[int]


class SummaryRow(Base):
    """Says that the `minutes` of a lesson are complete: as of its `newest` sample, cut at these `edges`."""

    __tablename__ = "summaries"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    newest: Mapped[int | None] = mapped_column(BigInteger)
    edges: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)


class CohortRow(Base):
    """Students of a class-only lesson who are counted together or not at all, see `monitor.insight.suppression`. The
    size stays when a student is deleted: then the cohort is whole never again."""

    __tablename__ = "cohorts"

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    size: Mapped[int] = mapped_column(SmallInteger)


class PublishedRow(Probabilities, Base):
    """What a class-only lesson says of one window, once and for all; `students` is rounded down to fives, and the
    rest is None in a window of which nothing may be said. `visible` and the seven are ten-thousandths."""

    __tablename__ = "published"
    __table_args__ = {"sqlite_with_rowid": False}  # noqa: RUF012

    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)
    start: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    students: Mapped[int] = mapped_column(SmallInteger)
    visible: Mapped[int | None] = mapped_column(SmallInteger)


class ConsentRow(Base):
    """Of a student in a lesson, or of a guardian for somebody on a roster. Rows are added and closed, never changed."""

    __tablename__ = "consents"

    id: Mapped[int] = mapped_column(primary_key=True)
    student_id: Mapped[int | None] = mapped_column(ForeignKey("students.id", ondelete="CASCADE"), index=True)
    member_id: Mapped[int | None] = mapped_column(ForeignKey("members.id", ondelete="CASCADE"), index=True)
    giver: Mapped[str] = mapped_column(String(10))
    notice: Mapped[str] = mapped_column(String(20))
    said: Mapped[str] = mapped_column(String(120))
    given_at: Mapped[datetime] = mapped_column(UtcDateTime)
    withdrawn_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class NoticeRow(Base):
    """A version of the school's own words to students, in one language."""

    __tablename__ = "notices"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    language: Mapped[str] = mapped_column(String(8), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)


class MarkerRow(Base):
    __tablename__ = "markers"

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    kind: Mapped[str] = mapped_column(String(20))
    text: Mapped[str] = mapped_column(String(120))
    left_out: Mapped[bool] = mapped_column(default=False)


class RuleRow(Base):
    __tablename__ = "rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    measure: Mapped[str] = mapped_column(String(20))
    below: Mapped[bool]
    limit: Mapped[float]
    seconds: Mapped[int]
    on: Mapped[bool]
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("accounts.id", ondelete="CASCADE"), index=True)


class AlertRow(Base):
    """An alert bears its rule as it stood, so that a changed rule rewrites no lesson."""

    __tablename__ = "alerts"
    __table_args__ = (
        # Two servers that watch one lesson keep one alert.
        Index(
            "ix_alerts_open",
            "lesson_id",
            "rule_id",
            unique=True,
            sqlite_where=text("over_at IS NULL"),
            postgresql_where=text("over_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    lesson_id: Mapped[int] = mapped_column(ForeignKey("lessons.id", ondelete="CASCADE"), index=True)
    rule_id: Mapped[int]
    measure: Mapped[str] = mapped_column(String(20))
    below: Mapped[bool]
    limit: Mapped[float]
    seconds: Mapped[int]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    over_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    dismissed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
