from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text as sql

from app.downloads import file_stem
from monitor.domain import Lesson
from monitor.insight.export.csv import to_csv
from monitor.insight.network_quality import quality
from monitor.insight.sample_lesson import NAMES, add_sample_lesson
from monitor.insight.timeline import read_timeline
from monitor.store.store import Store
from monitor.teaching import MarkerKind
from tests.app.conftest import Visit
from tests.app.reading import calm, labels, press, text
from tests.lesson import sample, seat, second, start


@pytest.fixture
def made_up(store: Store) -> Lesson:
    return add_sample_lesson(store, datetime.now(UTC).replace(microsecond=0) - timedelta(hours=1))


def ended(store: Store, title: str = "Fractions", samples: int = 0) -> Lesson:
    at = datetime.now(UTC).replace(microsecond=0) - timedelta(minutes=10)
    lesson = start(store, title, at)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(samples)])
    return store.lessons.end(lesson.id, at + timedelta(minutes=5))


def test_the_report_draws_every_part(visit: Visit, made_up: Lesson) -> None:
    shown = visit("report", lesson=str(made_up.id))
    assert calm(shown)
    assert len(shown.get("plotly_chart")) == 5
    assert [tab.label for tab in shown.tabs] == ["Overview", "Students", "Markers", "How sure is this?"]
    assert list(shown.dataframe[0].value["student"]) == list(NAMES)
    assert "00:40:00" in text(shown)
    assert "12 students measured" in text(shown)
    for words in ("p(happy) − max", "block bootstrap", "not attention", "a face is not a feeling"):
        assert words in text(shown)


def test_the_report_tells_how_sure_it_is(visit: Visit, made_up: Lesson, store: Store) -> None:
    shown = visit("report", lesson=str(made_up.id))
    figures = {one.label: one.value for one in shown.metric}
    assert set(figures) == {"Seconds measured", "Coverage", "Face visible", "Confidence", "Agreement"}
    assert 0.4 < float(str(figures["Confidence"]).strip("%")) / 100 < 0.7
    assert "2.0 minutes are left out" in text(shown)
    assert "was not measured here" in text(shown)
    assert store.minutes.missing([made_up.id]) == ()


def test_the_report_says_how_often_its_network_is_right(visit: Visit, store: Store) -> None:
    lesson = store.lessons.start("Poems", second(0), "classroom-int8", "YuNet")
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(20)])
    store.lessons.end(lesson.id, second(20))
    known = quality("classroom-int8")
    assert known is not None
    assert f"{known.accuracy:.1%}" in text(visit("report", lesson=str(lesson.id)))


def test_the_markers_stand_with_what_was_before_and_after(visit: Visit, made_up: Lesson) -> None:
    shown = visit("report", lesson=str(made_up.id))
    (table,) = (one.value for one in shown.dataframe if "change (95 %)" in one.value)
    assert "break (left out)" in list(table["marker"])
    hard = table[table["marker"] == "exercise 2"].iloc[0]
    assert hard["change (95 %)"].startswith("−0.")
    assert hard["students"] == 12
    assert "Seconds are not independent" in text(shown)


def test_a_student_has_a_page_without_any_ranking(visit: Visit, made_up: Lesson, store: Store) -> None:
    cem = store.people.students(made_up.id)[2]
    shown = visit("report", lesson=str(made_up.id), student=str(cem.id))
    assert calm(shown)
    assert shown.title[0].value == "Cem"
    assert len(shown.get("plotly_chart")) == 3
    assert "There is no ranking" in text(shown)
    assert {one.label for one in shown.metric} == {"Mood, −1 … +1", "Minutes measured", "Face visible", "Confidence"}
    assert press(shown, "Whole class").title[0].value == made_up.title


@pytest.mark.parametrize("wanted", ["999", "x", "-1"])
def test_a_student_who_is_not_there_is_said_to_be_missing(visit: Visit, store: Store, wanted: str) -> None:
    shown = visit("report", lesson=str(ended(store, samples=5).id), student=wanted)
    assert calm(shown)
    assert "no student with the number" in text(shown)
    assert shown.title[0].value == "Fractions"


def test_a_student_of_another_lesson_or_without_a_name_has_no_page(visit: Visit, store: Store) -> None:
    lesson, other = ended(store, samples=5), ended(store, "Poems", samples=5)
    (stranger,) = store.people.students(other.id)
    assert visit("report", lesson=str(lesson.id), student=str(stranger.id)).title[0].value == "Fractions"
    with store.engine.begin() as connection:
        connection.execute(sql("UPDATE students SET named = FALSE"))
    shown = visit("report", lesson=str(other.id), student=str(stranger.id))
    assert shown.title[0].value == "Poems"
    assert "1 face without a name" in text(shown)


def test_a_lesson_that_is_left_out_as_a_whole_is_still_drawn(visit: Visit, store: Store) -> None:
    lesson = ended(store, samples=20)
    store.markers.put(lesson.id, second(0), MarkerKind.BREAK, left_out=True)
    shown = visit("report", lesson=str(lesson.id))
    assert calm(shown)
    assert "All that was measured is left out" in text(shown)


def test_a_report_is_offered_as_four_files_under_the_lessons_name(visit: Visit, store: Store) -> None:
    lesson = ended(store, samples=20)
    offered: list[Any] = list(visit("report", lesson=str(lesson.id)).get("download_button"))
    assert [one.label for one in offered] == ["CSV", "XLSX", "PDF", "HTML"]
    assert not any(one.proto.disabled for one in offered)
    assert file_stem(lesson, UTC) == f"Fractions-{lesson.started_at:%Y-%m-%d}"


