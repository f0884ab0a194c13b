"""Makes faults for real, as long as one likes: `python -m tests.faults kill --times 50`. Each prints one line of JSON.

What is expected of each stands in docs/faults.md; the exit code is 1 where it was not so.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from playwright.sync_api import sync_playwright

from monitor.vision.classification import open_classifier
from tests.browser.install import find_chromium
from tests.faults import bad_network
from tests.faults.bad_network import far
from tests.faults.clock import library, set_back
from tests.faults.feeding import suffer
from tests.faults.full_disk import SQLITE_MB, full, small_disk
from tests.faults.joins import join_many
from tests.faults.kill import MOST_MISSING_S, kill_at_random
from tests.faults.kill_server import kill_dashboard
from tests.faults.of_postgres import FAULTS, befall
from tests.faults.wire import why_not
from tests.postgres import FAITHFUL, Postgres, programs, running

Wanted = argparse.Namespace
Figures = dict[str, Any]
Maker = Callable[[Wanted], tuple[Figures, bool]]


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__)
    faults = parser.add_subparsers(dest="fault", required=True)
    kill = _fault(faults, "kill", _kill, "kill -9 of a server at random moments")
    kill.add_argument("--times", type=int, default=50)
    kill.add_argument("--seed", type=int, default=0)
    kill.add_argument("--postgres", action="store_true", help="instead of SQLite")
    kill.add_argument("--dashboard", action="store_true", help="the whole of it, with WebRTC senders; ten seconds each")
    postgres = _fault(faults, "postgres", _postgres, "a PostgreSQL in trouble")
    postgres.add_argument("trouble", choices=FAULTS)
    postgres.add_argument("--seconds", type=float, default=30.0)
    disk = _fault(faults, "disk", _disk, "no room left on the disk of SQLite")
    disk.add_argument("--seconds", type=float, default=30.0)
    clock = _fault(faults, "clock", _clock, "the clock is set back, by libfaketime")
    clock.add_argument("--hours", type=float, default=1.0)
    clock.add_argument("--seconds", type=float, default=60.0, help="measured before it, and after it")
    network = _fault(faults, "network", _network, "10 % loss and 300 ms each way, then a gap, then another address")
    network.add_argument("--seconds", type=float, default=60.0, help="of loss and delay")
    network.add_argument("--gap", type=float, default=20.0, help="seconds in which nothing passes")
    joins = _fault(faults, "joins", _joins, "many students join at once")
    joins.add_argument("--count", type=int, default=1000)
    joins.add_argument("--seconds", type=float, default=60.0)
    joins.add_argument("--postgres", action="store_true", help="instead of SQLite")
    wanted = parser.parse_args()
    figures, as_wanted = wanted.make(wanted)
    print(json.dumps({"fault": wanted.fault, **figures, "as_wanted": as_wanted}))
    return 0 if as_wanted else 1


def _fault(faults: Any, name: str, make: Maker, told: str) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = faults.add_parser(name, help=told)
    parser.set_defaults(make=make)
    return parser


def _kill(wanted: Wanted) -> tuple[Figures, bool]:
    if wanted.dashboard:
        with tempfile.TemporaryDirectory() as folder:
            found = kill_dashboard(Path(folder), wanted.times, wanted.seed)
    else:
        with _database(wanted.postgres) as url:
            found = kill_at_random(url, "default", wanted.times, wanted.seed)
    nothing = (found.lost, found.double, found.invented) == (0, 0, 0)
    return asdict(found), nothing and found.resumed == found.kills and found.missing_s <= MOST_MISSING_S


def _postgres(wanted: Wanted) -> tuple[Figures, bool]:
    with _server() as server:
        found = befall(server, wanted.trouble, wanted.seconds)
    return {"trouble": wanted.trouble, **asdict(found)}, (found.lost, found.double) == (0, 0)


def _disk(wanted: Wanted) -> tuple[Figures, bool]:
    with small_disk(SQLITE_MB) as disk:
        found = suffer(f"sqlite:///{disk / 'class.db'}", lambda: full(disk), wanted.seconds)
    return asdict(found), (found.lost, found.double) == (0, 0)


def _clock(wanted: Wanted) -> tuple[Figures, bool]:
    if library() is None:
        sys.exit("no libfaketime was found; on Debian `apt-get install libfaketime`")
    with tempfile.TemporaryDirectory() as folder:
        found = set_back(Path(folder), "default", wanted.hours, wanted.seconds)
    return asdict(found), found.kept == found.stored and found.gap_s <= 2 and found.at_last == "lost"


def _network(wanted: Wanted) -> tuple[Figures, bool]:
    chromium = find_chromium()
    if reason := why_not() or ("" if chromium else "no Chromium was found; see `python -m tests.browser.install`"):
        sys.exit(reason)
    assert chromium is not None
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        Path(folder).chmod(0o755)
        with far(playwright, chromium, Path(folder)) as student:
            lost, share = bad_network.worsen(student, wanted.seconds)
            after_gap = bad_network.cut(student, wanted.gap)
            after_move = bad_network.move(student, 3)
    found = {"packets_lost": lost, "share": share, "after_gap_s": after_gap, "after_move_s": after_move}
    return found, share >= 0.8 and after_gap < 30 and after_move < 40


def _joins(wanted: Wanted) -> tuple[Figures, bool]:
    with _database(wanted.postgres) as url:
        found = join_many(url, open_classifier("default"), wanted.count, wanted.seconds)
    return asdict(found), found.joined == found.seats == wanted.count and (found.lost, found.double) == (0, 0)


@contextmanager
def _server() -> Iterator[Postgres]:
    where = programs()
    if where is None:
        sys.exit("no PostgreSQL was found; on Debian `apt-get install postgresql`")
    with running(where, FAITHFUL) as server:
        yield server


@contextmanager
def _database(postgres: bool) -> Iterator[str]:
    """The address of a new one."""
    with ExitStack() as kept:
        if postgres:
            yield kept.enter_context(_server()).url()
        else:
            folder = Path(kept.enter_context(tempfile.TemporaryDirectory()))
            yield f"sqlite:///{folder / 'class.db'}"


if __name__ == "__main__":
    sys.exit(main())
