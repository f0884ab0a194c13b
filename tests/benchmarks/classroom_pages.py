"""A class of students with their pages open in Chromium, and the teacher's page: what arrives, what is kept, what it
costs. `python -m tests.benchmarks.classroom --browsers --students 10` plays it.

The film before the cameras shows a face all the time. Processor time is the server's alone, without Chromium's.
"""

from __future__ import annotations

import re
import time
from collections import defaultdict

import numpy as np
import psutil

from tests.benchmarks.stage import Stage, say, spread, stage, start_together
from tests.browser import camera, database
from tests.browser.people import Teacher

SETTLE_S = 5.0
STORED_AFTER_S = 3.0
CORNER = re.compile(r"(\d+) frames/s received · (\d+) read · (\d+)\s?% dropped(?: · (\d+) ms a frame)?")


def play(count: int, fps: int, seconds: int) -> None:
    with (
        stage(camera_fps=str(fps)) as on,
        on.browsers(count, camera.face(6)) as senders,
        on.browser() as desk,
    ):
        students = [on.student(sender, f"Student {number}") for number, sender in enumerate(senders)]
        start_together(students)
        teacher = on.teacher(desk)
        for student in students:
            student.is_measured(60)
        time.sleep(SETTLE_S)
        _measure(on, teacher, count, fps, seconds)


def _measure(on: Stage, teacher: Teacher, students: int, fps: int, seconds: int) -> None:
    server = psutil.Process(on.server.pid)
    first = int(time.time()) + 1
    time.sleep(first - time.time())
    busy = _busy_s(server)
    corners = []
    while time.time() < first + seconds:
        corners.append(CORNER.search(teacher.reads()))
        time.sleep(1)
    cores = (_busy_s(server) - busy) / (time.time() - first)
    time.sleep(STORED_AFTER_S)
    frames, kept = _kept(on, first, first + seconds)
    seen = [corner for corner in corners if corner is not None]
    say(
        benchmark="classroom",
        students=students,
        fps=fps,
        seconds=seconds,
        frames_read_per_stream_and_second={"min": _least(frames, seconds), "median": _median(frames, seconds)},
        samples_with_face_per_student_and_second={"min": _least(kept, seconds), "median": _median(kept, seconds)},
        students_with_samples=len(kept),
        frames_received_per_second=round(float(np.mean([int(one[1]) for one in seen])), 1),
        dropped_share=round(float(np.mean([int(one[3]) for one in seen])) / 100, 4),
        ms_per_frame=spread((int(one[4]) for one in seen if one[4]), 1),
        server_cores=round(cores, 3),
    )


def _busy_s(process: psutil.Process) -> float:
    times = process.cpu_times()
    return float(times.user + times.system)


def _kept(on: Stage, begin: int, end: int) -> tuple[dict[str, int], dict[str, int]]:
    """Of each student: frames that were read, and seconds with a face that were kept."""
    frames: dict[str, int] = defaultdict(int)
    kept: dict[str, int] = defaultdict(int)
    for row in database.samples(on.server):
        if begin <= row["second"] < end:
            frames[row["student"]] += row["frames"]
            kept[row["student"]] += row["faces"] > 0
    return frames, kept


def _least(counts: dict[str, int], seconds: int) -> float:
    return round(min(counts.values(), default=0) / seconds, 3)


def _median(counts: dict[str, int], seconds: int) -> float:
    return round(float(np.median(list(counts.values()) or [0])) / seconds, 3)
