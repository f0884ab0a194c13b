"""What a teacher's browser waits for and is sent: the first page, and the live page of a class that is measured.

`python -m tests.benchmarks.pages --students 30 --seconds 30`. The class are senders (WHIP). A rerun is from the page's
request to the message that says that the script has finished; bytes are before compression. `live` is asked for by a
page that draws nothing, as the teacher's browser is on another machine; `live_in_a_browser` by Chromium on the same
processors, by its own record of the WebSocket. The lesson has run for twelve minutes: what a page shows is full.
"""

from __future__ import annotations

import argparse
import base64
import os
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
import psutil
from playwright.sync_api import Page
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from model_zoo.emotions import EmotionScores
from monitor.domain import Sample
from tests.benchmarks.crowd import busy_s, crowd, own_key
from tests.benchmarks.light_page import light_page
from tests.benchmarks.stage import Stage, say, spread, stage
from tests.browser.server import Server

SETTLE_S, PAST = 4.0, timedelta(minutes=12)
BINARY = 2
FIRST_PAINT = "() => performance.getEntriesByName('first-contentful-paint').map((entry) => entry.startTime)[0] ?? null"


@dataclass
class Wire:
    """What went over the page's WebSocket, when by Chromium's clock (seconds), and what of it tells of runs."""

    asked: list[float] = field(default_factory=list)
    begun: list[float] = field(default_factory=list)
    finished: list[float] = field(default_factory=list)
    received: list[int] = field(default_factory=list)

    def listen(self, page: Page) -> None:
        session = page.context.new_cdp_session(page)
        session.send("Network.enable")
        session.on("Network.webSocketFrameSent", self._sent)
        session.on("Network.webSocketFrameReceived", self._received)

    def forget(self) -> None:
        for noted in (self.asked, self.begun, self.finished, self.received):
            noted.clear()

    def reruns_ms(self) -> list[float]:
        """From each request to the end of the first run that began after it. Other messages (the page's heartbeat, the
        answer of an image) belong to none, and requests that the server joined to one run each waited for it."""
        found = []
        for asked in self.asked:
            begun = _first_after(asked, self.begun)
            finished = _first_after(begun, self.finished) if begun is not None else None
            if finished is not None:
                found.append(1000 * (finished - asked))
        return found

    def bytes_per_second(self, seconds: float) -> float:
        return sum(self.received) / seconds

    def _sent(self, told: dict[str, Any]) -> None:
        frame = told["response"]
        if frame["opcode"] == BINARY and _message(BackMsg(), frame).WhichOneof("type") == "rerun_script":
            self.asked.append(told["timestamp"])

    def _received(self, told: dict[str, Any]) -> None:
        frame = told["response"]
        if frame["opcode"] != BINARY:
            self.received.append(len(frame["payloadData"]))
            return
        message = _message(ForwardMsg(), frame)
        self.received.append(message.ByteSize())
        kind = message.WhichOneof("type")
        if kind == "new_session":
            self.begun.append(told["timestamp"])
        elif kind == "script_finished":
            self.finished.append(told["timestamp"])


def _message(empty: Any, frame: dict[str, Any]) -> Any:
    empty.ParseFromString(base64.b64decode(frame["payloadData"]))
    return empty


