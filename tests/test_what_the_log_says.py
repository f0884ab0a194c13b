"""The server's log: its forms, and that no name is ever in it."""

from __future__ import annotations

import ast
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import text

from monitor import errors
from monitor.errors import LessonError, NameInUse, StoreError, StoreUnavailable
from monitor.logs import JsonLines, configure, nameless, tally
from monitor.store.engine import session
from monitor.store.store import Store
from tests.lesson import seat, start

ROOT = Path(__file__).parents[1]
NAME = "Zebediah Quillfeather"
LEVELS = ("debug", "info", "warning", "error", "exception", "critical")


@contextmanager
def configured(form: str) -> Iterator[None]:
    before = logging.getLogger().handlers[:]
    configure(form)
    yield
    logging.getLogger().handlers[:] = before


def test_a_line_is_one_json_object_with_the_traceback_in_it(capsys: pytest.CaptureFixture[str]) -> None:
    try:
        raise StoreUnavailable("the disk is full")
    except StoreUnavailable:
        with configured("json"):
            logging.getLogger("monitor.live.recorder").exception("samples wait")
    (line,) = capsys.readouterr().err.splitlines()
    said = json.loads(line)
    assert (said["level"], said["logger"], said["message"]) == ("error", "monitor.live.recorder", "samples wait")
    assert "the disk is full" in said["error"]
    assert datetime.fromisoformat(said["at"]).tzinfo == UTC


def test_streamlits_own_lines_have_the_same_form_and_errors_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    before = tally.counts["error"]
    with configured("json"):
        logging.getLogger("streamlit.runtime.anything").error("a page failed")
    (line,) = capsys.readouterr().err.splitlines()
    assert json.loads(line)["message"] == "a page failed"
    assert tally.counts["error"] == before + 1


def test_the_addresses_that_were_asked_for_are_not_written(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("text"):
        logging.getLogger("uvicorn.access").setLevel(logging.INFO)
        logging.getLogger("uvicorn.access").info('"POST /whip/K7TM-4N2B?student=%s" 201', NAME)
        logging.getLogger("uvicorn.error").warning("something else")
    written = capsys.readouterr().err
    assert "something else" in written
    assert "Zebediah" not in written


def test_configuring_twice_writes_no_line_twice(capsys: pytest.CaptureFixture[str]) -> None:
    with configured("text"):
        configure("text")
        logging.getLogger("app.guard").warning("once")
    assert capsys.readouterr().err.count("once") == 1


def test_what_is_told_to_a_person_is_written_without_its_words() -> None:
    assert nameless(NameInUse(f"{NAME} is in this lesson already")) == "NameInUse"
    assert nameless(StoreUnavailable("locked")) == "locked"


def test_an_error_of_the_database_quotes_no_name(store: Store) -> None:
    seat(store, start(store), NAME)
    with pytest.raises(StoreError) as told, session(store.engine) as opened:
        opened.execute(text("SELECT * FROM students WHERE name = :name AND nothing = 1"), {"name": NAME})
    written = JsonLines().format(_record(told.value))
    assert "nothing" in written  # the query is there, what was asked for is not
    assert NAME not in written


def test_no_line_is_written_of_what_may_hold_a_name() -> None:
    """In the code: what is logged are words, numbers, names of types, and errors of the database or of a file."""
    doubtful = [where for file in _sources() for where in _doubtful(file)]
    assert doubtful == []


def test_the_reader_of_log_calls_notices_a_name() -> None:
    bad = ast.parse('log.warning("hello %s", student.name)\nlog.info(f"{title}")\nlog.info("%s", error)')
    assert [_is_doubtful(call) for call in ast.walk(bad) if isinstance(call, ast.Call)] == [True, True, False]


def test_every_error_that_a_person_raises_is_one_of_those_without_words() -> None:
    """A name stands in the words of LessonError and AccountError alone."""
    assert issubclass(errors.InvalidName, LessonError)
    assert issubclass(errors.UnknownFace, LessonError)


def _sources() -> list[Path]:
    return sorted(path for room in ("app", "monitor") for path in (ROOT / room).rglob("*.py"))


def _doubtful(file: Path) -> list[str]:
    tree = ast.parse(file.read_text(encoding="utf-8"))
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return [f"{file.relative_to(ROOT)}:{call.lineno}" for call in calls if _is_doubtful(call)]


def _is_doubtful(call: ast.Call) -> bool:
    """A call of `log` with a text that is put together, or with a value called name, title, student or lesson."""
    function = call.func
    if not (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)):
        return False
    if function.value.id != "log" or function.attr not in LEVELS:
        return False
    said, *values = call.args
    words = {part.attr if isinstance(part, ast.Attribute) else getattr(part, "id", "") for value in values
             for part in ast.walk(value)}  # fmt: skip
    types_only = words == {"type", "error", "__name__"}
    written = isinstance(said, ast.Constant) or (isinstance(said, ast.Name) and said.id.isupper())
    return not written or (
        not types_only and bool(words & {"name", "names", "title", "student", "students", "lesson", "form", "address"})
    )


def _record(error: BaseException) -> logging.LogRecord:
    told = (type(error), error, error.__traceback__)
    return logging.LogRecord("monitor", logging.ERROR, __file__, 1, "a page failed", (), told)
