from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import text as sql
from streamlit.testing.v1 import AppTest

from app import resources
from app.live_view import frames_told
from model_zoo.emotions import EmotionScores
from monitor.domain import Lesson, Presence, Sample
from monitor.live.load import Counts
from monitor.store.store import Store
from tests.app.conftest import Visit, end_process
from tests.app.reading import calm, labels, press, text
from tests.lesson import HAPPY, SAD, seat, start


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


@pytest.fixture
def lesson(store: Store) -> Lesson:
    resources.classroom()
    return start(store, at=datetime.now(UTC))


def measured(store: Store, student: int, scores: EmotionScores | None) -> None:
    """A sample for each of the last seconds, and for the next, so that a slow test loses nobody."""
    faces = 0 if scores is None else 5
    store.samples.add([Sample(student, now() + timedelta(seconds=at), scores, faces, 5) for at in range(-20, 60)])


def tiles(page: AppTest) -> str:
    (html,) = [one.value for one in page.markdown if 'class="tiles"' in one.value]
    return html


def test_a_tile_a_student_shows_how_each_is(visit: Visit, store: Store, lesson: Lesson) -> None:
    store.people.invite(lesson.id, ["Fatou"], lesson.started_at)
    measured(store, seat(store, lesson, "Ada <b>"), HAPPY)
    measured(store, seat(store, lesson, "Ben"), None)
    store.people.choose(seat(store, lesson, "Cem"), Presence.PAUSED, now())
    store.people.choose(seat(store, lesson, "Dana"), Presence.LEFT, now())
    shown = visit("live")
    assert calm(shown)
    html = tiles(shown)
    assert [part.split('"')[0] for part in html.split('data-seen="')[1:]] == [
        "face",
        "no face",
        "paused",
        "left",
    ]
    assert "😀 Ada &lt;b&gt;" in html
    assert "happy 60%" in html
    assert "3 of 5 joined" in text(shown)
    assert "1 paused" in text(shown)


def test_the_mood_of_the_class_now_is_a_figure(visit: Visit, store: Store, lesson: Lesson) -> None:
    measured(store, seat(store, lesson, "Ada"), HAPPY)
    measured(store, seat(store, lesson, "Ben"), SAD)
    measured(store, seat(store, lesson, "Cem"), HAPPY)
    shown = visit("live")
    # happy (.6 + .05 + .6) / 3 less sad (.1 + .6 + .1) / 3
    assert shown.metric[0].value == "😀 +0.15"
    assert len(shown.get("plotly_chart")) == 1


def test_a_lesson_that_nobody_has_joined_says_what_to_do(visit: Visit, lesson: Lesson) -> None:
    shown = visit("live")
    assert calm(shown)
    assert "Nobody has joined yet" in text(shown)


def test_what_is_at_work_stands_in_the_corner(visit: Visit, lesson: Lesson) -> None:
    corner = visit("live").caption[-1].value
    for words in ("frames/s received", "read", "dropped", "Haar cascade", resources.classroom().network_name):
        assert words in corner


@pytest.mark.parametrize(
    ("streams", "received", "read", "told"),
    [
        (10, 50, 49, "50 frames/s received · 49 read · 2% dropped"),
        (30, 150, 60, "150 frames/s received · 60 read, as many as are needed"),
        (30, 150, 40, "150 frames/s received · 40 read · 73% dropped"),
        (0, 0, 0, "0 frames/s received · 0 read · 0% dropped"),
    ],
)
def test_frames_that_a_large_class_sends_beyond_what_is_needed_are_not_called_dropped(
    streams: int, received: int, read: int, told: str
) -> None:
    lately = Counts(2 * received, 2 * read, 2 * (received - read), 0, 0.0)
    assert frames_told(lately, 2.0, streams) == told


def test_tiles_can_be_sorted_by_who_is_lost(visit: Visit, store: Store, lesson: Lesson) -> None:
    measured(store, seat(store, lesson, "Ada"), HAPPY)
    store.people.join(lesson.id, "Ben", now() - timedelta(seconds=60), "2026-1")
    shown = visit("live")
    assert tiles(shown).index("Ada") < tiles(shown).index("Ben")
    shown.button_group[0].set_value("lost first").run()
    assert tiles(shown).index("Ben") < tiles(shown).index("Ada")
    assert "1 lost" in text(shown)


def test_two_lessons_at_once_can_be_told_apart(visit: Visit, store: Store, lesson: Lesson) -> None:
    poems = start(store, "Poems", now())
    shown = visit("live")
    assert shown.title[0].value == "Poems"
    shown.selectbox[0].set_value(lesson.id).run()
    assert shown.title[0].value == "Fractions"
    assert visit("live", lesson=str(poems.id)).title[0].value == "Poems"


def test_ending_asks_first(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = press(visit("live"), "End lesson")
    assert "ends for all students" in text(shown)
    assert store.lessons.running()
    press(shown, "Go on")
    assert store.lessons.running()


def restarted(store: Store, lesson: Lesson) -> None:
    """The server comes up again while a lesson of an hour ago is still running."""
    with store.engine.begin() as connection:
        connection.execute(sql("UPDATE lessons SET started_at = datetime(started_at, '-1 hour')"))
    end_process()
    resources.classroom()


@pytest.fixture
def interrupted(store: Store, lesson: Lesson) -> Lesson:
    ada = seat(store, lesson)
    store.samples.add([Sample(ada, now() - timedelta(minutes=30), HAPPY, 5, 5)])
    resources.classroom().stop()
    restarted(store, lesson)
    return store.lessons.get(lesson.id)


def test_after_a_restart_the_lesson_can_go_on(visit: Visit, store: Store, interrupted: Lesson) -> None:
    shown = visit("live")
    assert calm(shown)
    assert "The server was started again" in text(shown)
    press(shown, "Go on with the lesson")
    assert "The server was started again" not in text(shown)
    assert "The server was started again" not in text(shown.run())
    assert store.lessons.running() == (interrupted,)


def test_after_a_restart_the_lesson_can_end_where_it_stopped(visit: Visit, store: Store, interrupted: Lesson) -> None:
    (ada,) = store.people.students(interrupted.id)
    resources.classroom().seat("ada", ada.id)
    shown = press(visit("live"), "End it where it stopped")
    assert calm(shown)
    assert shown.get("download_button"), "its report opens"
    assert not resources.classroom().seated("ada"), "no camera is read any more"
    (ended,) = store.lessons.ended()
    last = store.lessons.last_sample_at(ended.id)
    assert last is not None
    assert ended.ended_at == last + timedelta(seconds=1)


def test_what_is_measured_before_the_answer_takes_no_question_away(
    visit: Visit, store: Store, interrupted: Lesson
) -> None:
    (ada,) = store.people.students(interrupted.id)
    asked = visit("live")
    stopped = store.lessons.last_sample_at(interrupted.id)
    store.samples.add([Sample(ada.id, now(), HAPPY, 5, 5)])
    press(asked, "End it where it stopped")
    (ended,) = store.lessons.ended()
    assert stopped is not None
    assert ended.ended_at == stopped + timedelta(seconds=1)
    assert store.lessons.last_sample_at(ended.id) == stopped, "nothing is kept of after the end"


def test_a_lesson_of_this_run_is_not_asked_about(visit: Visit, store: Store, lesson: Lesson) -> None:
    store.samples.add([Sample(seat(store, lesson), now(), HAPPY, 5, 5)])
    assert "started again" not in text(visit("live"))
    assert "Go on with the lesson" not in labels(visit("live"))
