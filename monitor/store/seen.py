"""The store as somebody may see it: the same rooms, each with a doorkeeper who asks the table in `needs`.

What belongs to somebody else and what does not exist are refused in the same words.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from functools import wraps
from inspect import signature
from typing import Any, cast

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import InstrumentedAttribute

from monitor.errors import NotYours
from monitor.people.accounts import Account, Role
from monitor.people.rights import Guest, Right, Standing, rights
from monitor.store.classes import ClassFigures
from monitor.store.engine import session
from monitor.store.lessons import LARGEST_ID, normal_code
from monitor.store.needs import AT_THE_DOOR, NEEDS, Door, Gives, Makes, Need, Of, On, Who
from monitor.store.sign_ins import hashed
from monitor.store.store import Room, Store
from monitor.store.tables import AlertRow, LessonRow, MarkerRow, MemberRow, StudentRow
from monitor.words import _

Viewer = Account | Guest
Arguments = tuple[Any, ...]


def seen_by(store: Store, viewer: Viewer) -> Store:
    """May be used from any thread, as long as `viewer` is still what it was."""
    return Seen(store.engine, viewer)


@dataclass(frozen=True)
class Seen(Store):
    viewer: Viewer

    def _room(self, room: Room) -> Room:
        return cast(Room, _Doorkeeper(room, self.viewer, Store(self.engine)))


class _Doorkeeper:
    def __init__(self, room: object, viewer: Viewer, whole: Store) -> None:
        self._kept, self._viewer, self._whole = room, viewer, whole

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._kept, name)
        if not callable(method):
            return method
        deed = f"{type(self._kept).__name__.lower()}.{name}"

        @wraps(method)
        def asked(*given: Any, **named: Any) -> Any:
            return self._answer(deed, method, given, named)

        return asked

    def _answer(self, deed: str, method: Callable[..., Any], given: Arguments, named: dict[str, Any]) -> Any:
        bound = signature(method).bind(*given, **named)
        if isinstance(self._viewer, Guest):
            _let_guest(self._whole, self._viewer, deed, tuple(bound.arguments.values()))
            return method(*given, **named)
        need = NEEDS.get(deed)
        if isinstance(need, Makes):
            named = {**named, "owner_id": maker_of(self._whole, self._viewer, bound.arguments.get("class_id"))}
        else:
            _let_account(self._whole, self._viewer, need, tuple(bound.arguments.values()))
        found = method(*given, **named)
        return _left(self._whole, self._viewer, need, found) if isinstance(need, Gives) else found


def may_see(whole: Store, viewer: Account, lesson_id: int, right: Right) -> bool:
    """Whether this of a lesson is allowed; of one that does not exist nothing is."""
    return _has(whole, viewer, [lesson_id], right)


def refused() -> NotYours:
    return NotYours(_("This does not exist, or it belongs to somebody else."))


def _let_account(whole: Store, viewer: Account, need: Need | None, given: Arguments) -> None:
    """Raises NotYours."""
    if isinstance(need, On):
        ids = FOUND[need.of](whole, given)
        if need.of in (Of.SCHOOL_CLASS, Of.MEMBER, Of.MEMBERS):
            allowed = _has_classes(whole, viewer, ids, need.right)
        else:
            allowed = _has(whole, viewer, ids, need.right)
    else:
        allowed = need in (Who.ANYBODY, *Gives) and viewer.role is not None
        allowed |= need is Who.TEACHES and viewer.role is not None and viewer.role.teaches
        allowed |= need is Who.ADMINISTERS and viewer.role is Role.ADMINISTRATOR
        allowed |= need is Who.ONESELF and viewer.role is Role.STUDENT and given[0] == viewer.id
    if not allowed:
        raise refused()


def _has(whole: Store, viewer: Account, lesson_ids: Collection[int | None], right: Right) -> bool:
    return _all_have(viewer, lesson_ids, right, whole.ownership.lessons)


def _has_classes(whole: Store, viewer: Account, class_ids: Collection[int | None], right: Right) -> bool:
    return _all_have(viewer, class_ids, right, whole.ownership.classes)


def _all_have(
    viewer: Account,
    wanted: Collection[int | None],
    right: Right,
    standings: Callable[[int, Collection[int]], dict[int, Standing]],
) -> bool:
    # An id comes from an address that anybody may type: some are larger than any column.
    ids = {one for one in wanted if one is not None and 0 <= one <= LARGEST_ID}
    if len(ids) < len(set(wanted)):
        return False
    known = standings(viewer.id, ids) if ids else {}
    return all(one in known and right in rights(viewer.role, known[one]) for one in ids)


def maker_of(whole: Store, viewer: Account, class_id: int | None) -> int:
    """Whose something new is. Raises NotYours for who may not teach, and where the class is not theirs to edit."""
    if viewer.role is None or not viewer.role.teaches:
        raise refused()
    if class_id is not None and not _has_classes(whole, viewer, [class_id], Right.EDIT):
        raise refused()
    return viewer.id


def _left(whole: Store, viewer: Account, need: Gives, found: Any) -> Any:
    """Of all that came back, what this account may see figures of."""
    standings = whole.ownership.classes if need is Gives.CLASSES else whole.ownership.lessons
    seen = {one for one, how in standings(viewer.id).items() if Right.FIGURES in rights(viewer.role, how)}
    if need is Gives.BY_LESSON:
        return {lesson_id: value for lesson_id, value in found.items() if lesson_id in seen}
    return tuple(one for one in found if _id(one) in seen)


def _id(one: Any) -> int:
    return int(one.school_class.id if isinstance(one, ClassFigures) else one.id)


def _let_guest(whole: Store, guest: Guest, deed: str, given: Arguments) -> None:
    """Raises NotYours."""
    door = AT_THE_DOOR.get(deed)
    if door is Door.FREE:
        return
    if door is None or not isinstance(given[0], int) or not 0 <= given[0] <= LARGEST_ID:
        raise refused()
    seat = StudentRow.device == hashed(guest.seat)
    if door is Door.SEAT:
        query = select(StudentRow.id).where(seat, StudentRow.id == given[0])
    else:
        by_seat = LessonRow.id.in_(select(StudentRow.lesson_id).where(seat))
        by_code = (LessonRow.code == normal_code(guest.code)) & LessonRow.ended_at.is_(None)
        query = select(LessonRow.id).where(LessonRow.id == given[0], by_seat | by_code)
    with session(whole.engine) as opened:
        if opened.scalar(query) is None:
            raise refused()


def _look_up(
    whole: Store,
    wanted: InstrumentedAttribute[Any],
    key: InstrumentedAttribute[int],
    ids: Iterable[int],
    missing_is_fine: bool = False,
) -> list[int | None]:
    """What each of these belongs to; None for one that does not exist."""
    asked = set(ids)
    where: ColumnElement[bool] = key.in_(asked)
    with session(whole.engine) as opened:
        found: dict[int, int | None] = dict(opened.execute(select(key, wanted).where(where)).tuples().all())
    return [*found.values()] if missing_is_fine else [found.get(one) for one in asked]


def _of_students(whole: Store, ids: Iterable[int], missing_is_fine: bool = False) -> list[int | None]:
    return _look_up(whole, StudentRow.lesson_id, StudentRow.id, ids, missing_is_fine)


def _of_members(whole: Store, given: Arguments) -> list[int | None]:
    ids = given[:2] if isinstance(given[0], int) else given[0]
    return _look_up(whole, MemberRow.class_id, MemberRow.id, ids)


def _marker_id(marker: Any) -> int:
    return int(marker if isinstance(marker, int) else marker.id)


FOUND: dict[Of, Callable[[Store, Arguments], Collection[int | None]]] = {
    Of.LESSON: lambda whole, given: [given[0]],
    Of.LESSONS: lambda whole, given: list(given[0]),
    Of.SCHOOL_CLASS: lambda whole, given: [given[0]],
    Of.STUDENT: lambda whole, given: _of_students(whole, [given[0]]),
    Of.STUDENTS: lambda whole, given: _of_students(whole, given[:2]),
    # Samples of a student who was deleted meanwhile are passed over, as the room itself does.
    Of.SAMPLES: lambda whole, given: _of_students(whole, {one.student_id for one in given[0]}, True),
    Of.MEMBER: lambda whole, given: _look_up(whole, MemberRow.class_id, MemberRow.id, [given[0]]),
    Of.MEMBERS: _of_members,
    Of.MARKER: lambda whole, given: _look_up(whole, MarkerRow.lesson_id, MarkerRow.id, [_marker_id(given[0])]),
    Of.ALERT: lambda whole, given: _look_up(whole, AlertRow.lesson_id, AlertRow.id, [given[0]]),
}
