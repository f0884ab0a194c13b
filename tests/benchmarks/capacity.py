"""What 30, 1,000 and 100,000 students need, and what gives way first, by simulation.

`python -m tests.benchmarks.capacity` simulates servers at the costs that were measured (`results/*.json`), says how
well that agrees with each measured class, and prints a line of JSON; `--write` makes the tables of docs/capacity.md
anew.

A server is simulated as it works: cameras send at their own moments; one thread takes the newest frame of each camera,
reads them one after the other, waits as monitor/live/rounds.py says, and begins anew; receiving and decoding take their
part of the same cores, and where more is wanted than there is, everything takes longer.
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from monitor.live.load import FULL_ROUND_S
from monitor.live.rounds import GATHER_S, pause
from tests.benchmarks.stage import say

HERE = Path(__file__).parent
PAGE = HERE.parents[1] / "docs" / "capacity.md"
BEGIN, END = "<!-- made by python -m tests.benchmarks.capacity --write -->", "<!-- end -->"
CLASS, FPS, ENOUGH = 30, 5, 0.99
SIZES = (30, 1_000, 100_000)
POOL = 15  # connections that a server may hold, SQLAlchemy's default
POSTGRES_CONNECTIONS = 100  # its own default
PAGE_CORES = 0.035  # a chart and thirty tiles each second, measured apart; where `pages` has not said it yet
STREAM_KBIT = 250
SENT_KBIT = 8 * 60  # to a teacher's page, at most
NETWORK_KBIT = 1_000_000  # one gigabit


@dataclass(frozen=True)
class Costs:
    """Of the measured machine. `read_ms`: the thread that reads, for a frame; `receive_ms`: all other threads, for a
    frame that comes in; `row_ms`: the database, for a sample; `page`: part of a core, for a teacher's page."""

    read_ms: float
    receive_ms: float
    idle_mb: float
    student_mb: float
    rows_per_second: float
    page: float
    cores: int

    @staticmethod
    def measured(known: Mapping[str, Mapping[str, Any]]) -> Costs:
        """Raises KeyError naming the result that is not there."""
        room, store, pages = known["classroom-30"], known["store"], known["pages"]
        read = sum(room["ms_per_frame"][stage] for stage in ("faces", "emotions", "steadies"))
        received = room["accepted"] * room["fps"]
        rate = room["accepted"] * room["frames_read_per_stream_and_second"]["median"]
        rest = room["server_cores"] - rate * read / 1000
        rows = (store["postgresql"] or store["sqlite"])["samples_per_second_of_8_writers"]
        page = pages["live"].get("page_cores", PAGE_CORES)
        return Costs(
            read, max(0.5, 1000 * rest / received), room["memory_idle_mb"], room["memory_per_student_mb"],
            rows, page, room["cores"],
        )  # fmt: skip


@dataclass(frozen=True)
class Outcome:
    """Of a simulated server. `share`: seconds of students of which at least one frame was read."""

    students: int
    share: float
    read_per_second: float
    cores: float
    round_s: float


def simulate(costs: Costs, students: int, seconds: float = 30, fps: int = FPS, seed: int = 0) -> Outcome:
    chance = np.random.default_rng(seed)
    phases = chance.random(students) / fps
    receiving = students * fps * costs.receive_ms / 1000
    kept = np.zeros((students, math.ceil(seconds) + 1), np.bool_)
    taken = np.floor((0 - phases) * fps)  # the number of each camera's newest frame that was taken
    now, read, busy, rounds, slow, wait = 0.0, 0, 0.0, 0, 1.0, GATHER_S
    while now < seconds:
        now += wait
        begun = now
        newest = np.floor((now - phases) * fps)
        waiting = np.flatnonzero(newest > taken)
        taken[waiting] = newest[waiting]
        work = len(waiting) * costs.read_ms / 1000 * chance.uniform(0.95, 1.05)
        # The thread that reads wants one core while it works; all want the same cores.
        reading = work / (work + wait)
        slow = max(1.0, (receiving + reading) / costs.cores)
        arrived = phases[waiting] + newest[waiting] / fps  # a frame counts for the second in which it came
        inside = (arrived >= 0) & (arrived < seconds)
        kept[waiting[inside], arrived[inside].astype(np.int64)] = True
        now += work * slow
        wait = pause(begun, now, students)
        read, busy, rounds = read + len(waiting), busy + work, rounds + 1
    whole = math.floor(seconds) - 2  # the last seconds may still be on their way
    share = float(kept[:, 1:whole].mean()) if students else 1.0
    used = min(float(costs.cores), (busy / now) + receiving / slow)
    return Outcome(students, share, read / now / max(1, students), used, busy * slow / max(1, rounds))


def most(costs: Costs, fps: int = FPS) -> int:
    """Students whom a server lets in, and of whom it keeps enough, with a teacher's page for each class."""

    def bears(students: int) -> bool:
        found = simulate(costs, students, fps=fps)
        cores = found.cores + costs.page * math.ceil(students / CLASS)
        return found.share >= ENOUGH and found.round_s <= FULL_ROUND_S and cores <= costs.cores

    low, high = 1, 2000
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if bears(middle) else (low, middle - 1)
    return low


