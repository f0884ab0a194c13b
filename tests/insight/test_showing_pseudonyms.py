"""A lesson with pseudonyms: the same for a student all along, and no way from them to a name without the key."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from pydantic import SecretStr

from monitor.domain import Shown
from monitor.errors import NotStricter, SettingsError
from monitor.insight.export.csv import to_csv
from monitor.insight.pseudonyms import pseudonyms, read_key, renamed
from monitor.insight.report import report
from monitor.insight.student_report import student_report
from monitor.insight.timeline import Follower, read_timeline
from monitor.settings import Settings
from monitor.store.store import Store
from tests.lesson import HAPPY, NINE, SAD, sample, second

NAMES = ("Ada", "Ben", "Cem")
KEY = b"a key"


def lesson_of(store: Store, class_id: int | None, names: tuple[str, ...] = NAMES) -> int:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=class_id, shown=Shown.PSEUDONYMS)
    for name in names:
        student = store.people.join(lesson.id, name, NINE, "2026-2").student.id
        store.samples.add([sample(student, number, HAPPY if name == "Ada" else SAD) for number in range(40)])
    return lesson.id


def pseudonym_of(store: Store, lesson_id: int, name: str) -> str:
    students = store.people.students(lesson_id)
    own = next(student.id for student in students if student.name == name)
    return renamed(store, store.lessons.get(lesson_id), students)[own].name


def test_no_name_and_no_number_of_a_student_is_in_what_is_shown(store: Store) -> None:
    lesson_id = lesson_of(store, None)
    for found in (read_timeline(store, lesson_id), Follower(store, lesson_id).refresh()):
        text = to_csv(found).decode() + repr(found.students) + repr(report(found, second(60)).students)
        assert not any(name in text for name in NAMES)
        real = {student.id for student in store.people.students(lesson_id)}
        assert real.isdisjoint(found.samples["student_id"])
        assert real.isdisjoint(one.id for one in found.students)


def test_the_scores_are_those_of_the_student_under_the_pseudonym(store: Store) -> None:
    lesson_id = lesson_of(store, None)
    timeline = read_timeline(store, lesson_id)
    happy = {row.student.name: row.mood for row in report(timeline, second(60)).students}
    assert happy[pseudonym_of(store, lesson_id, "Ada")] == pytest.approx(0.5)
    own = next(one.id for one in timeline.students if one.name == pseudonym_of(store, lesson_id, "Ada"))
    found = student_report(timeline, own)
    assert found is not None
    assert found.mood is not None
    assert found.mood.value == pytest.approx(0.5)


def test_they_stand_in_an_order_of_their_own(store: Store) -> None:
    found = read_timeline(store, lesson_of(store, None, tuple("ABCDEFGH"))).students
    assert [one.name for one in found] == sorted(one.name for one in found)


def test_a_student_of_a_class_keeps_the_pseudonym_over_lessons_and_under_a_new_name(store: Store) -> None:
    class_id = store.classes.create("7b", NINE).id
    ada, *_others = store.classes.add_members(class_id, NAMES)
    first = lesson_of(store, class_id)
    told = pseudonym_of(store, first, "Ada")
    second_lesson = lesson_of(store, class_id, ("Zoe", "Ada"))
    assert pseudonym_of(store, second_lesson, "Ada") == told
    assert pseudonym_of(store, second_lesson, "Zoe") == pseudonym_of(store, lesson_of(store, class_id, ("Zoe",)), "Zoe")
    store.members.rename(ada.id, "Ada Lovelace")
    assert told in {one.name for one in read_timeline(store, first).students}


def test_another_class_and_another_key_give_another_pseudonym() -> None:
    (ours,) = pseudonyms(KEY, "class:1", ["member:1"]).values()
    assert ours not in pseudonyms(KEY, "class:2", ["member:1"]).values()
    assert ours not in pseudonyms(b"another", "class:1", ["member:1"]).values()


def test_no_two_are_alike_in_a_class_however_large() -> None:
    found = pseudonyms(KEY, "class:1", [f"member:{number}" for number in range(3000)])
    assert len({name for _, name in found.values()}) == len({number for number, _ in found.values()}) == 3000
    # Who comes later changes nobody's.
    fewer = pseudonyms(KEY, "class:1", [f"member:{number}" for number in range(1000)])
    assert fewer.items() <= found.items()


def test_a_timeline_with_names_is_refused(store: Store) -> None:
    found = read_timeline(store, lesson_of(store, None))
    with pytest.raises(ValueError, match="no other names"):
        replace(found, students=store.people.students(found.lesson.id))


def test_a_lesson_shows_less_from_then_on_and_never_more(store: Store) -> None:
    lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet")
    for shown in (Shown.NAMES, Shown.PSEUDONYMS, Shown.CLASS):
        assert store.lessons.show_less(lesson.id, shown).shown is shown
    for shown in (Shown.NAMES, Shown.PSEUDONYMS):
        with pytest.raises(NotStricter):
            store.lessons.show_less(lesson.id, shown)
    assert store.lessons.get(lesson.id).shown is Shown.CLASS


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = Settings(pseudonym_key=SecretStr(""), pseudonym_key_file=tmp_path / "key")
    key = read_key(settings)
    assert len(key) == 64
    assert read_key(settings) == key
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(SettingsError, match="chmod 600"):
        read_key(settings)


def test_the_key_of_the_settings_goes_first_and_is_in_no_text_of_them(tmp_path: Path) -> None:
    settings = Settings(pseudonym_key=SecretStr("hidden"), pseudonym_key_file=tmp_path / "key")
    assert read_key(settings) == b"hidden"
    assert not (tmp_path / "key").exists()
    assert "hidden" not in repr(settings)
