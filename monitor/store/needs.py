"""What each method of the store asks of whoever calls it: the table by which `seen` allows or refuses.

A method that is not in it is refused to everybody but this machine itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from monitor.people.rights import Right


class Of(Enum):
    """What the first argument names, and how what it belongs to is found."""

    LESSON = auto()
    LESSONS = auto()
    SCHOOL_CLASS = auto()
    STUDENT = auto()
    STUDENTS = auto()
    """Two students, as the first two arguments."""
    SAMPLES = auto()
    MEMBER = auto()
    MEMBERS = auto()
    """A collection, or two as the first two arguments."""
    MARKER = auto()
    ALERT = auto()


class Who(Enum):
    """Asked where no class or lesson is."""

    ANYBODY = auto()
    TEACHES = auto()
    ADMINISTERS = auto()
    ONESELF = auto()
    """A student, of the own account, which the first argument names."""


class Gives(Enum):
    """What comes back of which only what may be seen is left."""

    LESSONS = auto()
    CLASSES = auto()
    BY_LESSON = auto()


class Makes(Enum):
    """Something new, which is its maker's."""

    LESSON = auto()
    SCHOOL_CLASS = auto()
    OWN_RULES = auto()
    """Whoever asks reads, makes and changes those of one account only: the own."""


@dataclass(frozen=True)
class On:
    of: Of
    right: Right


Need = On | Who | Gives | Makes


def _on(of: Of, right: Right, room: str, *methods: str) -> dict[str, Need]:
    return {f"{room}.{method}": On(of, right) for method in methods}


def _all(need: Need, room: str, *methods: str) -> dict[str, Need]:
    return {f"{room}.{method}": need for method in methods}


