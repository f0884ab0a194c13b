from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Lesson, Presence
from monitor.store.lessons import Lessons
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.lesson import sample, start

AGREE, REFUSE, CHECK = "I have read this and take part", "I would rather not", "Check camera and connection"


@pytest.fixture
def lesson(store: Store) -> Lesson:
    lesson = start(store, at=datetime.now(UTC))
    store.people.invite(lesson.id, ["Ada", "Ben"], lesson.started_at)
    return lesson


def join(page: AppTest, typed: str = "", picked: str | None = None) -> AppTest:
    if picked:
        page.selectbox[0].set_value(picked)
    page.text_input[0].set_value(typed)
    return press(page, AGREE)


def presence(store: Store, lesson: Lesson) -> dict[str, Presence]:
    return {one.name: one.presence for one in store.people.students(lesson.id)}


def test_the_notice_comes_before_anything_is_asked(visit: Visit, lesson: Lesson) -> None:
    shown = visit(join=lesson.code.lower().replace("-", " "))
    assert calm(shown)
    for words in ("Measured", "Kept", "Never kept", "pictures or video", "30 days", "pause or leave", "delete"):
        assert words in text(shown)
    assert labels(shown) == [AGREE, REFUSE, CHECK]
    assert shown.selectbox[0].options == ["Ada", "Ben"]


def test_a_name_on_the_list_is_picked(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), picked="Ada")
    assert calm(shown)
    assert presence(store, lesson) == {"Ada": Presence.HERE, "Ben": Presence.INVITED}
    assert "Camera is off" in text(shown)
    assert visit(join=lesson.code).selectbox[0].options == ["Ben"]


def test_another_name_is_typed(visit: Visit, store: Store, lesson: Lesson) -> None:
    assert calm(join(visit(join=lesson.code), "  Zoë <b> "))
    assert presence(store, lesson)["Zoë <b>"] is Presence.HERE


def test_without_guests_a_name_of_the_list_is_picked_and_no_other_typed(
    visit: Visit, store: Store, lesson: Lesson
) -> None:
    join(visit(join=lesson.code), picked="Ada")
    store.lessons.let_guests(lesson.id, guests=False)
    shown = visit(join=lesson.code)
    assert not shown.text_input
    assert "Only students on the list can join" in text(shown)
    assert shown.selectbox[0].options == ["Ada", "Ben"]
    shown.selectbox[0].set_value("Ada")
    assert "already in this lesson, on another device" in text(press(shown, AGREE))
    press(shown, "That is me")
    assert "Camera is off" in text(shown)


def test_a_guest_who_was_typing_when_guests_were_shut_out_is_told(
    visit: Visit, store: Store, lesson: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = visit(join=lesson.code)
    with monkeypatch.context() as patched:
        # The page was drawn before, and the click comes after.
        patched.setattr(Lessons, "by_code", lambda lessons, code: lesson)
        store.lessons.let_guests(lesson.id, guests=False)
        join(shown, "Zoë")
    assert "“Zoë” is not on the list of this lesson" in shown.error[0].value
    assert set(presence(store, lesson)) == {"Ada", "Ben"}


@pytest.mark.parametrize("typed", ["", "   ", "bell\x07"])
def test_a_bad_name_says_so_and_seats_nobody(visit: Visit, store: Store, lesson: Lesson, typed: str) -> None:
    shown = join(visit(join=lesson.code), typed)
    assert not shown.exception
    assert "name" in shown.error[0].value
    assert set(presence(store, lesson).values()) == {Presence.INVITED}


def test_a_name_in_use_asks_and_then_takes_over(visit: Visit, store: Store, lesson: Lesson) -> None:
    laptop = join(visit(join=lesson.code), picked="Ada")
    phone = join(visit(join=lesson.code), "ada")
    assert "already in this lesson, on another device" in text(phone)
    assert calm(laptop.run())
    assert "Camera is off" in text(laptop)
    press(phone, "That is me")
    assert "Camera is off" in text(phone)
    assert len(store.people.students(lesson.id)) == 2
    assert "on another device now" in text(laptop.run())
    assert calm(laptop)


def test_whose_name_was_in_use_can_choose_another(visit: Visit, store: Store, lesson: Lesson) -> None:
    join(visit(join=lesson.code), picked="Ada")
    shown = join(visit(join=lesson.code), "Ada")
    join(shown, "Ada L.")
    assert "Camera is off" in text(shown)
    assert presence(store, lesson)["Ada L."] is Presence.HERE


def test_a_reloaded_page_keeps_the_seat(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), picked="Ada")
    again = visit(**{key: value[0] if isinstance(value, list) else value for key, value in shown.query_params.items()})
    assert calm(again)
    assert "Camera is off" in text(again)
    assert AGREE not in labels(again)


