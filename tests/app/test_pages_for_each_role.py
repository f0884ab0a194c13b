"""Every page as every role, by its address and parameters: as docs/roles.md says."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from app import resources
from app.pages import pages_of
from monitor.people.accounts import Role
from monitor.store.store import Store
from tests.app.conftest import MAIN, account, be
from tests.app.reading import text
from tests.roles import STANDINGS, Thing, table, things

ROLES = {**{role.value: role for role in Role}, "no role": None}
RUNS = ("live", "room camera")
VIEWS = sorted(path.stem for path in (Path(MAIN).parent / "views").glob("[a-z]*.py"))
EVERYBODYS = ("join", "check", "entrance", "waiting")


def visit(page: str, **address: str) -> str:
    """What can be read at this address, the values of fields and tables included."""
    browser = AppTest.from_file(str(MAIN), default_timeout=120)
    browser.run()
    browser.query_params.update(address)
    shown = browser.switch_page(f"views/{page}.py").run()
    assert not shown.exception
    tables = [frame.value.to_string() for frame in shown.dataframe]
    charts = [chart.proto.spec for chart in shown.get("plotly_chart")]
    return "\n".join([text(shown), *tables, *charts, *(one.label for one in shown.button)])


def address(page: str, thing: Thing) -> tuple[str, dict[str, str]]:
    lesson = {"lesson": str(thing.lesson.id)}
    return {
        "live": ("live", lesson),
        "room camera": ("room", lesson),
        "report": ("report", lesson),
        "student of a report": ("report", {**lesson, "student": str(thing.student.id)}),
        "class": ("classes", {"class": str(thing.school_class.id)}),
        "lessons": ("lessons", {}),
    }[page]


def seen(page: str, thing: Thing, how: str) -> str:
    """`names`, `figures` or `refused`, by what can be read there of this lesson or class."""
    view, parameters = address(page, thing)
    read = visit(view, **parameters)
    if f"Zelda {how}" in read:
        return "names"
    return "figures" if f"Lesson {how}" in read or f"Class {how}" in read else "refused"


@pytest.mark.parametrize("role", ["administrator", "teacher", "observer"])
def test_a_page_shows_of_each_object_what_the_table_says(store: Store, role: str) -> None:
    whole = resources.whole_store()
    who = account(whole, f"the-{role}", ROLES[role])
    be(whole, who)
    ended, running = things(whole, who), things(whole, who, running=True, number="-live")
    found, told = {}, {}
    for row in table("page", "role"):
        if row["role"] == role and row["own"] != "–":
            page = row["page"]
            for how in STANDINGS:
                live = page in RUNS
                thing = (running if live else ended)[how]
                told[page, how] = row[how]
                found[page, how] = seen(page, thing, f"{how}-live" if live else how)
    assert found == told


@pytest.mark.parametrize("role", [*ROLES, "nobody"])
def test_a_role_has_the_pages_of_the_table_and_no_others(
    store: Store, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    whole = resources.whole_store()
    who = None if role == "nobody" else account(whole, "somebody", ROLES[role])
    be(whole, who)
    first = AppTest.from_file(str(MAIN), default_timeout=120).run()
    assert (first.title[0].value == "Classroom mood") == (who is None)
    monkeypatch.setattr("streamlit.Page", lambda path, **how: Path(path).stem)
    told = {row["page"] for row in table("page", "administrator") if row[role] == "yes"}
    assert set(pages_of(who)) - set(EVERYBODYS) == told


def test_the_table_has_every_page() -> None:
    assert {row["page"] for row in table("page", "administrator")} == set(VIEWS) - set(EVERYBODYS)
