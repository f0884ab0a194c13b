"""Every method of the store as every role, on what is theirs, shared, somebody else's and nobody's: as docs/roles.md
says."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest

from monitor.domain import Presence, Shown
from monitor.errors import MonitorError, NotYours
from monitor.people.accounts import Account, Role
from monitor.people.purpose import Purpose, Statement
from monitor.people.rights import NOBODY, Guest, Right, Standing, rights
from monitor.store import store as rooms_of
from monitor.store.needs import AT_THE_DOOR, NEEDS, Gives, Makes, On, Who
from monitor.store.seen import seen_by
from monitor.store.store import Store, open_store
from monitor.teaching import Marker, MarkerKind, Measure, Rule
from tests.lesson import NINE, sample, second
from tests.roles import STANDINGS, Thing, table, things

ROLES = [*Role, None]


@pytest.fixture
def store() -> Iterator[Store]:
    """On SQLite alone: what is asked is the same on any database, and it is asked a thousand times."""
    opened = open_store("sqlite://")
    yield opened
    opened.close()


def _alert(whole: Store, thing: Thing) -> int:
    raised = whole.alerts.raised(thing.lesson.id, Rule(1, Measure.MOOD, True, 0.0, 60), second(30))
    assert raised is not None
    return raised.id


def _marker(whole: Store, thing: Thing) -> Marker:
    return whole.markers.put(thing.lesson.id, second(10), MarkerKind.QUIZ)


GIVEN: dict[str, Callable[[Store, Thing], tuple[Any, ...]]] = {
    "lessons.end": lambda whole, one: (one.lesson.id, NINE),
    "lessons.let_guests": lambda whole, one: (one.lesson.id, False),
    "people.invite": lambda whole, one: (one.lesson.id, ["Ben"], NINE),
    "people.invite_roster": lambda whole, one: (one.lesson.id, NINE),
    "people.join": lambda whole, one: (one.lesson.id, "Ben", NINE, "2026-1"),
    "people.choose": lambda whole, one: (one.student.id, Presence.LEFT, NINE),
    "people.merge": lambda whole, one: (
        one.student.id,
        whole.people.join(one.lesson.id, "Twin", NINE, "2026-1").student.id,
    ),
    "samples.add": lambda whole, one: ([sample(one.student.id, 500)],),
    "classes.rename": lambda whole, one: (one.school_class.id, "Another name"),
    "classes.let_guests": lambda whole, one: (one.school_class.id, False),
    "classes.archive": lambda whole, one: (one.school_class.id, NINE),
    "classes.add_members": lambda whole, one: (one.school_class.id, ["Ben"]),
    "members.rename": lambda whole, one: (_member(whole, one), "Ben"),
    "members.recognise": lambda whole, one: (_member(whole, one), "Guest"),
    "members.leave": lambda whole, one: ([_member(whole, one)], NINE),
    "members.come_back": lambda whole, one: ([_member(whole, one)],),
    "members.delete": lambda whole, one: (_member(whole, one),),
    "members.merge": lambda whole, one: (
        _member(whole, one),
        whole.classes.add_members(one.school_class.id, ["Twin"])[0].id,
    ),
    "markers.put": lambda whole, one: (one.lesson.id, NINE, MarkerKind.QUIZ),
    "markers.change": lambda whole, one: (_marker(whole, one),),
    "markers.remove": lambda whole, one: (_marker(whole, one).id,),
    "alerts.dismiss": lambda whole, one: (_alert(whole, one), NINE),
    "faces.add": lambda whole, one: (one.lesson.id, NINE),
    "faces.name": lambda whole, one: (one.lesson.id, "Ben", NINE),
    "faces.part": lambda whole, one: (one.student.id, NINE, second(5)),
    "lessons.show_less": lambda whole, one: (one.lesson.id, Shown.PSEUDONYMS),
    "classes.keep": lambda whole, one: (one.school_class.id, 5),
    "members.get": lambda whole, one: (_member(whole, one),),
    "members.places": lambda whole, one: (_member(whole, one),),
    "faces.name_afterwards": lambda whole, one: (one.lesson.id, "Face 1", "Ben"),
    "consents.of_member": lambda whole, one: (_member(whole, one),),
    "consents.guardian_agreed": lambda whole, one: (_member(whole, one), "by letter", NINE),
    "consents.guardian_withdrew": lambda whole, one: (_member(whole, one), NINE),
    "consents.need_guardian": lambda whole, one: (one.school_class.id, True),
    "ownership.share": lambda whole, one: (one.school_class.id, _other(whole), True),
    "own.link": lambda whole, one: (_member(whole, one), None),
    "ownership.unshare": lambda whole, one: (one.school_class.id, _other(whole)),
}
"""What a method is given that wants more than the number of a lesson, class or student."""


def _member(whole: Store, thing: Thing) -> int:
    return whole.classes.members(thing.school_class.id, archived=True)[0].id


def _other(whole: Store) -> int:
    return next(one.id for one in whole.accounts.all() if one.name.startswith("mallory"))


def arguments(deed: str, whole: Store, thing: Thing) -> tuple[Any, ...]:
    need = NEEDS[deed]
    assert isinstance(need, On)
    if deed in GIVEN:
        return GIVEN[deed](whole, thing)
    ids: dict[str, Any] = {
        "LESSON": thing.lesson.id,
        "LESSONS": [thing.lesson.id],
        "SCHOOL_CLASS": thing.school_class.id,
        "STUDENT": thing.student.id,
    }
    return (ids[need.of.name],)


def call(store: Store, deed: str, given: tuple[Any, ...]) -> Any:
    room, method = deed.split(".")
    return getattr(getattr(store, room), method)(*given)


def allowed(store: Store, deed: str, given: tuple[Any, ...]) -> bool:
    try:
        call(store, deed, given)
    except NotYours:
        return False
    except MonitorError:
        return True  # it was let in, and found something else to say
    return True


def account(whole: Store, role: Role | None) -> Account:
    return whole.accounts.create(f"the-{role or 'newcomer'}", role, NINE)


def every_method() -> list[str]:
    rooms = [name for name, one in inspect.getmembers(Store) if isinstance(one, property)]
    found = []
    for room in rooms:
        made = getattr(Store, room).fget.__annotations__["return"]
        found += [
            f"{room}.{name}"
            for name, one in inspect.getmembers(getattr(rooms_of, made), inspect.isfunction)
            if not name.startswith("_")
        ]
    return found


def numbers(store: Store, deed: str, number: int) -> tuple[int, ...]:
    """As many as the method wants."""
    room, name = deed.split(".")
    wanted = inspect.signature(getattr(getattr(store, room), name)).parameters.values()
    return tuple(number for one in wanted if one.default is one.empty)


def test_the_table_is_what_the_code_says() -> None:
    told = {(row["right"], row["role"], how): row[how] == "yes" for row in table("right", "role") for how in STANDINGS}
    assert len(told) == len(Right) * len(Role) * len(Standing)
    assert told == {
        (right, role, how): right in rights(role, Standing(how))
        for right in Right
        for role in Role
        for how in STANDINGS
    }


def test_every_need_is_of_a_method_that_there_is() -> None:
    assert set(NEEDS) | set(AT_THE_DOOR) <= set(every_method())


@pytest.mark.parametrize("role", ROLES)
def test_every_method_lets_in_whom_the_table_lets_in(store: Store, role: Role | None) -> None:
    who = account(store, role)
    told = {(row["right"], row["role"]): row for row in table("right", "role")}
    made, spoilt = things(store, who), False
    for number, (deed, need) in enumerate(NEEDS.items()):
        if isinstance(need, On):
            if spoilt:
                made = things(store, who, number=str(number))
            for how, thing in made.items():
                expected = role is not None and told[need.right, role][how] == "yes"
                assert allowed(seen_by(store, who), deed, arguments(deed, store, thing)) == expected, (deed, how)
            spoilt = need.right not in (Right.FIGURES, Right.NAMES) and bool(rights(role, Standing.OWN))


def test_what_no_table_names_is_refused_to_everybody(store: Store) -> None:
    accounts = [account(store, role) for role in ROLES]
    for deed in set(every_method()) - set(NEEDS):
        for who in accounts:
            with pytest.raises(NotYours):
                call(seen_by(store, who), deed, numbers(store, deed, 1))


@pytest.mark.parametrize("role", ROLES)
def test_lists_have_only_what_may_be_seen(store: Store, role: Role | None) -> None:
    who = account(store, role)
    made, seen = things(store, who), seen_by(store, who)
    visible = [made[how] for how in STANDINGS if Right.FIGURES in rights(role, Standing(how))]
    if role is None:
        with pytest.raises(NotYours):
            seen.lessons.ended()
        return
    assert {one.id for one in seen.lessons.ended()} == {one.lesson.id for one in visible}
    assert {one.id for one in seen.classes.all()} == {one.school_class.id for one in visible}
    assert {one.school_class.id for one in seen.classes.figures()} == {one.school_class.id for one in visible}
    assert set(seen.people.count_by_lesson()) == {one.lesson.id for one in visible}
    assert seen.lessons.running() == ()


@pytest.mark.parametrize("role", ROLES)
def test_what_is_no_class_or_lesson_asks_for_the_role(store: Store, role: Role | None) -> None:
    given: dict[str, tuple[Any, ...]] = {
        "alerts.add": (Rule(0, Measure.MOOD, True, 0.0, 60),),
        "alerts.change": (Rule(1, Measure.MOOD, True, 0.0, 60),),
        "alerts.delete": (1,),
        "consents.write_notice": ({"en": "Our own words about it."}, NINE),
        "retention.due": (NINE, 30),
        "accounts.create": ("new", Role.TEACHER, NINE),
        "accounts.invite": (1, NINE),
        "accounts.open_invitations": (NINE,),
        "accounts.give_role": (1, Role.TEACHER),
        "accounts.disable": (1, NINE),
        "accounts.enable": (1,),
        "ownership.take_nobodys": (1,),
        "statements.add": (Statement(Purpose.RESEARCH, "Vote 12", "eve", NINE),),
    }
    seen = seen_by(store, account(store, role))
    for deed, need in NEEDS.items():
        if isinstance(need, Who) and need is not Who.ONESELF and deed not in ("audit.note",):
            expected = need is Who.ANYBODY and role is not None
            expected |= need is Who.TEACHES and role in (Role.ADMINISTRATOR, Role.TEACHER)
            expected |= need is Who.ADMINISTERS and role is Role.ADMINISTRATOR
            assert allowed(seen, deed, given.get(deed, ())) == expected, deed


def test_what_somebody_makes_is_theirs_and_only_who_teaches_makes(store: Store) -> None:
    teacher, other = account(store, Role.TEACHER), account(store, Role.ADMINISTRATOR)
    seen = seen_by(store, teacher)
    own = seen.classes.create("7b", NINE)
    lesson = seen.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    assert seen.lessons.get(lesson.id) == lesson
    assert seen_by(store, other).classes.create("7b", NINE).name == "7b"
    with pytest.raises(NotYours):
        seen_by(store, other).lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=own.id)
    for role in (Role.OBSERVER, Role.STUDENT, None):
        with pytest.raises(NotYours):
            seen_by(store, account(store, role)).classes.create("8a", NINE)
    assert [one for one in NEEDS.values() if isinstance(one, Makes | Gives)]


def test_what_is_not_there_and_what_is_others_are_told_alike(store: Store) -> None:
    who = account(store, Role.TEACHER)
    others = things(store, who)["other's"].lesson.id
    told = []
    for lesson_id in (others, 9999, 2**70, -1):
        with pytest.raises(NotYours) as refused:
            seen_by(store, who).lessons.get(lesson_id)
        told.append(str(refused.value))
    assert len(set(told)) == 1


def test_a_share_that_is_taken_back_ends_at_once(store: Store) -> None:
    who = account(store, Role.TEACHER)
    shared = things(store, who)["shared to edit"]
    seen = seen_by(store, who)
    assert seen.people.students(shared.lesson.id)
    store.ownership.unshare(shared.school_class.id, who.id)
    with pytest.raises(NotYours):
        seen.people.students(shared.lesson.id)


def test_a_guest_sees_the_lesson_of_the_code_while_it_runs_and_the_own_seat(store: Store) -> None:
    made = things(store, account(store, Role.TEACHER), running=True)
    mine, other = made["own"], made["other's"]
    seat = store.people.join(mine.lesson.id, "Ben", NINE, "2026-1")
    guest = seen_by(store, Guest(mine.lesson.code.lower()))
    assert guest.lessons.by_code(mine.lesson.code) == mine.lesson
    assert len(guest.people.students(mine.lesson.id)) == 2
    seated = seen_by(store, Guest(mine.lesson.code, seat.secret))
    assert seated.people.choose(seat.student.id, Presence.PAUSED, NINE).presence is Presence.PAUSED
    for refused in (
        lambda: guest.people.students(other.lesson.id),
        lambda: guest.people.choose(seat.student.id, Presence.LEFT, NINE),
        lambda: seated.people.choose(mine.student.id, Presence.LEFT, NINE),
        lambda: seated.samples.count(mine.student.id),
        lambda: seen_by(store, NOBODY).people.students(mine.lesson.id),
    ):
        with pytest.raises(NotYours):
            refused()
    store.lessons.end(mine.lesson.id, datetime.now(UTC))
    with pytest.raises(NotYours):
        guest.people.students(mine.lesson.id)


def test_a_guest_may_nothing_else(store: Store) -> None:
    made = things(store, account(store, Role.TEACHER), running=True)["own"]
    for deed in set(every_method()) - set(AT_THE_DOOR):
        with pytest.raises(NotYours):
            call(seen_by(store, Guest(made.lesson.code)), deed, numbers(store, deed, made.lesson.id))
