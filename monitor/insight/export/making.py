"""Makes a workbook in a process of its own: `python -m monitor.insight.export.making`, started by `apart`.

A long lesson's takes seconds of processor time, which a server has not to spare while it watches a class. On stdin
comes `Wanted`, pickled by that server. On stdout go messages: a letter, the length of what follows (8 bytes, little
endian), and S(hare), a double, or E(nd), the file. The process may write to no file.
"""

from __future__ import annotations

import os
import pickle
import signal
import struct
import sys
from contextlib import suppress
from dataclasses import dataclass
from datetime import tzinfo

from monitor.insight.report import Report
from monitor.insight.timeline import Timeline
from monitor.words import speak

HEAD = struct.Struct("<cQ")
SHARE = struct.Struct("<d")


@dataclass(frozen=True, eq=False)
class Wanted:
    found: Report
    timeline: Timeline
    zone: tzinfo
    language: str


def main() -> None:
    from monitor.insight.export.xlsx import to_xlsx  # not by the server, which reads this file for its messages

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the server; then this process is ended
    wanted: Wanted = pickle.load(sys.stdin.buffer)
    _bound()
    speak(wanted.language)
    with suppress(BrokenPipeError):
        content = to_xlsx(wanted.found, wanted.timeline, wanted.zone, lambda share: send(b"S", SHARE.pack(share)))
        send(b"E", content)


def send(kind: bytes, content: bytes) -> None:
    sys.stdout.buffer.write(HEAD.pack(kind, len(content)) + content)
    sys.stdout.buffer.flush()


def _bound() -> None:
    if hasattr(os, "nice"):
        os.nice(10)
    try:
        import resource
    except ImportError:  # Windows
        return
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


if __name__ == "__main__":
    main()
