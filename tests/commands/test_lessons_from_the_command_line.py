"""`python -m monitor`: analyse, lessons, report, export, delete."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from monitor.commands import analysing
from monitor.domain import Lesson, Source
from monitor.insight.export.csv import from_csv
from monitor.live.analysis import Analysed, analyse
from monitor.live.video import ROOT
from monitor.store.store import Store
from tests.commands.conftest import Say
from tests.lesson import sample, seat, start
from tests.videos import FACE, ROOM, TWO, film, seconds_of

MARCH = datetime(2026, 3, 2, 8, 30, tzinfo=UTC)


@pytest.fixture
def video(tmp_path: Path) -> Path:
    path = tmp_path / "Ada.mp4"
    path.write_bytes(film(seconds_of((FACE, 1), (ROOM, 1)), created=MARCH))
    return path


@pytest.fixture
def lesson(store: Store) -> Lesson:
    lesson = start(store)
    ada = seat(store, lesson)
    store.samples.add([sample(ada, number) for number in range(20)])
    return store.lessons.end(lesson.id, lesson.started_at.replace(minute=5))


def test_a_video_of_a_class_waits_for_guardians(run: Say, store: Store, video: Path) -> None:
    seven = store.classes.create("7b", MARCH)
    store.classes.add_members(seven.id, ["Ada"])
    store.consents.need_guardian(seven.id, True)
    for words in (["--student", "Ada"], ["--many"]):
        code, _out, err = run("analyse", video, "--class", "7b", *words)
        assert (code, "before a parent or guardian has agreed" in err) == (2, True)
    assert store.lessons.ended() == ()


def test_a_video_becomes_a_lesson_and_a_csv(run: Say, store: Store, video: Path, tmp_path: Path) -> None:
    store.classes.create("7b", MARCH)
    code, out, _ = run("analyse", video, "--csv", tmp_path / "out.csv", "--title", "Poems", "--class", "7B")
    assert code == 0
    assert "Ada.mp4: lesson 1" in out
    assert "2.0 s, 10 frames, face in 50%" in out
    (lesson,) = store.lessons.ended()
    assert (lesson.title, lesson.started_at, lesson.source, lesson.class_id) == ("Poems", MARCH, Source.VIDEO, 1)
    assert [student.name for student in store.people.students(lesson.id)] == ["Ada"]
    read = from_csv((tmp_path / "out.csv").read_bytes())
    assert list(read.samples["faces"]) == [5, 0]


def test_who_is_in_a_video_of_a_class_is_the_student_of_its_roster(run: Say, store: Store, video: Path) -> None:
    own = store.classes.create("7b", MARCH)
    store.classes.add_members(own.id, ["Ada", "Ben"])
    (ada,) = [one for one in store.classes.members(own.id) if one.name == "Ada"]
    assert run("analyse", video, "--class", "7b", "--student", "ada")[0] == 0
    (lesson,) = store.lessons.ended()
    (student,) = store.people.students(lesson.id)
    assert (student.name, student.member_id) == ("Ada", ada.id)
    assert [one.lessons for one in store.members.figures(own.id)] == [1, 0]


def test_several_people_are_followed_and_named_afterwards(run: Say, store: Store, tmp_path: Path) -> None:
    path = tmp_path / "class.mp4"
    path.write_bytes(film(seconds_of((TWO, 4)), created=MARCH))
    code, out, _ = run("analyse", path, "--many")
    assert code == 0
    assert "20 frames, face in 90%" in out  # a face counts from its third sighting on
    assert [line.split()[:4] for line in out.splitlines()[2:]] == [
        ["Face", str(number), "0:00", "0:03"] for number in (1, 2)
    ]
    assert run("name", 1, 2, "Ada") == (0, "Face 2 of lesson 1 is Ada.\n", "")
    assert [one.name for one in store.people.students(1) if one.named] == ["Ada"]
    assert run("name", 1, "Face 7", "Ben")[0] == 2


def test_a_face_of_a_running_lesson_is_named_on_its_page(run: Say, store: Store) -> None:
    code, _, err = run("name", start(store).id, 1, "Ada")
    assert (code, "on the page “Room camera”" in err) == (2, True)


def test_several_videos_and_one_that_is_none(run: Say, store: Store, video: Path, tmp_path: Path) -> None:
    bad = tmp_path / "Ben.mp4"
    bad.write_bytes(b"no video")
    code, _, err = run("analyse", bad, video, tmp_path / "nothing.mp4", video, "--csv", tmp_path / "out", "--fps", 2)
    assert code == 1
    assert "Ben.mp4: This file is no video" in err
    assert "nothing.mp4 cannot be read: No such file" in err
    assert [len(store.samples.read(lesson.id)) for lesson in store.lessons.ended()] == [2, 2]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["Ada-1.csv", "Ada-2.csv"]


def test_all_videos_of_a_folder(run: Say, store: Store, video: Path) -> None:
    (video.parent / "Ben.MOV").write_bytes(video.read_bytes())
    (video.parent / "notes.txt").write_text("no video")
    assert run("analyse", video.parent, "--fps", 2)[0] == 0
    assert sorted(lesson.title for lesson in store.lessons.ended()) == ["Ada", "Ben"]


def test_a_folder_without_a_video_is_said(run: Say, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    code, _, err = run("analyse", tmp_path / "empty")
    assert (code, "There is no video in" in err) == (2, True)


def test_when_and_who_are_said(run: Say, store: Store, video: Path) -> None:
    assert run("analyse", video, "--at", "2026-11-23T09:00+01:00", "--student", "Zoë")[0] == 0
    (lesson,) = store.lessons.ended()
    assert lesson.started_at == datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
    assert store.people.students(lesson.id)[0].name == "Zoë"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--class", "9z"], "There is no class '9z'"),
        (["--csv", "nowhere/at/all.csv"], "a folder that exists"),
        (["--student", "a\x07"], "printable"),
        (["--title", "x" * 200], "title"),
        (["other.mp4", "--at", "2026-11-23T09:00"], "--at says when one video began"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_kept(
    run: Say, store: Store, video: Path, words: list[str], told: str
) -> None:
    code, _, err = run("analyse", video, *words)
    assert (code, store.lessons.ended()) == (2, ())
    assert told in err


@pytest.mark.parametrize("words", [["--fps", "0"], ["--fps", "31"], ["--at", "yesterday"]])
def test_what_cannot_be_read_shows_the_usage(run: Say, video: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as stopped:
        run("analyse", video, *words)
    assert stopped.value.code == 2


def test_interrupting_drops_the_video_that_is_read(
    run: Say, store: Store, video: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    done: list[Analysed] = []

    def second_interrupted(*given: object, **more: object) -> Analysed:
        if done:
            raise KeyboardInterrupt
        done.append(analyse(*given, **more))  # type: ignore[arg-type]
        return done[0]

    monkeypatch.setattr(analysing, "analyse", second_interrupted)
    code, _, err = run("analyse", video, video, video)
    assert code == 130
    assert "nothing of Ada.mp4 was kept. Lessons made before it: 1" in err
    assert len(store.lessons.ended()) == 1


@pytest.mark.skipif(sys.platform == "win32", reason="no SIGINT for a child")
def test_ctrl_c_ends_the_command_at_once(store: Store, tmp_path: Path) -> None:
    pipe = tmp_path / "film.mp4"
    pipe.write_bytes(film(seconds_of((FACE, 1)) * 120))
    command = [sys.executable, "-c", INTERRUPTED_SOON, "analyse", str(pipe)]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 130, ran.stderr
    assert "nothing of film.mp4 was kept" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert store.lessons.ended() == store.lessons.running() == ()


INTERRUPTED_SOON = f"""
import os, signal, sys
from monitor.__main__ import main
signal.signal(signal.SIGINT, signal.default_int_handler)  # whoever started the tests may have had it ignored
from monitor.live import analysis
reading = analysis._progress
def interrupted(still, spent):
    os.kill(os.getpid(), {int(signal.SIGINT)})
    return reading(still, spent)
