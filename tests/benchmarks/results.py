"""Collects the figures of benchmarks: `python -m tests.benchmarks.results NAME COMMAND…` runs one and keeps its line,
without arguments the table in README.md and the plot are made anew of all that are kept.

A result is `results/NAME.json`: the line of JSON, with the day and the machine. The plot is drawn here, as SVG.
"""

from __future__ import annotations

import json
import os
import platform
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
RESULTS, README, PLOT = HERE / "results", HERE / "README.md", HERE / "results" / "against_wanted.svg"
BEGIN, END = "<!-- made by python -m tests.benchmarks.results -->", "<!-- end -->"
ROW, WIDTH, LEFT = 22, 760, 390


@dataclass(frozen=True)
class Figure:
    """A number of a result, by its path in the JSON, and what is wanted of it: at most, or at least."""

    result: str
    path: str
    told: str
    wanted: float
    at_most: bool = True
    digits: int = 2

    def of(self, result: dict[str, Any]) -> float | None:
        value: Any = result
        for part in self.path.split("."):
            value = value.get(part) if isinstance(value, dict) else None
        return float(value) if isinstance(value, int | float) else None

    def reached(self, value: float) -> bool:
        return value <= self.wanted if self.at_most else value >= self.wanted


FIGURES = (
    Figure("classroom-30", "accepted", "30 students: how many are let in", 30, False, 0),
    Figure("classroom-30", "sample_share", "30 students: share of the samples", 0.99, False, 4),
    Figure("classroom-30", "wrong", "30 students: wrong samples", 0, True, 0),
    Figure("classroom-30", "server_cores", "30 students: cores of the server", 0.8),
    Figure("classroom-30", "frame_to_stored_s.p95", "30 students: frame to stored sample, s, p95", 1.3),
    Figure("latency", "seconds.p95", "frame to seen on the teacher's page, s, p95", 2.5),
    Figure("classroom-60", "accepted", "60 students: how many are let in", 60, False, 0),
    Figure("classroom-60", "sample_share", "60 students: share of the samples", 0.99, False, 4),
    Figure("classroom-60", "server_cores", "60 students: cores of the server", 1.6),
    Figure("classroom-100", "sample_share", "100 want in: share of the samples of who is in", 0.99, False, 4),
    Figure("pipeline", "whole.processor_ms", "a frame 640 wide with one face, processor ms (a quarter of 34)", 8.5),
    Figure("pipeline", "whole_of_fer_keras", "the same, part of what fer takes beside it", 0.25),
    Figure("pages", "server_start_to_first_page_s", "start of the server to the first page, s", 5),
    Figure("classroom-30", "memory_idle_mb", "memory of the idle server, MB", 350, True, 0),
    Figure("classroom-30", "memory_per_student_mb", "memory for each student, MB", 4),
    Figure("pages", "live.rerun_ms.p95", "live page, 30 students: rerun, ms, p95", 150, True, 0),
    Figure("pages", "live.kilobytes_per_second", "live page, 30 students: kB/s to the browser", 60, True, 1),
    Figure("store", "sqlite.samples_per_second", "SQLite: samples a second", 1000, False, 0),
    Figure("store", "postgresql.samples_per_second_of_8_writers", "PostgreSQL, 8 writers: samples/s", 1000, False, 0),
    Figure("soak", "memory_growth", "soak: growth of the memory", 0.03, True, 4),
)


def main(arguments: list[str]) -> None:
    if arguments:
        keep(arguments[0], arguments[1:])
    known = {file.stem: json.loads(file.read_text(encoding="utf-8")) for file in sorted(RESULTS.glob("*.json"))}
    PLOT.write_text(plot(known), encoding="utf-8")
    text = README.read_text(encoding="utf-8")
    before, after = text.split(BEGIN)[0], text.split(END)[1]
    README.write_text(before + BEGIN + "\n" + table(known) + END + after, encoding="utf-8")


def keep(name: str, command: list[str]) -> None:
    """Runs a module of this folder, such as `classroom --students 30`, and keeps the line that it prints."""
    ran = subprocess.run(
        [sys.executable, "-m", f"tests.benchmarks.{command[0]}", *command[1:]], stdout=subprocess.PIPE, check=True
    )
    said = json.loads(ran.stdout.decode().strip().splitlines()[-1])
    machine = {"processor": _processor(), "cores": os.cpu_count(), "python": platform.python_version()}
    # Where a program lies on this machine is nobody's business.
    written = " ".join("PYTHON" if Path(part).is_absolute() else part for part in command)
    own = {"day": f"{datetime.now(UTC):%Y-%m-%d}", "command": written, "machine": machine}
    RESULTS.mkdir(exist_ok=True)
    told = json.dumps({**own, **said}, indent=1, ensure_ascii=False)
    (RESULTS / f"{name}.json").write_text(told + "\n", encoding="utf-8")


def table(known: dict[str, dict[str, Any]]) -> str:
    lines = ["", "| what | measured | wanted | | command, day, load when it ended |", "| --- | --- | --- | --- | --- |"]
    for figure, value in _found(known):
        result = known[figure.result]
        sign = "≤" if figure.at_most else "≥"
        mark = "reached" if figure.reached(value) else "**missed**"
        load = f", load {result['load']}" if "load" in result else ""
        told = f"`{result['command']}`, {result['day']}{load}"
        lines.append(f"| {figure.told} | {value:.{figure.digits}f} | {sign} {figure.wanted:g} | {mark} | {told} |")
    return "\n".join([*lines, "", "![Each figure as a part of what is wanted](results/against_wanted.svg)", "", ""])


def plot(known: dict[str, dict[str, Any]]) -> str:
    """A bar for each figure: how much of what is allowed it takes, the line being all of it."""
    found = list(_found(known))
    height, scale = ROW * (len(found) + 2), (WIDTH - LEFT - 60) / 2
    drawn = [f'<line x1="{LEFT + scale}" x2="{LEFT + scale}" y1="4" y2="{height - 20}" stroke="#888"/>']
    for place, (figure, value) in enumerate(found):
        part, y = min(2.0, _part(figure, value)), ROW * place + 6
        colour = "#1f6f8b" if figure.reached(value) else "#b5533c"
        drawn.append(f'<text x="{LEFT - 8}" y="{y + 12}" text-anchor="end">{escape(figure.told)}</text>')
        drawn.append(f'<rect x="{LEFT}" y="{y}" width="{max(1.0, part * scale):.1f}" height="15" fill="{colour}"/>')
        drawn.append(f'<text x="{LEFT + part * scale + 6:.1f}" y="{y + 12}">{value:.{figure.digits}f}</text>')
    legend = "the line: as much as is wanted; to the left of it is better; red misses it"
    drawn.append(f'<text x="{LEFT}" y="{height - 6}" fill="#777">{legend}</text>')
    style = "<style>text{font:12px system-ui,sans-serif;fill:#777}</style>"
    size = f'width="{WIDTH}" height="{height}" viewBox="0 0 {WIDTH} {height}"'
    opened = f'<svg xmlns="http://www.w3.org/2000/svg" {size}>'
    return "\n".join([opened, style, *drawn, "</svg>", ""])


def _found(known: dict[str, dict[str, Any]]) -> Iterator[tuple[Figure, float]]:
    for figure in FIGURES:
        value = figure.of(known.get(figure.result, {}))
        if value is not None:
            yield figure, value


def _part(figure: Figure, value: float) -> float:
    """1 is just what is wanted, less is better."""
    one, other = (value, figure.wanted) if figure.at_most else (figure.wanted, value)
    return one / other if other else 2.0 * (one > 0)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return platform.processor()
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    main(sys.argv[1:])
