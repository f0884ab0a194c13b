"""A process that measures a student before a known picture, says so, and waits for a line before it ends.

With the argument `traced` it lets its own open files be looked at, which the dashboard does not.

It says how many frames showed a face, of those that are kept.
"""

from __future__ import annotations

import logging
import sys
import time
from datetime import UTC, datetime

from monitor.crashes import leave_no_core
from monitor.domain import Frame
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import open_pipeline
from monitor.live.recorder import Recorder
from monitor.settings import load
from monitor.store.store import open_store
from tests.faces import picture

FRAMES, EACH_S = 20, 0.1
PLACES = ((40, 10, 220), (44, 12, 220))
"""Of the head in the picture, in turn: what does not move is taken for a frozen camera."""


def main() -> None:
    if "traced" not in sys.argv:
        leave_no_core()
    logging.basicConfig(filename="server.log", level=logging.DEBUG)
    store = open_store(load().database_url)
    room = Classroom(open_pipeline(load()), Recorder(store, 1000), Naming(store))
    room.start()
    lesson = store.lessons.start("Fractions", datetime.now(UTC), room.network_name, room.detector_name)
    student = store.people.join(lesson.id, "Ada", datetime.now(UTC), "2026-3 en").student.id
    room.seat("ada", student)
    for number in range(FRAMES):
        room.submit(Frame("ada", picture(PLACES[number % 2]), datetime.now(UTC)))
        time.sleep(EACH_S)
    # Too narrow for any face: what goes wrong with a picture is logged.
    room.submit(Frame("ada", picture(PLACES[0])[:, :1], datetime.now(UTC)))
    room.flush([student])
    print(int(store.samples.of_student(student)["faces"].sum()), flush=True)
    sys.stdin.readline()
    room.stop()


if __name__ == "__main__":
    main()
