"""Whatever somebody types into the address, a page says something sensible."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.addresses import number
from monitor.store.store import Store
from tests.app.conftest import Visit
from tests.app.reading import text
from tests.lesson import sample, seat, start

ODD = ("9" * 5000, "²", "-1", "1e3", "0x1", "٣", "NaN", "<b>1</b>", " ", "9" * 18)


@pytest.mark.parametrize("page", ["live", "start", "classes", "lessons", "report", "compare"])
def test_a_number_that_is_none_is_passed_over(
    visit: Visit, store: Store, page: str, caplog: pytest.LogCaptureFixture
) -> None:
    at = datetime.now(UTC) - timedelta(minutes=9)
    for title in ("Poems", "Maps", "Now"):
        lesson = start(store, title, at)
        student = seat(store, lesson)
        store.samples.add([sample(student, second) for second in range(3)])
        if title != "Now":
            store.lessons.end(lesson.id, at + timedelta(minutes=1))
    for odd in ODD[:2]:
        shown = visit(page, **dict.fromkeys(("lesson", "student", "class"), odd), lessons=f"{odd},{odd}")
        assert not shown.exception
        assert "Something went wrong" not in text(shown)
    assert "a page failed" not in caplog.text


def test_only_a_number_that_a_row_may_have_is_one() -> None:
    assert [number(odd) for odd in ODD] == [None, None, None, None, None, 3, None, None, None, 10**18 - 1]
