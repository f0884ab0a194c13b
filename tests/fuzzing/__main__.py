"""`python -m tests.fuzzing --minutes 10 [READER …]`: gives readers what nobody would write, until the time is over.

Each reader gives a line of JSON: how many examples in how many seconds, and whether one failed. A failure is told on
stderr with the smallest example that hypothesis finds; a reader that hangs ends the program with its stack. The exit
code is 1 when there was one. `card` and `onnx` are the two files of a network's weights.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import random
import sys
import time
import traceback
from datetime import timedelta

from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.fuzzing.readers import READERS, Reader

HANGS_AFTER_S = 120
BATCH, SLOW_BATCH = 300, 15


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzzing", description=__doc__)
    parser.add_argument("readers", nargs="*", metavar="READER", help=", ".join(READERS))
    parser.add_argument("--minutes", type=float, default=10.0, help="for each reader (10)")
    chosen = parser.parse_args()
    found = [fuzz(READERS[name], 60 * chosen.minutes) for name in chosen.readers or READERS]
    return int(any(found))


def fuzz(reader: Reader, seconds: float) -> bool:
    """Whether it failed."""
    tried, failed, began = 0, False, time.monotonic()

    def read(example: object) -> None:
        nonlocal tried
        tried += 1
        # A reader that hangs ends this program, with its stack.
        faulthandler.dump_traceback_later(HANGS_AFTER_S, exit=True)
        reader.read(example)
        faulthandler.cancel_dump_traceback_later()

    while not failed and (left := seconds - (time.monotonic() - began)) > 0:
        batch = max(10, min(SLOW_BATCH if reader.slow else BATCH, round(50 * left)))
        failed = not _holds(reader, read, batch)
    told = {"reader": reader.name, "examples": tried, "seconds": round(time.monotonic() - began), "failed": failed}
    print(json.dumps(told), flush=True)
    return failed


def _holds(reader: Reader, read: object, examples: int) -> bool:
    rules = settings(
        max_examples=examples,
        deadline=timedelta(seconds=30),
        database=None,
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    try:
        seed(random.getrandbits(64))(rules(given(reader.given())(read)))()  # type: ignore[arg-type]
    except Exception:  # noqa: BLE001 - whatever a reader raises is what is looked for
        traceback.print_exc()
        return False
    return True


if __name__ == "__main__":
    faulthandler.enable()
    sys.exit(main())