NEEDS: dict[str, Need] = {
    **_on(Of.LESSON, Right.FIGURES, "lessons", "get", "last_sample_at"),
    **_on(Of.LESSON, Right.EDIT, "lessons", "end", "let_guests", "show_less"),
    **_on(Of.LESSON, Right.DELETE, "lessons", "delete"),
    **_all(Gives.LESSONS, "lessons", "running", "ended"),
    **_all(Makes.LESSON, "lessons", "start"),
    **_on(Of.LESSON, Right.NAMES, "people", "students", "listed"),
    **_on(Of.LESSON, Right.EDIT, "people", "invite", "invite_roster", "join"),
    **_on(Of.STUDENT, Right.NAMES, "people", "student"),
    **_on(Of.STUDENT, Right.EDIT, "people", "choose"),
    **_on(Of.STUDENT, Right.DELETE, "people", "delete"),
    **_on(Of.STUDENTS, Right.EDIT, "people", "merge"),
    **_all(Gives.BY_LESSON, "people", "count_by_lesson"),
    **_on(Of.LESSON, Right.NAMES, "samples", "read"),
    **_on(Of.STUDENT, Right.NAMES, "samples", "count", "of_student"),
    **_on(Of.SAMPLES, Right.EDIT, "samples", "add"),
    **_on(Of.LESSONS, Right.FIGURES, "minutes", "made", "missing"),
    **_on(Of.LESSON, Right.FIGURES, "minutes", "make"),
    **_on(Of.LESSONS, Right.NAMES, "minutes", "read"),
    **_on(Of.SCHOOL_CLASS, Right.FIGURES, "classes", "get"),
    **_on(Of.SCHOOL_CLASS, Right.NAMES, "classes", "members"),
    **_on(Of.SCHOOL_CLASS, Right.EDIT, "classes", "rename", "let_guests", "archive", "restore", "add_members", "keep"),
    **_on(Of.SCHOOL_CLASS, Right.DELETE, "classes", "delete"),
    **_all(Gives.CLASSES, "classes", "all", "figures"),
    **_all(Makes.SCHOOL_CLASS, "classes", "create"),
    **_on(Of.SCHOOL_CLASS, Right.NAMES, "members", "figures", "guests"),
    **_on(Of.MEMBER, Right.NAMES, "members", "get", "places"),
    **_on(Of.MEMBER, Right.EDIT, "members", "rename", "recognise"),
    **_on(Of.MEMBERS, Right.EDIT, "members", "leave", "come_back", "merge"),
    **_on(Of.MEMBER, Right.DELETE, "members", "delete"),
    **_on(Of.LESSON, Right.FIGURES, "markers", "of"),
    **_on(Of.LESSONS, Right.FIGURES, "markers", "by_lesson"),
    **_on(Of.LESSON, Right.EDIT, "markers", "put"),
    **_on(Of.MARKER, Right.EDIT, "markers", "change", "remove"),
    **_on(Of.LESSON, Right.FIGURES, "alerts", "of", "rules_for"),
    **_on(Of.ALERT, Right.EDIT, "alerts", "dismiss"),
    **_all(Makes.OWN_RULES, "alerts", "rules", "add", "change", "delete"),
    **_on(Of.LESSON, Right.EDIT, "faces", "add", "name", "name_afterwards"),
    **_on(Of.STUDENT, Right.EDIT, "faces", "part"),
    **_on(Of.LESSON, Right.FIGURES, "published", "newest", "read", "most"),
    **_on(Of.LESSON, Right.NAMES, "published", "cohorts"),
    **_on(Of.STUDENT, Right.NAMES, "consents", "of_student"),
    **_on(Of.MEMBER, Right.NAMES, "consents", "of_member"),
    **_on(Of.MEMBER, Right.EDIT, "consents", "guardian_agreed", "guardian_withdrew"),
    **_on(Of.SCHOOL_CLASS, Right.NAMES, "consents", "guardians"),
    **_on(Of.SCHOOL_CLASS, Right.FIGURES, "consents", "guardian_needed"),
    **_on(Of.SCHOOL_CLASS, Right.EDIT, "consents", "need_guardian", "refuse_recording"),
    **_on(Of.LESSON, Right.FIGURES, "consents", "refused", "needed_in"),
    **_on(Of.LESSON, Right.NAMES, "consents", "lacking"),
    **_all(Who.ANYBODY, "consents", "notices"),
    **_all(Who.TEACHES, "consents", "write_notice"),
    # How many lessons another time would delete: numbers only.
    **_all(Who.TEACHES, "retention", "due"),
    **_all(Who.ONESELF, "own", "places", "running", "join", "delete"),
    **_on(Of.MEMBER, Right.EDIT, "own", "link"),
    **_on(Of.SCHOOL_CLASS, Right.NAMES, "own", "linked"),
    **_on(Of.SCHOOL_CLASS, Right.SHARE, "ownership", "share", "unshare", "shares"),
    **_all(Who.ADMINISTERS, "ownership", "all", "take_nobodys"),
    # Whom a class could be shared with.
    **_all(Who.TEACHES, "accounts", "all"),
    **_all(Who.ADMINISTERS, "accounts", "create", "invite", "open_invitations", "give_role", "disable", "enable"),
    **_all(Who.ANYBODY, "accounts", "administered"),
    **_all(Who.ANYBODY, "statements", "current", "all"),
    **_all(Who.ADMINISTERS, "statements", "add"),
    **_all(Who.ANYBODY, "audit", "note"),
    **_all(Who.ADMINISTERS, "audit", "newest", "head", "verify"),
}


class Door(Enum):
    """What a guest may: at the lesson of the code or the seat, with the own seat, or in any case."""

    LESSON = auto()
    SEAT = auto()
    FREE = auto()


AT_THE_DOOR: dict[str, Door] = {
    "lessons.by_code": Door.FREE,
    "lessons.get": Door.LESSON,
    "people.seated": Door.FREE,
    "people.students": Door.LESSON,
    "people.listed": Door.LESSON,
    "people.join": Door.LESSON,
    "people.choose": Door.SEAT,
    "people.delete": Door.SEAT,
    "people.student": Door.SEAT,
    "samples.count": Door.SEAT,
    "samples.of_student": Door.SEAT,
    "consents.of_student": Door.SEAT,
    "consents.refuse": Door.LESSON,
    "consents.notices": Door.FREE,
    "accounts.administered": Door.FREE,
    "statements.current": Door.FREE,
    "audit.note": Door.FREE,
}
