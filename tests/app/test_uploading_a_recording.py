"""The page Recordings: videos are uploaded, wait, are analysed, and end as reports."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from starlette.datastructures import Headers
from starlette.formparsers import MultiPartParser
from streamlit.testing.v1 import AppTest

from app import resources
from monitor.domain import Source
from monitor.live.classroom import Classroom
from monitor.live.recordings import Turn
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import button, calm, labels, press, text
from tests.videos import FACE, ROOM, TWO, film, seconds_of
from tests.waiting import wait_until

MARCH = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)
CLIP = film(seconds_of((FACE, 1), (ROOM, 1)), created=MARCH)


def upload(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    for name, content in files:
        page.file_uploader[0].upload(name, content, "video/mp4")
    return page.run()


def agree(page: AppTest) -> AppTest:
    page.checkbox[0].check().run()
    return page


def analyse(page: AppTest, *files: tuple[str, bytes]) -> AppTest:
    press(agree(upload(page, *files)), "Analyse")
    assert resources.recordings().wait(60)
    return page.run()


def test_an_empty_page_says_what_will_be_here(visit: Visit) -> None:
    shown = visit("recordings")
    assert calm(shown)
    for words in ("written nowhere", "500 MB and 120 minutes", "Nothing is in the queue", "30 days"):
        assert words in text(shown)
    assert labels(shown) == []


def test_a_video_becomes_a_report(visit: Visit, store: Store) -> None:
    shown = analyse(visit("recordings"), ("Ada.mp4", CLIP))
    assert calm(shown)
    assert "done, the video is forgotten" in text(shown)
    (lesson,) = store.lessons.ended()
    assert (lesson.title, lesson.source, lesson.started_at) == ("Ada", Source.VIDEO, MARCH)
    press(shown, "Open the report")
    assert calm(shown)
    assert shown.title[0].value == "Ada"
    assert "face visible 50%" in text(shown)
    assert visit("lessons").dataframe[0].value["lesson"].tolist() == ["Ada"]


def test_nothing_is_analysed_before_people_were_asked(visit: Visit) -> None:
    shown = upload(visit("recordings"), ("Ada.mp4", CLIP))
    assert "was asked and agrees" in shown.checkbox[0].label
    assert button(shown, "Analyse 1 video").disabled
    assert not button(agree(shown), "Analyse 1 video").disabled


def test_title_student_class_and_beginning_are_said(visit: Visit, store: Store) -> None:
    store.classes.create("7b", MARCH)
    shown = agree(upload(visit("recordings"), ("clip.mp4", CLIP)))
    shown.text_input[0].set_value("Poems")
    shown.text_input[1].set_value("Zoë")
    shown.selectbox[0].set_value(1)
    press(shown, "Analyse")
    assert resources.recordings().wait(60)
    (lesson,) = store.lessons.ended()
    assert (lesson.title, lesson.class_id) == ("Poems", 1)
    assert [student.name for student in store.people.students(lesson.id)] == ["Zoë"]


def test_a_class_that_asks_guardians_says_so_before_the_video_waits(visit: Visit, store: Store) -> None:
    store.classes.create("7b", MARCH)
    store.consents.need_guardian(1, True)
    shown = agree(upload(visit("recordings"), ("Ada.mp4", CLIP)))
    shown.selectbox[0].set_value(1)
    press(shown, "Analyse")
    assert "of Ada that is not noted" in shown.error[0].value
    assert store.lessons.ended() == ()


def test_several_people_are_followed_and_get_their_names_afterwards(visit: Visit, store: Store) -> None:
    crowd = film(seconds_of((TWO, 4)), created=MARCH)
    shown = upload(visit("recordings"), ("class.mp4", crowd))
    shown.toggle[0].set_value(True).run()
    assert [one.label for one in shown.text_input] == ["Title"]
    press(agree(shown), "Analyse")
    assert resources.recordings().wait(60)
    shown.run()
    assert calm(shown)
    assert "several people" in text(shown)
    assert shown.expander[0].label == "Give 2 faces a name"
    assert shown.dataframe[0].value["at first, from the left"].tolist() == ["26%", "77%"]
    shown.text_input[-1].set_value("Ada")
    press(shown, "Give this name")
    assert calm(shown)
    assert shown.expander[0].label == "Give 1 face a name"
    assert [one.name for one in store.people.students(1)] == ["Face 2", "Ada"]


def test_a_name_that_cannot_be_is_said_and_nothing_is_queued(visit: Visit) -> None:
    shown = agree(upload(visit("recordings"), ("clip.mp4", CLIP)))
    shown.text_input[1].set_value("bell\x07")
    press(shown, "Analyse")
    assert not shown.exception
    assert "printable" in shown.error[0].value
    assert resources.recordings().entries() == ()


def test_several_wait_for_each_other_and_bad_ones_say_why(visit: Visit, store: Store) -> None:
    shown = analyse(visit("recordings"), ("Ada.mp4", CLIP), ("notes.mp4", b"Dear diary"), ("Ben.mp4", CLIP))
    assert calm(shown)
    assert [entry.turn for entry in resources.recordings().entries()] == [Turn.DONE, Turn.FAILED, Turn.DONE]
    assert "This file is no video that can be read" in text(shown)
    assert sorted(lesson.title for lesson in store.lessons.ended()) == ["Ada", "Ben"]


def test_the_list_is_cleared_and_the_lessons_stay(visit: Visit, store: Store) -> None:
    shown = analyse(visit("recordings"), ("Ada.mp4", CLIP))
    press(shown, "Remove")
    assert calm(shown)
    assert "Nothing is in the queue" in text(shown.run())
    assert len(store.lessons.ended()) == 1


def test_one_that_is_held_up_says_why_and_can_be_cancelled(
    visit: Visit, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Classroom, "busy", True)
    shown = press(agree(upload(visit("recordings"), ("Ada.mp4", CLIP))), "Analyse")
    queue = resources.recordings()
    wait_until(lambda: queue.entries()[0].turn is Turn.HELD)
    assert "a lesson is live and goes first" in text(shown.run())
    press(shown, "Cancel")
    assert calm(shown)
    assert "cancelled, nothing of it was kept" in text(shown.run())
    assert store.lessons.ended() == ()


def test_leaving_the_page_does_not_stop_it(visit: Visit, store: Store) -> None:
    shown = press(agree(upload(visit("recordings"), ("Ada.mp4", CLIP))), "Analyse")
    shown.switch_page("views/lessons.py").run()
    assert resources.recordings().wait(60)
    assert len(store.lessons.ended()) == 1


def test_an_old_video_is_not_deleted_for_its_age(visit: Visit, store: Store) -> None:
    old = film(seconds_of((ROOM, 1)), created=datetime.now(UTC) - timedelta(days=400))
    analyse(visit("recordings"), ("old.mp4", old))
    visit("lessons")
    assert len(store.lessons.ended()) == 1


def test_a_video_is_held_by_nobody_once_it_was_analysed(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    from streamlit.runtime.memory_uploaded_file_manager import MemoryUploadedFileManager

    removed: list[str] = []
    monkeypatch.setattr(
        MemoryUploadedFileManager, "remove_file", lambda manager, session_id, file_id: removed.append(file_id)
    )
    shown = analyse(visit("recordings"), ("Ada.mp4", CLIP))
    assert len(removed) == 1
    assert not shown.file_uploader[0].value
    assert all(job.recording is None for job in resources.recordings()._jobs.values())


def test_an_upload_is_never_laid_down_on_the_disk(visit: Visit, monkeypatch: pytest.MonkeyPatch) -> None:
    """Streamlit receives uploads by Starlette's parser, which writes what exceeds `spool_max_size` to a file."""
    monkeypatch.setattr(MultiPartParser, "spool_max_size", 1024)
    visit("recordings")
    head = b'--b\r\nContent-Disposition: form-data; name="file"; filename="v.mp4"\r\n\r\n'

    async def body() -> AsyncGenerator[bytes, None]:
        yield head
        for _ in range(20):
            yield b"x" * 1_000_000
        yield b"\r\n--b--\r\n"

    async def received() -> Any:
        form = await MultiPartParser(Headers({"content-type": "multipart/form-data; boundary=b"}), body()).parse()
        return form["file"]

    # Not on this thread, where the browsers' tests may have left a loop running.
    with ThreadPoolExecutor(1) as other:
        file = other.submit(asyncio.run, received()).result()
    assert file.size == 20_000_000
    assert not file.file._rolled
