from __future__ import annotations

import json
from pathlib import Path

import pytest

from monitor.__main__ import main
from monitor.domain import Presence, Shown
from monitor.insight.export.csv import from_csv
from monitor.insight.pseudonyms import renamed
from monitor.people.audit import Action
from monitor.store.store import Store
from tests.lesson import NINE, sample, second


@pytest.fixture
def ada(store: Store) -> int:
    """On a roster, measured in a lesson with pseudonyms and in one of which only the class is shown."""
    class_id = store.classes.create("7b", NINE).id
    ada, _ben = store.classes.add_members(class_id, ["Ada", "Ben"])
    store.consents.guardian_agreed(ada.id, "mother, by letter", NINE)
    store.consents.write_notice({"en": "Our own words"}, NINE)
    for shown, notice in ((Shown.PSEUDONYMS, "2026-3 en"), (Shown.CLASS, "school-1 en")):
        lesson = store.lessons.start("Fractions", NINE, "tiny", "YuNet", class_id=class_id, shown=shown)
        for name in ("Ada", "Ben"):
            student = store.people.join(lesson.id, name, NINE, notice).student.id
            store.samples.add([sample(student, number) for number in range(5)])
            store.people.choose(student, Presence.LEFT, second(9))
    return ada.id


def test_all_that_is_kept_is_written_with_consents_and_their_words(store: Store, ada: int, tmp_path: Path) -> None:
    assert main(["record", f"member:{ada}", "--to", str(tmp_path / "ada.json")]) == 0
    found = json.loads((tmp_path / "ada.json").read_text())
    assert (found["name"], [one["said"] for one in found["guardians"]]) == ("Ada", ["mother, by letter"])
    assert [one["shown"] for one in found["lessons"]] == ["pseudonyms", "class only"]
    agreed = [each["notice"] for one in found["lessons"] for each in one["consents"]]
    assert agreed == ["2026-3 en", "school-1 en"]
    assert found["lessons"][0]["consents"][0]["withdrawn_at"] == second(9).isoformat()
    assert found["notices"] == {"school-1": {"en": "Our own words"}}
    assert found["lessons"][1]["seconds"][0] == [NINE.isoformat(), 5, 5, 0.05, 0.01, 0.04, 0.6, 0.1, 0.08, 0.12]
    assert "Ben" not in (tmp_path / "ada.json").read_text()
    lesson = store.lessons.get(found["lessons"][0]["lesson"])
    students = store.people.students(lesson.id)
    assert found["lessons"][0]["pseudonym"] == renamed(store, lesson, students)[students[0].id].name
    assert store.audit.newest(1)[0].deed.action is Action.EXPORT


def test_as_csv_it_is_a_row_a_second_under_the_own_name(store: Store, ada: int, tmp_path: Path) -> None:
    student = store.members.places(ada)[1]
    assert main(["record", f"student:{student.id}", "--to", str(tmp_path / "ada.csv")]) == 0
    found = from_csv((tmp_path / "ada.csv").read_bytes())
    assert [one.name for one in found.students] == ["Ada"]
    assert len(found.samples) == 5
    assert main(["record", f"member:{ada}", "--to", str(tmp_path / "all.csv")]) == 0
    assert len((tmp_path / "all.csv").read_text().splitlines()) == 11


def test_a_name_lists_who_bears_it(store: Store, ada: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["forget", "ADA", "--yes"]) == 2
    told = capsys.readouterr().err
    assert f"member:{ada}  Ada, class 7b" in told
    assert told.count("student:") == 2
    assert main(["record", "Zoe", "--to", "zoe.json"]) == 2
    assert "Nobody is called 'Zoe'" in capsys.readouterr().err


def test_forgetting_asks_first_and_leaves_nothing(
    store: Store, ada: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["forget", f"member:{ada}"]) == 2
    assert "say --yes" in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    for answer, lessons in (("n", 2), ("y", 0)):
        monkeypatch.setattr("builtins.input", lambda asked, answer=answer: answer)
        assert main(["forget", f"member:{ada}"]) == 0
        assert len(store.members.places(ada)) == lessons
    left = [one.name for lesson in store.lessons.running() for one in store.people.students(lesson.id)]
    assert left == ["Ben", "Ben"]
    assert store.consents.of_member(ada) == ()
    assert store.audit.newest(1)[0].deed.kind == "member"


def test_a_file_of_another_kind_and_somebody_unknown_are_refused(
    store: Store, ada: int, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["record", f"member:{ada}", "--to", str(tmp_path / "ada.txt")]) == 2
    assert ".json or a .csv" in capsys.readouterr().err
    assert main(["record", "student:999", "--to", str(tmp_path / "a.json")]) == 2
    assert "no student 999" in capsys.readouterr().err
