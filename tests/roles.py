"""Reads the tables of docs/roles.md, and makes what they speak of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from monitor.domain import Lesson, Student
from monitor.people.accounts import Account, Role
from monitor.people.rights import Standing
from monitor.store.store import Store
from monitor.teaching import SchoolClass
from tests.lesson import NINE, sample

FILE = Path(__file__).parents[1] / "docs" / "roles.md"
STANDINGS = [one.value for one in Standing]


def table(first: str, second: str) -> Iterator[dict[str, str]]:
    """The rows of the table whose first two columns are called so."""
    heading: list[str] = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")] if line.startswith("|") else []
        if not cells:
            heading = []
        elif not heading:
            heading = cells
        elif heading[:2] == [first, second] and not cells[0].startswith("---"):
            yield dict(zip(heading, cells, strict=True))


@dataclass(frozen=True)
class Thing:
    """A class with a lesson in which one student was measured."""

    school_class: SchoolClass
    lesson: Lesson
    student: Student


def things(whole: Store, viewer: Account, running: bool = False, number: str = "") -> dict[str, Thing]:
    """One of each standing to `viewer`; their titles and names say which. `number` is for more of them."""
    other = whole.accounts.create(f"mallory{number}", Role.TEACHER, NINE)
    owners = {"own": viewer.id, "nobody's": None}
    return {how: _thing(whole, f"{how}{number}", how, owners.get(how, other.id), viewer, running) for how in STANDINGS}


def _thing(whole: Store, name: str, how: str, owner_id: int | None, viewer: Account, running: bool) -> Thing:
    school_class = whole.classes.create(f"Class {name}", NINE, owner_id=owner_id)
    whole.classes.add_members(school_class.id, [f"Zelda {name}"])
    lesson = whole.lessons.start(f"Lesson {name}", NINE, "tiny", "YuNet", class_id=school_class.id, owner_id=owner_id)
    whole.people.invite_roster(lesson.id, NINE)
    student = whole.people.join(lesson.id, f"Zelda {name}", NINE, "2026-1").student
    whole.samples.add([sample(student.id, second) for second in range(6)])
    if not running:
        lesson = whole.lessons.end(lesson.id, NINE.replace(minute=1))
    if how in (Standing.EDIT, Standing.READ):
        whole.ownership.share(school_class.id, viewer.id, edit=how == Standing.EDIT)
    return Thing(school_class, lesson, student)
