"""During a lesson with one tap, and afterwards on the report."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from app import resources
from app.marker_bar import UNDO_STAYS
from app.typed_times import typed_moment
from monitor.domain import Lesson
from monitor.errors import InvalidMarker
from monitor.store.markers import Markers
from monitor.store.store import Store
from monitor.teaching import Marker, MarkerKind
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.lesson import NINE, sample, seat, second, start

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def running(store: Store) -> Lesson:
    resources.classroom()
    return start(store, at=datetime.now(UTC))


@pytest.fixture
def ended(store: Store) -> Lesson:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(300)])
    return store.lessons.end(lesson.id, second(300))


def field(page: AppTest, label: str) -> Any:
    (found,) = [one for kind in (page.text_input, page.selectbox, page.checkbox) for one in kind if one.label == label]
    return found


def fill(page: AppTest, **fields: Any) -> AppTest:
    for label, value in fields.items():
        field(page, label.replace("_", " ")).set_value(value)
    return press(page, "Keep")


def test_each_kind_has_a_button_and_a_key(visit: Visit, running: Lesson) -> None:
    shown = visit("live")
    kinds = ["New topic", "Exercise", "Question", "Quiz", "Break", "Own text"]
    assert [label for label in labels(shown) if label in kinds] == kinds
    assert [button(shown, kind).proto.shortcut for kind in kinds] == list("123456")


def test_one_tap_puts_a_marker_and_undo_takes_it_back(visit: Visit, store: Store, running: Lesson) -> None:
    shown = press(visit("live"), "Exercise")
    assert calm(shown)
    (marker,) = store.markers.of(running.id)
    assert (marker.kind, marker.is_span) == (MarkerKind.EXERCISE, False)
    assert abs(datetime.now(UTC) - marker.at) < timedelta(seconds=30)
    assert "exercise" in text(shown)
    press(shown, "Undo")
    assert store.markers.of(running.id) == ()
    assert "Undo" not in labels(shown)


def test_own_words_are_written_after_the_tap(visit: Visit, store: Store, running: Lesson) -> None:
    shown = press(visit("live"), "Own text")
    field(shown, "Own words").set_value("  fire   drill ").run()
    assert calm(shown)
    assert [one.words for one in store.markers.of(running.id)] == ["fire drill"]


def test_a_tap_that_bounces_counts_once(visit: Visit, store: Store, running: Lesson) -> None:
    shown = press(press(visit("live"), "Break"), "End break")
    (pause,) = store.markers.of(running.id)
    assert pause.until is None
    press(shown, "Quiz")
    assert len(store.markers.of(running.id)) == 2


def test_a_second_tap_ends_the_break(
    visit: Visit, store: Store, running: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.marker_bar.BOUNCE_S", 0)
    shown = press(visit("live"), "Break")
    (pause,) = store.markers.of(running.id)
    assert (pause.left_out, pause.until) == (True, None)
    press(shown, "End break")
    (over,) = store.markers.of(running.id)
    assert over.until is not None
    assert over.until > over.at
    assert "Break" in labels(shown)
    press(shown, "Undo")
    assert store.markers.of(running.id) == (pause,)
    assert "End break" in labels(shown)


def test_a_break_that_another_page_began_is_ended_here(visit: Visit, store: Store, running: Lesson) -> None:
    shown = visit("live")
    pause = store.markers.put(running.id, datetime.now(UTC), MarkerKind.BREAK, left_out=True)
    press(shown, "Break")
    (over,) = store.markers.of(running.id)
    assert over.id == pause.id
    assert over.until is not None


def test_the_undo_goes_after_a_while(visit: Visit, running: Lesson) -> None:
    shown = press(visit("live"), "Quiz")
    assert "Undo" in labels(shown)
    put = shown.session_state["put"]
    shown.session_state["put"] = replace(put, at=put.at - UNDO_STAYS)
    assert "Undo" not in labels(shown.run())


def test_words_for_a_marker_that_is_gone_are_answered_with_a_sentence(
    visit: Visit, store: Store, running: Lesson
) -> None:
    shown = press(visit("live"), "Quiz")
    store.markers.remove(store.markers.of(running.id)[0].id)
    field(shown, "Own words").set_value("too late").run()
    assert calm(shown)
    assert "This does not exist, or it belongs to somebody else." in [one.value for one in shown.toast]


def test_markers_are_drawn_on_the_live_chart(visit: Visit, store: Store, running: Lesson) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    ada = seat(store, running)
    lesson_start = replace(sample(ada, 0), at=now)
    store.samples.add([replace(lesson_start, at=now + timedelta(seconds=number)) for number in range(-60, 30)])
    with store.engine.begin() as connection:
        connection.execute(sql("UPDATE lessons SET started_at = datetime(started_at, '-2 minutes')"))
    resources.follower.clear()
    store.markers.put(running.id, now - timedelta(seconds=30), MarkerKind.NOTE, "fire drill")
    shown = visit("live", lesson=str(running.id))
    (chart,) = shown.get("plotly_chart")
    assert "fire drill" in chart.proto.spec


def test_all_pages_share_one_query_a_second(store: Store, running: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = list[int]()
    of: Callable[[Any, int], tuple[Marker, ...]] = Markers.of

    def counted(markers: Any, lesson_id: int) -> tuple[Marker, ...]:
        asked.append(lesson_id)
        return of(markers, lesson_id)

    monkeypatch.setattr(Markers, "of", counted)
    resources.markers.clear()
    for _page in range(20):
        resources.markers(running.id)
    assert len(asked) <= 2, "twenty looks may just straddle a second"


def test_a_report_without_markers_says_how_they_are_put(visit: Visit, ended: Lesson) -> None:
    assert "keys 1 to 6" in text(visit("report", lesson=str(ended.id)))


def test_a_marker_is_added_afterwards(visit: Visit, store: Store, ended: Lesson) -> None:
    shown = press(visit("report", lesson=str(ended.id)), "Add a marker")
    fill(shown, From="9:02", Own_words="volcanoes")
    assert calm(shown)
    (marker,) = store.markers.of(ended.id)
    assert (marker.at, marker.words, marker.until) == (second(120), "volcanoes", None)
    assert "09:02:00 volcanoes" in text(shown).replace("*", "")
    assert all("volcanoes" in chart.proto.spec for chart in shown.get("plotly_chart")[:2])


def test_a_marker_is_moved_made_a_span_and_left_out(visit: Visit, store: Store, ended: Lesson) -> None:
    put = store.markers.put(ended.id, second(60.5), MarkerKind.QUIZ, "test 1")
    shown = press(visit("report", lesson=str(ended.id)), "Change")
    fill(shown, To="09:03:30", Leave_this_span_out_of_the_figures=True)
    assert store.markers.of(ended.id) == (replace(put, until=second(210), left_out=True),)
    assert "left out of the figures" in text(shown)
    press(shown, "Change")
    fill(shown, From="09:02:00", What_begins=MarkerKind.EXERCISE)
    assert [(one.at, one.kind) for one in store.markers.of(ended.id)] == [(second(120), MarkerKind.EXERCISE)]


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"From": "noon"}, "“noon” is no time of day"),
        ({"From": "25:10"}, "“25:10” is no time of day"),
        ({"From": "10:30"}, "10:30:00 is not in this lesson, which is from 09:00:00 to 09:05:00"),
        ({"From": "09:03", "To": "09:02"}, "not at 09:02:00 when it begins at 09:03:00"),
        ({"Leave_this_span_out_of_the_figures": True}, "say where it ends"),
    ],
)
def test_a_bad_time_is_refused_with_a_sentence(
    visit: Visit, store: Store, ended: Lesson, typed: dict[str, Any], sentence: str
) -> None:
    shown = fill(press(visit("report", lesson=str(ended.id)), "Add a marker"), **typed)
    assert not shown.exception
    assert sentence in shown.error[0].value
    assert store.markers.of(ended.id) == ()


def test_a_form_can_be_cancelled(visit: Visit, store: Store, ended: Lesson) -> None:
    shown = press(press(visit("report", lesson=str(ended.id)), "Add a marker"), "Cancel")
    assert "Keep" not in labels(shown)
    assert store.markers.of(ended.id) == ()


def test_removing_has_an_undo(visit: Visit, store: Store, ended: Lesson) -> None:
    put = store.markers.put(ended.id, second(60), MarkerKind.BREAK, "snack", second(90), left_out=True)
    shown = press(visit("report", lesson=str(ended.id)), "Remove")
    assert store.markers.of(ended.id) == ()
    assert "Removed: 09:01:00–09:01:30 snack" in text(shown).replace("\\", "")
    press(shown, "Undo")
    (back,) = store.markers.of(ended.id)
    assert replace(back, id=put.id) == put
    assert "Undo" not in labels(shown)


def test_a_typed_time_is_the_readers(ended: Lesson) -> None:
    assert typed_moment("10:02", ended, BERLIN, NINE) == second(120)
    assert typed_moment(" 10.02.05 ", ended, BERLIN, NINE) == second(125)
    with pytest.raises(InvalidMarker, match="from 10:00:00 to 10:05:00"):
        typed_moment("9:02", ended, BERLIN, NINE)


def test_a_minute_in_which_the_lesson_began_is_its_beginning(ended: Lesson) -> None:
    late = replace(ended, started_at=second(25.4))
    assert typed_moment("09:00", late, UTC, NINE) == second(25.4)
    assert typed_moment("09:00:25", late, UTC, NINE) == second(25.4)
    with pytest.raises(InvalidMarker):
        typed_moment("09:00:24", late, UTC, NINE)


def test_a_lesson_may_last_past_midnight(ended: Lesson) -> None:
    night = replace(ended, started_at=NINE.replace(hour=23, minute=50), ended_at=None)
    now = night.started_at + timedelta(minutes=30)
    assert typed_moment("00:10", night, UTC, now) == night.started_at + timedelta(minutes=20)


def test_an_hour_that_comes_twice_is_the_one_of_the_lesson(ended: Lesson) -> None:
    """On 25 October 2026 clocks in Berlin went from 03:00 back to 02:00, at 01:00 in UTC."""
    begin = datetime(2026, 10, 25, 1, 10, tzinfo=UTC)
    lesson = replace(ended, started_at=begin, ended_at=begin + timedelta(minutes=30))
    assert typed_moment("02:20", lesson, BERLIN, begin) == begin + timedelta(minutes=10)
