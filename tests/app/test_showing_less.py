"""A teacher's pages of lessons that show pseudonyms, or the class alone."""

from __future__ import annotations

import io
import zipfile
from datetime import UTC, datetime, timedelta

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from app.downloads import files
from monitor.domain import Lesson, Sample, Shown
from monitor.insight.timeline import read_timeline
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.lesson import HAPPY

NAMES = ("Adalbert", "Benedikt", "Cemile", "Dagmar", "Eilidh", "Ferdinand")
PAGES = ("live", "room", "start", "lessons", "report", "compare")


def begun(store: Store, shown: Shown, minutes: int = 4) -> Lesson:
    """Six students, measured each second up to a minute from now."""
    now = datetime.now(UTC).replace(microsecond=0)
    lesson = store.lessons.start("Fractions", now - timedelta(minutes=minutes), "tiny", "YuNet", shown=shown)
    for name in NAMES:
        student = store.people.join(lesson.id, name, lesson.started_at, "2026-3").student.id
        seconds = range(60 * minutes + 60)
        store.samples.add([Sample(student, lesson.started_at + timedelta(seconds=s), HAPPY, 5, 5) for s in seconds])
    return lesson


def everything(page: AppTest) -> str:
    """What is written, on buttons, in tables and in charts."""
    tables = [frame.value.to_csv() for frame in page.dataframe]
    charts = [chart.proto.spec for chart in page.get("plotly_chart")]
    options = [str(one.options) for one in page.selectbox]
    return "\n".join((text(page), *labels(page), *tables, *charts, *options))


@pytest.mark.parametrize("shown", [Shown.PSEUDONYMS, Shown.CLASS])
def test_no_name_is_on_any_page(visit: Visit, store: Store, shown: Shown) -> None:
    begun(store, shown)
    other = begun(store, shown)
    for ended in (False, True):
        if ended:
            store.lessons.end(other.id, datetime.now(UTC))
        for name in PAGES:
            found = visit(name, lesson=str(other.id))
            assert calm(found), name
            assert not [one for one in NAMES if one in everything(found)], name


@pytest.mark.parametrize("shown", [Shown.PSEUDONYMS, Shown.CLASS])
def test_no_name_is_in_any_file(store: Store, shown: Shown) -> None:
    lesson = store.lessons.end(begun(store, shown).id, datetime.now(UTC))
    timeline, found = resources.reported(lesson)
    for file in files(found, timeline, resources.zone()):
        content = file.make()
        if file.label == "XLSX":
            with zipfile.ZipFile(io.BytesIO(content)) as parts:
                content = b"".join(map(parts.read, parts.namelist()))
        assert not [name for name in NAMES if name.encode() in content], file.label


def test_the_level_is_chosen_before_the_start_and_is_names_at_first(visit: Visit, store: Store) -> None:
    page = visit("start")
    (choice,) = [one for one in page.radio if one.label == "How much is shown"]
    assert choice.value is Shown.NAMES
    choice.set_value(Shown.CLASS)
    page.text_input[0].set_value("Fractions")
    assert calm(press(page, "Start"))
    assert store.lessons.running()[0].shown is Shown.CLASS


def test_students_read_it_before_they_join(visit: Visit, store: Store) -> None:
    told = {
        Shown.NAMES: "beside your name",
        Shown.PSEUDONYMS: "beside a made-up name",
        Shown.CLASS: "the mood of the whole class",
    }
    for shown, words in told.items():
        lesson = store.lessons.start("Fractions", datetime.now(UTC), "tiny", "YuNet", shown=shown)
        assert words in text(visit(join=lesson.code))


def test_a_student_sees_the_own_pseudonym(visit: Visit, store: Store) -> None:
    lesson = begun(store, Shown.PSEUDONYMS)
    seat = store.people.join(lesson.id, "Adalbert", datetime.now(UTC), "2026-3", take_over=True)
    own = resources.own_pseudonym(lesson.id, seat.student.id)
    assert f"Your teacher sees you as {own}" in text(visit(join=lesson.code, seat=seat.secret)).replace("*", "")
    assert own in everything(visit("live"))


def test_the_live_page_of_a_class_has_figures_and_no_tiles(visit: Visit, store: Store) -> None:
    begun(store, Shown.CLASS)
    page = visit("live")
    assert calm(page)
    assert "5+ joined" in text(page)
    assert page.metric[0].value == "😀 +0.50"
    assert not [one for one in page.markdown if 'class="tiles"' in one.value]
    assert "frames/s" not in text(page)


def test_the_report_of_a_class_has_no_leaf_and_no_page_of_students(visit: Visit, store: Store) -> None:
    lesson = begun(store, Shown.CLASS)
    student = store.people.students(lesson.id)[0].id
    page = visit("report", lesson=str(lesson.id))
    assert [tab.label for tab in page.tabs] == ["Overview", "Markers", "How sure is this?"]
    assert "5 students or more measured" in text(page)
    assert "no student with the number" in text(visit("report", lesson=str(lesson.id), student=str(student)))


def test_a_lesson_that_runs_can_show_less_but_not_more(visit: Visit, store: Store) -> None:
    lesson = begun(store, Shown.NAMES)
    page = press(visit("live"), "Names")
    assert [one for one in labels(page) if one.startswith("From now on")] == [
        "From now on: Pseudonyms",
        "From now on: Class only",
    ]
    press(page, "From now on: Class only")
    assert store.lessons.get(lesson.id).shown is Shown.CLASS
    assert button(visit("live"), "Class only").disabled
    assert [student.id for student in read_timeline(store, lesson.id).students] == [0]


def test_the_camera_of_a_room_stays_off(visit: Visit, store: Store) -> None:
    begun(store, Shown.PSEUDONYMS)
    assert "it stays off" in text(visit("room"))