def _first_after(at: float, times: list[float]) -> float | None:
    return next((one for one in times if one >= at), None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--students", type=int, default=30)
    parser.add_argument("--fps", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=30)
    wanted = parser.parse_args()
    key = own_key()
    with stage(PAST, camera_fps=str(wanted.fps), whip_students="true", pseudonym_key=key) as on:
        found = _first_page(on)
        found["live_without_students"] = _live(on, wanted.seconds)
        with crowd(on.server, on.code, wanted.students, wanted.fps, apart_s=0.3) as students:
            found["accepted"] = students.accepted
            _past(on)
            time.sleep(SETTLE_S)
            without = _cores(on, wanted.seconds)
            found["live"] = _live(on, wanted.seconds)
            found["live"]["page_cores"] = round(max(0.0, found["live"]["server_cores"] - without), 3)
            found["live_in_a_browser"] = _live_in_a_browser(on, wanted.seconds)
    load = round(os.getloadavg()[0], 2)
    say(benchmark="pages", students=wanted.students, seconds=wanted.seconds, **found, cores=os.cpu_count(), load=load)


def _first_page(on: Stage) -> dict[str, Any]:
    """Of a server that starts now, and of one that has been asked before."""
    with TemporaryDirectory() as folder, on.browser() as desk:
        fresh = Server(Path(folder), new=False)  # has been set up
        begun = time.monotonic()
        with fresh:
            page = desk.new_context(viewport={"width": 1366, "height": 800}).new_page()
            page.context.add_cookies([fresh.cookie])
            page.goto(fresh.address)
            page.get_by_role("heading").first.wait_for(timeout=60_000)
            started = time.monotonic() - begun
            page.context.close()
            again = desk.new_context(viewport={"width": 1366, "height": 800}).new_page()
            again.context.add_cookies([fresh.cookie])
            begun = time.monotonic()
            again.goto(fresh.address)
            again.get_by_role("heading").first.wait_for(timeout=60_000)
            warm, paint = time.monotonic() - begun, again.evaluate(FIRST_PAINT)
            again.context.close()
    return {
        "server_start_to_first_page_s": round(started, 2),
        "page_s": round(warm, 2),
        "first_contentful_paint_ms": round(paint or 0),
    }


def _past(on: Stage) -> None:
    """Of those who are in, as after the first minutes of a lesson. No page has seen them yet."""
    store, chance = on.server.store(), np.random.default_rng(0)
    (lesson,) = store.lessons.running()
    ids = [student.id for student in store.people.students(lesson.id)]
    begun = lesson.started_at.replace(microsecond=0)
    for minute in range(int(PAST.total_seconds()) // 60 - 1):
        seconds = [begun + timedelta(seconds=60 * minute + second) for second in range(60)]
        shares = chance.dirichlet(np.full(7, 0.5), (60, len(ids)))
        store.samples.add(
            [
                Sample(student, at, EmotionScores(tuple(one)), 5, 5)
                for at, row in zip(seconds, shares, strict=True)
                for student, one in zip(ids, row, strict=True)
            ]
        )
    store.close()


def _cores(on: Stage, seconds: int) -> float:
    """Of the server, while no page is open."""
    server = psutil.Process(on.server.pid)
    busy = busy_s(server)
    time.sleep(seconds)
    return (busy_s(server) - busy) / seconds


def _live(on: Stage, seconds: int) -> dict[str, Any]:
    with light_page(on.server) as page:
        before, server = page.bytes, psutil.Process(on.server.pid)
        busy, begun = busy_s(server), time.monotonic()
        reruns = page.reruns_ms(seconds)
        took = time.monotonic() - begun
        return {
            "server_cores": round((busy_s(server) - busy) / took, 3),
            "reruns": len(reruns),
            "rerun_ms": spread(reruns, 1),
            "kilobytes_per_second": round((page.bytes - before) / took / 1000, 1),
        }


def _live_in_a_browser(on: Stage, seconds: int) -> dict[str, Any]:
    with on.browser() as desk:
        teacher, wire = on.teacher(desk), Wire()
        wire.listen(teacher.page)
        # The WebSocket has to open before the eyes of whoever listens.
        teacher.page.reload()
        teacher.page.get_by_text("joined").first.wait_for()
        teacher.page.wait_for_timeout(1000 * SETTLE_S)
        wire.forget()
        server = psutil.Process(on.server.pid)
        busy = busy_s(server)
        teacher.page.wait_for_timeout(1000 * seconds)
        return {
            "server_cores": round((busy_s(server) - busy) / seconds, 3),
            "reruns": len(wire.finished),
            "rerun_ms": spread(wire.reruns_ms(), 1),
            "kilobytes_per_second": round(wire.bytes_per_second(seconds) / 1000, 1),
        }


if __name__ == "__main__":
    main()
