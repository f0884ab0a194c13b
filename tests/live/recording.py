"""`python -m tests.live.recording DATABASE NETWORK`: a class whose frames come by themselves, to be killed.

Prints the seconds since 1970 and how many samples are stored, ten times a second.
"""

from __future__ import annotations

import sys
import time
from datetime import UTC, datetime

from monitor.domain import Frame
from monitor.live.classroom import Classroom
from monitor.live.naming import Naming
from monitor.live.pipeline import Pipeline
from monitor.live.recorder import Recorder
from monitor.store.store import open_store
from monitor.vision.classification import open_classifier
from tests.lesson import seat, start
from tests.live.chalk import ChalkDetector, chalk_picture


def main(database: str, network: str) -> None:
    store = open_store(f"sqlite:///{database}")
    student = seat(store, start(store, at=datetime.now(UTC)))
    room = Classroom(Pipeline(ChalkDetector(), open_classifier(network), 0.3), Recorder(store, 1000), Naming(store))
    room.start()
    room.seat("ada", student)
    while True:
        now = datetime.now(UTC)
        room.submit(Frame("ada", chalk_picture(), now))
        print(now.timestamp(), room.keeping.stored, flush=True)
        time.sleep(0.1)


if __name__ == "__main__":
    main(*sys.argv[1:])