@pytest.mark.parametrize(
    ("title", "stem"), [("../a b: c?", "a-b-c"), ("分数 7b", "分数-7b"), ("///", "lesson-1"), ("x" * 99, "x" * 60)]
)
def test_a_file_has_a_name_that_every_file_system_takes(store: Store, title: str, stem: str) -> None:
    lesson = ended(store, title)
    assert file_stem(lesson, UTC) == f"{stem}-{lesson.started_at:%Y-%m-%d}"


def test_a_lesson_without_samples_has_no_files_and_says_why(visit: Visit, store: Store) -> None:
    offered: list[Any] = list(visit("report", lesson=str(ended(store).id)).get("download_button"))
    assert [one.label for one in offered] == ["CSV", "XLSX", "PDF", "HTML"]
    assert all(one.proto.disabled for one in offered)
    assert {one.proto.help for one in offered} == {"Nothing was measured in this lesson, so there is nothing to write."}


def test_every_chart_of_a_report_can_be_saved_and_do_nothing_else(visit: Visit, made_up: Lesson) -> None:
    charts = visit("report", lesson=str(made_up.id)).get("plotly_chart")
    configs = [json.loads(chart.proto.config) for chart in charts]
    assert all(config["modeBarButtons"] == [["toImage"]] for config in configs)
    names = [config["toImageButtonOptions"]["filename"] for config in configs]
    assert len(set(names)) == len(names)
    assert all(name.startswith(f"Fractions-7b-sample-{made_up.started_at:%Y-%m-%d}-") for name in names)


def test_the_csv_has_a_row_per_student_and_second(store: Store) -> None:
    lesson = ended(store, samples=20)
    content = to_csv(read_timeline(store, lesson.id)).decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(content)))
    assert [row["student"] for row in rows] == ["Ada"] * 20


def test_without_an_address_the_newest_report_opens(visit: Visit, store: Store) -> None:
    ended(store, "older")
    ended(store, "newer")
    assert visit("report").title[0].value in ("newer", "older")


@pytest.mark.parametrize("wanted", ["999", "x", "-1", "9" * 30])
def test_a_report_that_is_not_there_says_so_or_shows_the_newest(visit: Visit, store: Store, wanted: str) -> None:
    ended(store)
    shown = visit("report", lesson=wanted)
    assert calm(shown)
    assert shown.title[0].value == "Fractions"


def test_a_lesson_without_samples_has_nothing_to_draw(visit: Visit, store: Store) -> None:
    shown = visit("report", lesson=str(ended(store).id))
    assert calm(shown)
    assert "No camera was on" in text(shown)
    assert not shown.get("plotly_chart")


def test_a_report_of_one_second_is_drawn(visit: Visit, store: Store) -> None:
    assert calm(visit("report", lesson=str(ended(store, samples=1).id)))


def test_a_running_lesson_is_reported_as_far_as_it_went(visit: Visit, store: Store) -> None:
    lesson = start(store, at=datetime.now(UTC) - timedelta(minutes=5))
    shown = visit("report", lesson=str(lesson.id))
    assert calm(shown)
    assert "still running" in text(shown)


def test_lessons_are_listed_with_length_and_students(visit: Visit, store: Store, made_up: Lesson) -> None:
    ended(store)
    running = start(store, "Poems", datetime.now(UTC))
    shown = visit("lessons")
    assert calm(shown)
    table = shown.dataframe[0].value
    assert list(table["lesson"]) == ["Fractions", f"{made_up.title} 🧪"]
    assert list(table["length"]) == ["00:05:00", "00:40:00"]
    assert list(table["students"]) == [1, 12]
    assert labels(shown) == ["Poems is running: to the live view"]
    assert press(shown, "Poems").title[0].value == running.title


def test_lessons_show_their_class_and_are_filtered_by_it(visit: Visit, store: Store) -> None:
    at = datetime.now(UTC)
    for name in ("7b", "8a"):
        own = store.classes.create(name, at)
        store.classes.add_members(own.id, ["Ada", "Ben"])
        lesson = store.lessons.start(f"Poems with {name}", at, "tiny", "YuNet", class_id=own.id)
        store.people.invite_roster(lesson.id, at)
        store.lessons.end(lesson.id, at)
    ended(store)
    shown = visit("lessons")
    assert sorted(shown.dataframe[0].value["class"]) == ["", "7b", "8a"]
    assert sorted(shown.dataframe[0].value["students"]) == [1, 2, 2]
    shown.selectbox[0].set_value(own.id).run()
    assert list(shown.dataframe[0].value["lesson"]) == ["Poems with 8a"]
    assert list(visit("lessons", **{"class": str(own.id)}).dataframe[0].value["class"]) == ["8a"]


def test_lessons_are_kept_no_longer_than_the_students_were_told(visit: Visit, store: Store) -> None:
    long_ago = datetime.now(UTC) - timedelta(days=31)
    old = start(store, "old", long_ago)
    store.lessons.end(old.id, long_ago)
    ended(store, "recent")
    shown = visit("lessons")
    assert list(shown.dataframe[0].value["lesson"]) == ["recent"]
    assert "30 days" in text(shown)
    assert [one.title for one in store.lessons.ended()] == ["recent"]
