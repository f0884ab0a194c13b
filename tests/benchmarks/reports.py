"""How long a report over a lesson of 189,000 samples takes, and a comparison of 40 such lessons, on SQLite.

python -m tests.benchmarks.reports [--lessons 40] [--tries 3]
"""

from __future__ import annotations

import argparse
import json
import os
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import streamlit as st
from sqlalchemy import text
from streamlit.testing.v1 import AppTest

from app.signed_in import COOKIE
from model_zoo.emotions import EMOTIONS
from monitor.domain import Lesson
from monitor.insight.comparison import lesson_figures, parts
from monitor.insight.lesson_minutes import read_minutes
from monitor.insight.report import report
from monitor.insight.timeline import read_timeline
from monitor.people.accounts import Role
from monitor.store.samples import COLUMNS
from monitor.store.seen import seen_by
from monitor.store.store import Store, open_store
from monitor.teaching import MarkerKind
from tests.browser.server import ROOT

STUDENTS, LENGTH_S = 35, 90 * 60


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lessons", type=int, default=40)
    parser.add_argument("--tries", type=int, default=3)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite:///{Path(folder) / 'class.db'}"
        store = open_store(url)
        own = store.accounts.create("teacher", Role.TEACHER, datetime.now(UTC))
        cookies = {COOKIE: store.sign_ins.begin(own.id, datetime.now(UTC))}
        type(st.context).cookies = property(lambda context: cookies)  # type: ignore[method-assign,assignment]
        lessons = made_up_lessons(seen_by(store, own), chosen.lessons)
        made = {"lessons": len(lessons), "samples": len(lessons) * STUDENTS * LENGTH_S, "cores": os.cpu_count()}
        print(json.dumps({**made, **_measured(store, lessons, chosen.tries), **_pages(url, lessons, chosen.tries)}))
        store.close()


def _measured(store: Store, lessons: list[Lesson], tries: int) -> dict[str, object]:
    one, now = lessons[-1], datetime.now(UTC)
    timeline = read_timeline(store, one.id)
    began = time.perf_counter()
    store.minutes.make(one.id)
    summed_up = time.perf_counter() - began
    for lesson_id in store.minutes.missing([lesson.id for lesson in lessons]):
        store.minutes.make(lesson_id)
    minutes = read_minutes(store, lessons)
    return {
        "load": os.getloadavg()[0],
        "report_read_s": _best(tries, lambda: read_timeline(store, one.id)),
        "report_made_s": _best(tries, lambda: report(timeline, now)),
        "summing_up_a_lesson_once_s": round(summed_up, 3),
        "comparison_read_s": _best(tries, lambda: read_minutes(store, lessons)),
        "comparison_made_s": _best(tries, lambda: list(map(lesson_figures, minutes))),
        "parts_made_s": _best(tries, lambda: [parts(each) for each in minutes]),
    }


def _pages(url: str, lessons: list[Lesson], tries: int) -> dict[str, object]:
    """The pages' scripts as the server runs them, without what the browser takes to draw."""
    os.environ |= {"CLASSROOM_DATABASE_URL": url, "CLASSROOM_KEEP_DAYS": "9999"}
    import streamlit as st

    def opened(page: str, **address: str) -> None:
        st.cache_data.clear()
        _forget()
        browser.query_params.clear()
        browser.query_params.update(address)
        browser.switch_page(f"views/{page}.py").run()
        assert not browser.exception, browser.exception
        assert not browser.error, browser.error

    browser = AppTest.from_file(str(ROOT / "app" / "dashboard.py"), default_timeout=300)
    browser.run()
    return {
        "report_page_s": _best(tries, lambda: opened("report", lesson=str(lessons[-1].id))),
        "comparison_page_s": _best(tries, lambda: opened("compare")),
        "load_at_the_end": os.getloadavg()[0],
    }


def _forget() -> None:
    """What pages keep: each try is a first one."""
    from app import compared, resources

    for kept in (resources._reported, compared._figures, compared._parts):
        kept.clear()


def _best(tries: int, work: Callable[[], object]) -> float:
    """Of several, as other work on the machine only ever adds."""
    times = []
    for _ in range(tries):
        began = time.perf_counter()
        work()
        times.append(time.perf_counter() - began)
    return round(min(times), 3)


def made_up_lessons(store: Store, count: int) -> list[Lesson]:
    """Weekly lessons of one class. The first one's samples are made up, the others are copies with a time of their
    own: what they say matters to no clock."""
    school_class = store.classes.create("7b", datetime(2026, 1, 1, tzinfo=UTC))
    start = datetime.now(UTC).replace(second=0, microsecond=0) - timedelta(weeks=count)
    made: list[Lesson] = []
    first = 0
    for number in range(count):
        began = start + timedelta(weeks=number)
        lesson = store.lessons.start(f"Lesson {number + 1}", began, "classroom-int8", "YuNet", class_id=school_class.id)
        students = store.people.invite(lesson.id, [f"Student {place}" for place in range(STUDENTS)], began)
        ids = [student.id for student in students]
        if made:
            _copy(store, ids[0] - first, int((began - start).total_seconds()), first)
        else:
            first = ids[0]
            _fill(store, ids, int(start.timestamp()))
        for minute, kind in ((5, MarkerKind.EXERCISE), (30, MarkerKind.QUESTION), (60, MarkerKind.QUIZ)):
            store.markers.put(lesson.id, began + timedelta(minutes=minute), kind)
        store.markers.put(
            lesson.id, began + timedelta(minutes=45), MarkerKind.BREAK, "", began + timedelta(minutes=50), True
        )
        made.append(store.lessons.end(lesson.id, began + timedelta(seconds=LENGTH_S)))
    return made


def _fill(store: Store, ids: list[int], first: int) -> None:
    """One in ten seconds without a face."""
    random = np.random.default_rng(0)
    for student_id in ids:
        whole = (random.dirichlet(np.full(len(EMOTIONS), 2.0), LENGTH_S) * 10_000).astype(np.int64)
        whole[:, -1] += 10_000 - whole.sum(axis=1)
        table = pd.DataFrame(whole, columns=[emotion.value for emotion in EMOTIONS]).astype("Int64")
        seen = random.random(LENGTH_S) > 0.1
        table[~seen] = pd.NA
        table.insert(0, "student_id", student_id)
        table.insert(1, "second", first + np.arange(LENGTH_S))
        table.insert(2, "faces", np.where(seen, 5, 0))
        table.insert(3, "frames", 5)
        with store.engine.begin() as connection:
            table.to_sql("samples", connection, if_exists="append", index=False)


def _copy(store: Store, shift: int, later: int, first: int) -> None:
    kept = ", ".join(COLUMNS[2:])
    query = (
        f"INSERT INTO samples SELECT student_id + {shift}, second + {later}, {kept} FROM samples "
        f"WHERE student_id >= {first} AND student_id < {first + STUDENTS}"
    )
    with store.engine.begin() as connection:
        connection.execute(text(query))


if __name__ == "__main__":
    main()
