from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from monitor.domain import Lesson, Sample
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, text
from tests.lesson import HAPPY, SAD, seat, start

AT = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(hours=1)
LENGTH = 300


@pytest.fixture
def lessons(store: Store) -> list[Lesson]:
    """Of 7b an old and a new one, of 9a one; each 5 minutes: an exercise, then a question, sad and then happy."""
    seven, nine = (store.classes.create(name, AT) for name in ("7b", "9a"))
    made = [("Old", seven.id, 20), ("New", seven.id, 1), ("Other", nine.id, 2)]
    return [held(store, title, class_id, AT - timedelta(days=days)) for title, class_id, days in made]


def held(store: Store, title: str, class_id: int, at: datetime) -> Lesson:
    lesson = store.lessons.start(title, at, "tiny", "YuNet", class_id=class_id)
    ada = seat(store, lesson)
    store.samples.add(
        [Sample(ada, at + timedelta(seconds=second), SAD if second < 120 else HAPPY, 5, 5) for second in range(LENGTH)]
    )
    store.markers.put(lesson.id, at, MarkerKind.EXERCISE)
    store.markers.put(lesson.id, at + timedelta(seconds=120), MarkerKind.QUESTION, "why")
    return store.lessons.end(lesson.id, at + timedelta(seconds=LENGTH))


def choose(page: AppTest, way: str) -> AppTest:
    page.segmented_control(key="way").set_value(way).run()
    return page


def test_a_class_is_followed_over_weeks(visit: Visit, lessons: list[Lesson]) -> None:
    shown = visit("compare")
    assert calm(shown)
    assert shown.selectbox(key="class").value == lessons[1].class_id
    table = shown.dataframe[0].value
    assert list(table["lesson"]) == ["Old", "New"]
    assert "2 lessons: the median mood was +0.08" in text(shown)
    assert len(shown.get("plotly_chart")) == 2
    shown.selectbox(key="class").set_value(0).run()
    assert list(shown.dataframe[0].value["lesson"]) == ["Old", "Other", "New"]
    shown.selectbox(key="days").set_value(7).run()
    assert list(shown.dataframe[0].value["lesson"]) == ["Other", "New"]
    assert "block bootstrap" in text(shown)
    assert "Students are never compared" in text(shown)


def test_lessons_of_the_address_lie_side_by_side(visit: Visit, lessons: list[Lesson]) -> None:
    shown = visit("compare", lessons=f"{lessons[0].id},{lessons[2].id},999,x")
    assert calm(shown)
    assert list(shown.dataframe[0].value["lesson"]) == ["Old", "Other"]
    shown.multiselect(key="beside").set_value([lessons[0].id]).run()
    assert calm(shown)
    assert "Choose two lessons or more" in text(shown)


def test_parts_are_compared_by_the_kind_of_their_marker(visit: Visit, lessons: list[Lesson]) -> None:
    shown = choose(visit("compare"), "parts")
    assert calm(shown)
    groups = shown.dataframe[0].value
    assert list(groups["name"]) == ["exercise", "question"]
    assert list(groups["parts"]) == [2, 2]
    assert list(groups["median mood (95 %)"]) == ["−0.55", "+0.50"]


def test_lessons_without_markers_say_what_to_do(visit: Visit, store: Store, lessons: list[Lesson]) -> None:
    for lesson in lessons:
        for marker in store.markers.of(lesson.id):
            store.markers.remove(marker.id)
    assert "no markers yet" in text(choose(visit("compare"), "parts"))


def test_classes_are_compared_by_name(visit: Visit, lessons: list[Lesson], store: Store) -> None:
    shown = choose(visit("compare"), "classes")
    assert calm(shown)
    assert list(shown.dataframe[0].value["name"]) == ["7b", "9a"]
    store.lessons.delete(lessons[2].id)
    assert "Two classes with lessons are needed" in text(choose(visit("compare"), "classes"))


def test_with_fewer_than_two_lessons_the_page_says_what_will_be_here(visit: Visit, store: Store) -> None:
    shown = visit("compare")
    assert calm(shown)
    assert "With two lessons that are over" in text(shown)
    assert labels(shown)[:2] == ["Start a lesson", "Open a sample lesson"]


def test_lessons_without_a_sample_or_a_face_break_nothing(visit: Visit, store: Store) -> None:
    for title in ("empty", "empty too"):
        lesson = start(store, title, AT)
        store.lessons.end(lesson.id, AT + timedelta(minutes=5))
    shown = visit("compare")
    assert calm(shown)
    assert "No face was seen" in text(shown)
    for way in ("beside", "parts", "classes"):
        assert calm(choose(visit("compare"), way))
    assert calm(visit("lessons"))


def test_a_lesson_that_changes_is_compared_anew(visit: Visit, store: Store, lessons: list[Lesson]) -> None:
    visit("compare")
    store.people.delete(store.people.students(lessons[1].id)[0].id)
    table = visit("compare").dataframe[0].value
    assert list(table["students"]) == [1, 0]


def test_the_list_of_lessons_shows_the_mood_and_leads_to_the_comparison(visit: Visit, lessons: list[Lesson]) -> None:
    shown = visit("lessons")
    assert calm(shown)
    table = shown.dataframe[0].value
    assert list(table["lesson"]) == ["New", "Other", "Old"]
    assert str(table["mood"][0]).startswith("data:image/svg+xml,")
    assert str(table["mood (95 %)"][0]).startswith("+0.08")
    assert list(table["course"][0]) == [-0.55, -0.55, 0.5, 0.5, 0.5]
    shown.segmented_control(key="days").set_value(7).run()
    assert list(shown.dataframe[0].value["lesson"]) == ["New", "Other"]