def needs(costs: Costs, students: int) -> dict[str, Any]:
    """Of so many students in classes of thirty, and how far each thing is used: 1 is all of it."""
    each = CLASS * max(1, most(costs) // CLASS)
    servers, lessons = math.ceil(students / each), math.ceil(students / CLASS)
    on_one = min(students, each)
    used = {
        "thread that reads": students / servers / most(costs),
        "cores of a server": simulate(costs, on_one).cores / costs.cores + costs.page * on_one / CLASS / costs.cores,
        "rows of one database": students / costs.rows_per_second,
        "connections of one database": servers * POOL / POSTGRES_CONNECTIONS if servers > 1 else 0.0,
        "one gigabit, in": students * STREAM_KBIT / NETWORK_KBIT,
        "one gigabit, out": lessons * SENT_KBIT / NETWORK_KBIT,
    }
    return {
        "students": students,
        "lessons": lessons,
        "students_per_server": each,
        "servers": servers,
        "memory_of_a_server_mb": round(costs.idle_mb + costs.student_mb * on_one),
        "databases": max(1, math.ceil(used["rows of one database"])),
        "used": {name: round(value, 2) for name, value in used.items()},
        "gives_way_first": max(used, key=lambda name: used[name]),
        "megabytes_of_samples_a_day_of_six_lessons": round(students * 6 * 45 * 60 * 40 / 1e6),
    }


def checked(costs: Costs, known: Mapping[str, Mapping[str, Any]]) -> Iterator[dict[str, Any]]:
    """Each measured class beside the simulated one."""
    for name, room in sorted(known.items()):
        if name.startswith("classroom-"):
            one = simulate(costs, room["accepted"], fps=room["fps"])
            yield {
                "measured": name,
                "students": room["accepted"],
                "share": (room["sample_share"], round(one.share, 4)),
                "read_per_stream": (room["frames_read_per_stream_and_second"]["median"], round(one.read_per_second, 2)),
                "cores": (room["server_cores"], round(one.cores, 2)),
                "load": room.get("load"),
            }


def results() -> dict[str, dict[str, Any]]:
    return {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in (HERE / "results").glob("*.json")}


def tables(costs: Costs, known: Mapping[str, Mapping[str, Any]]) -> str:
    """In Markdown: the costs, what is needed, and how well the simulation agrees."""
    wanted = [needs(costs, size) for size in SIZES]
    lines = [
        "",
        f"Costs: {costs.read_ms:.1f} ms to read a frame, {costs.receive_ms:.1f} ms to receive one, "
        f"{costs.idle_mb:.0f} MB idle and {costs.student_mb:.1f} MB a student, {costs.rows_per_second:.0f} samples a "
        f"second into one PostgreSQL, {costs.page:.2f} of a core a teacher's page, on {costs.cores} cores.",
        "",
        "| | " + " | ".join(f"{one['students']:,} students" for one in wanted) + " |",
        "| --- |" + " ---: |" * len(wanted),
    ]
    for told, key in (
        ("lessons at once", "lessons"), ("students a server", "students_per_server"), ("servers", "servers"),
        ("memory of each, MB", "memory_of_a_server_mb"), ("databases", "databases"),
        ("samples of a day of six lessons, MB", "megabytes_of_samples_a_day_of_six_lessons"),
        ("gives way first", "gives_way_first"),
    ):  # fmt: skip
        values = [f"{one[key]:,}" if isinstance(one[key], int) else str(one[key]) for one in wanted]
        lines.append(f"| {told} | " + " | ".join(values) + " |")
    lines += [f"| used: {name} | " + " | ".join(f"{one['used'][name]:.2f}" for one in wanted) + " |"
              for name in wanted[0]["used"]]  # fmt: skip
    columns = ("class", "students", "share of the samples", "frames read of each, a second", "cores", "load")
    lines += ["", "Measured → simulated:", "", "| " + " | ".join(columns) + " |", "| --- |" + " ---: |" * 5]
    for one in checked(costs, known):
        pairs = " | ".join(f"{one[key][0]:.2f} → {one[key][1]:.2f}" for key in ("share", "read_per_stream", "cores"))
        lines.append(f"| {one['measured']} | {one['students']} | {pairs} | {one['load']} |")
    return "\n".join([*lines, "", ""])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true", help="the tables of docs/capacity.md")
    wanted = parser.parse_args()
    known = results()
    costs = Costs.measured(known)
    found = [needs(costs, size) for size in SIZES]
    quicker = replace(costs, read_ms=costs.read_ms / 2)
    say(
        benchmark="capacity",
        students_per_server=most(costs),
        with_frames_read_in_half_the_time=most(quicker),
        needs=found,
        checked=list(checked(costs, known)),
    )
    if wanted.write:
        text = PAGE.read_text(encoding="utf-8")
        PAGE.write_text(text.split(BEGIN)[0] + BEGIN + "\n" + tables(costs, known) + END + text.split(END)[1])


if __name__ == "__main__":
    main()