analysis._progress = interrupted
sys.exit(main())
"""


def test_lessons_are_listed(run: Say, store: Store, lesson: Lesson) -> None:
    start(store, "Poems")
    code, out, _ = run("lessons")
    rows = [line.split() for line in out.splitlines()]
    assert code == 0
    assert rows[0] == ["lesson", "began", "length", "students", "source", "title"]
    assert [row[-1] for row in rows[1:]] == ["Poems", "Fractions"]
    assert rows[2][3:6] == ["5:00", "1", "live"]
    assert [one["title"] for one in json.loads(run("lessons", "--json")[1])] == ["Poems", "Fractions"]


def test_no_lessons_are_no_error(run: Say) -> None:
    assert run("lessons") == (0, "There is no lesson yet.\n", "")
    assert json.loads(run("lessons", "--json")[1]) == []


def test_a_report_says_its_sentence_and_figures(run: Say, lesson: Lesson) -> None:
    _, out, _ = run("report", lesson.id)
    assert "Fractions: The mood was +0.50" in out
    assert "1 measured, face visible 100%" in out
    assert "happy       60%" in out
    found = json.loads(run("report", lesson.id, "--json")[1])
    assert (found["samples"], found["students"][0]["student"]) == (20, "Ada")
    assert found["mood"]["value"] == pytest.approx(0.5)
    assert sum(share["value"] for share in found["shares"].values()) == pytest.approx(1)


def test_an_empty_lesson_has_a_report(run: Say, store: Store) -> None:
    empty = start(store)
    assert "Nothing was measured" in run("report", empty.id)[1]
    assert json.loads(run("report", empty.id, "--json")[1])["mood"] is None


def test_a_lesson_is_exported(run: Say, lesson: Lesson, tmp_path: Path) -> None:
    assert run("export", lesson.id, "--format", "csv", "--to", tmp_path / "x.csv")[0] == 0
    assert len(from_csv((tmp_path / "x.csv").read_bytes()).samples) == 20
    code, _, err = run("export", lesson.id, "--format", "csv", "--to", tmp_path / "none" / "x.csv")
    assert (code, "cannot be written: No such file" in err) == (2, True)


def test_deleting_asks_first(run: Say, store: Store, lesson: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin.isatty", lambda: False)
    code, _, err = run("delete", lesson.id)
    assert (code, "say --yes" in err, len(store.lessons.ended())) == (2, True, 1)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    monkeypatch.setattr("builtins.input", lambda asked: "n" if "1 students" in asked else "y")
    assert run("delete", lesson.id)[1] == "Nothing was deleted.\n"
    assert len(store.lessons.ended()) == 1
    assert run("delete", lesson.id, "--yes")[0] == 0
    assert store.lessons.ended() == ()


@pytest.mark.parametrize("words", [["report"], ["delete", "--yes"], ["export", "--format", "csv", "--to", "x.csv"]])
def test_an_unknown_lesson_is_said(run: Say, words: list[str]) -> None:
    code, out, err = run(*words, 77)
    assert (code, out) == (2, "")
    assert "There is no lesson 77" in err