def test_the_students_page_leads_nowhere_else(visit: Visit, lesson: Lesson) -> None:
    for shown in (visit(join=lesson.code), visit(join="XXX-222"), join(visit(join=lesson.code), "Cem")):
        with pytest.raises(ValueError, match=r"Known pages: \['[^']*join\.py'\]"):
            shown.switch_page("views/live.py")
        assert not shown.get("page_link")
        assert not shown.get("link_button")


def test_leaving_offers_the_way_back(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), picked="Ada")
    press(shown, "Leave")
    assert "You have left the lesson" in text(shown)
    assert presence(store, lesson)["Ada"] is Presence.LEFT
    join(shown, "Ada")
    assert presence(store, lesson)["Ada"] is Presence.HERE


def test_a_student_sees_and_deletes_what_was_kept(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), picked="Ada")
    ada = store.people.students(lesson.id)[0].id
    store.samples.add([sample(ada, number) for number in range(7)])
    resources.seconds_kept.clear()
    assert "Kept of **Ada** so far: 7 seconds" in text(shown.run())
    press(press(shown, "Leave and delete"), "Delete for good")
    assert calm(shown)
    assert presence(store, lesson) == {"Ben": Presence.INVITED}
    assert resources.whole_store().samples.count(ada) == 0


def test_nothing_can_be_paused_before_the_camera_is_on(visit: Visit, lesson: Lesson) -> None:
    assert button(join(visit(join=lesson.code), picked="Ada"), "Pause").disabled


def test_a_seat_is_read_only_in_its_own_lesson(visit: Visit, store: Store, lesson: Lesson) -> None:
    secret = store.people.join(lesson.id, "Ada", lesson.started_at, "2026-1").secret
    other = start(store, "other")
    shown = visit(join=other.code, seat=secret)
    assert labels(shown) == [AGREE, REFUSE, CHECK]


def test_an_unknown_code_is_asked_again(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = visit(join="XXX-222")
    assert "No lesson has the code 'XXX-222'" in shown.error[0].value
    shown.text_input[0].set_value(lesson.code)
    press(shown, "Go on")
    assert calm(shown)
    assert shown.title[0].value == "Fractions"


def test_no_code_asks_for_one_without_an_error(visit: Visit) -> None:
    shown = visit(join="")
    assert calm(shown)
    assert labels(shown) == ["Go on"]


def test_an_ended_lesson_says_that_it_is_over(visit: Visit, store: Store, lesson: Lesson) -> None:
    shown = join(visit(join=lesson.code), picked="Ada")
    store.lessons.end(lesson.id, datetime.now(UTC))
    for page, offered in ((shown.run(), ["Delete what was kept of me"]), (visit(join=lesson.code), [])):
        assert calm(page)
        assert "“Fractions” is over" in page.warning[0].value
        assert labels(page) == [*offered, "Go on"]


def guess(visit: Visit, times: int = 20) -> None:
    """One page that tried a wrong code, and as many wrong codes more from the same address."""
    visit(join="AAA-222")
    for _ in range(times - 1):
        resources.code_tries().wrong("192.0.2.7", time.monotonic())


def test_each_wrong_code_counts_once_however_often_the_page_runs(visit: Visit, lesson: Lesson) -> None:
    shown = visit(join="AAA-222")
    for code in ("AAA-223", "AAA-224"):
        shown.text_input[0].set_value(code)
        press(shown, "Go on").run()
    assert [count for count, _ in resources.code_tries()._wrong.values()] == [3]


def test_guessed_codes_are_slowed(visit: Visit, lesson: Lesson) -> None:
    guess(visit)
    for code in ("BBB-222", lesson.code):
        shown = visit(join=code)
        assert "Too many wrong codes. Please wait" in shown.warning[0].value
        assert labels(shown) == ["Go on"]


def test_who_sits_already_is_not_held_up_by_who_guesses_beside(visit: Visit, lesson: Lesson) -> None:
    """A school's students share one address; a page that stops ends its camera."""
    seated = join(visit(join=lesson.code), picked="Ada")
    guess(visit)
    assert "Camera is off" in text(seated.run())


def test_a_page_that_runs_again_does_not_forgive_who_guesses_beside(visit: Visit, lesson: Lesson) -> None:
    seated = join(visit(join=lesson.code), picked="Ada")
    guess(visit, times=3)
    seated.run()
    assert [count for count, _ in resources.code_tries()._wrong.values()] == [3]


def test_a_seated_stream_counts_for_its_student(visit: Visit, store: Store, lesson: Lesson) -> None:
    join(visit(join=lesson.code), picked="Ada")
    ada = store.people.students(lesson.id)[0].id
    room = resources.classroom()
    assert [student for stream, student in room._seats.items() if stream.startswith(f"{ada}-")] == [ada]
