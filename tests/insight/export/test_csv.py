from __future__ import annotations

import csv as stdlib_csv
import io
from dataclasses import replace

import pytest

from monitor.insight.export.csv import COLUMNS, CsvError, from_csv, harmless, original, to_csv
from monitor.insight.report import report
from monitor.insight.timeline import Timeline
from tests.insight.lessons import HAPPY, lesson, mixed, student, timeline

HEADING = ",".join(COLUMNS)
LINE = "1,Fractions,Ada,2025-11-21T09:00:00Z,0.0000,0.0000,0.0000,0.7500,0.0000,0.0000,0.2500,happy,0.7500,1.0000,8"
NO_FACE = "1,Fractions,Ada,2025-11-21T09:00:01Z,,,,,,,,,,0.0000,8"


def cells(found: Timeline) -> list[dict[str, str]]:
    return list(stdlib_csv.DictReader(io.StringIO(to_csv(found).decode("utf-8-sig"))))


def content(found: Timeline) -> list[tuple[object, ...]]:
    names = {one.id: one.name for one in found.students}
    rows = found.samples.fillna(-1).itertuples(index=False)
    return sorted((names[row[0]], *row[1:]) for row in rows)


def file(*lines: str) -> str:
    return "\r\n".join((HEADING, *lines)) + "\r\n"


def test_a_line_tells_one_student_and_second() -> None:
    found = timeline({"Ada": {0: mixed(happy=7500), 1: None}})
    assert to_csv(found).decode("utf-8-sig") == file(LINE, NO_FACE)


def test_excel_is_told_the_encoding() -> None:
    found = timeline({"Zoë 李": {0: HAPPY}})
    assert to_csv(found).startswith(b"\xef\xbb\xbf")
    assert from_csv(to_csv(found)).students[0].name == "Zoë 李"


def test_what_was_written_is_read_exactly() -> None:
    odd = {second: mixed(happy=second * 7, sad=second * 3 + 1, disgust=3333) for second in range(0, 600, 7)}
    found = timeline({"Ada": odd, "Ben": {3: None, 4: HAPPY}}, frames=7, of=lesson(title="Brüche, „7b“"))
    found.samples.loc[found.samples["faces"] > 0, "faces"] = 3
    read = from_csv(to_csv(found))
    assert content(read) == content(found)
    assert (read.lesson.id, read.lesson.title) == (1, "Brüche, „7b“")
    assert to_csv(read) == to_csv(found)


def test_every_number_of_faces_and_frames_comes_back() -> None:
    pairs = [(faces, frames) for frames in range(1, 61) for faces in range(frames + 1)]
    seconds = {second: HAPPY if faces else None for second, (faces, _) in enumerate(pairs)}
    found = timeline({"Ada": seconds})
    found.samples["faces"], found.samples["frames"] = zip(*pairs, strict=True)
    read = from_csv(to_csv(found)).samples
    assert list(zip(read["faces"], read["frames"], strict=True)) == pairs


@pytest.mark.parametrize(
    "name", ["=HYPERLINK(1)", "+1", "-1", "@sum", "\tx", "\r=1", "\n=1", "＝1", " =1", "'=1", "''+1", "\x00x"]
)
def test_a_name_never_becomes_a_formula_and_is_read_back(name: str) -> None:
    assert harmless(name) == f"'{name}"
    assert original(harmless(name)) == name
    if "\x00" not in name:
        found = timeline({"Ada": {0: HAPPY}}, of=lesson(title=name))
        found = replace(found, students=(student(1, name),))
        assert cells(found)[0]["student"] == cells(found)[0]["lesson"] == f"'{name}"
        read = from_csv(to_csv(found))
        assert (read.students[0].name, read.lesson.title) == (name, name)


@pytest.mark.parametrize("name", ["Ada", "O'Neil", "'Ada'", "a=b", "7b", ""])
def test_a_harmless_name_stays_as_it_is(name: str) -> None:
    assert harmless(name) == original(name) == name


def test_a_spreadsheets_own_line_ends_are_read() -> None:
    assert len(from_csv("\n".join((HEADING, LINE, NO_FACE, ""))).samples) == 2


def changed(column: str, text: str, line: str = LINE) -> str:
    row = line.split(",")
    row[COLUMNS.index(column)] = text
    return ",".join(row)


@pytest.mark.parametrize(
    ("column", "came", "allowed"),
    [
        ("lesson_id", "x", "whole number"),
        ("student", "", "a name"),
        ("at", "21.11.2025 09:00", "2025-11-21T09:00:00Z"),
        ("at", "2025-11-21T09:00:00+01:00", "UTC"),
        ("happy", "0,75", "from 0 to 1 with at most 4 decimals"),
        ("happy", "1.2000", "from 0 to 1"),
        ("happy", "-0.1", "from 0 to 1"),
        ("happy", "nan", "from 0 to 1"),
        ("happy", "", "from 0 to 1"),
        ("neutral", "0.3500", "add up to 1.1000"),
        ("top", "sad", "happy, the likeliest"),
        ("mood", "0.7400", "0.7500"),
        ("face_visible", "2", "from 0 to 1"),
        ("frames", "0", "from 1 to 5000"),
        ("frames", "8.5", "whole number"),
    ],
)
def test_a_broken_cell_is_named_with_its_line_and_what_is_allowed(column: str, came: str, allowed: str) -> None:
    broken = changed(column, f'"{came}"' if "," in came else came)
    with pytest.raises(CsvError) as caught:
        from_csv(file(broken))
    message = str(caught.value)
    assert allowed in message
    if column != "neutral":
        assert message.startswith(f"Line 2, column {column}: got {came!r}, allowed is")


def test_scores_without_a_face_are_refused() -> None:
    with pytest.raises(CsvError, match=r"Line 3, column happy: got '0.5', allowed is '', since face_visible"):
        from_csv(file(LINE, changed("happy", "0.5", NO_FACE)))


def test_the_same_student_and_second_twice_is_refused() -> None:
    with pytest.raises(CsvError, match="Line 3, column at: got '2025-11-21T09:00:00Z'"):
        from_csv(file(LINE, LINE))


def test_two_lessons_in_one_file_are_refused() -> None:
    with pytest.raises(CsvError, match="Line 3, column lesson_id: got '2', allowed is '1'"):
        from_csv(file(LINE, changed("lesson_id", "2", NO_FACE)))


def test_a_file_of_another_form_is_refused() -> None:
    for text, said in (
        ("", "Line 1 names the columns"),
        ("a,b\r\n", "got 'a, b'"),
        (HEADING.replace(",", ";"), "Line 1 names the columns"),
        (file(), "no samples"),
        (file(LINE + ",more"), "Line 2 has 16 columns; 15 are allowed"),
        (file('1,"Fractions'), "Line 2 is not CSV"),
    ):
        with pytest.raises(CsvError, match=said):
            from_csv(text)
    with pytest.raises(CsvError, match="byte 0 of this one is 0xff"):
        from_csv(b"\xff\xfe")


def test_a_face_that_nobody_named_stands_under_its_number_and_the_report_lists_no_such_student() -> None:
    found = timeline({"Ada": {0: HAPPY}, "Face 3": {0: mixed(sad=9000)}})
    found = replace(found, students=(found.students[0], replace(found.students[1], named=False)))
    assert [row["student"] for row in cells(found)] == ["Ada", "Face 3"]
    made = report(found, found.lesson.started_at)
    assert ([row.student.name for row in made.students], made.unnamed) == (["Ada"], 1)
