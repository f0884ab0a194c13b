"""A workbook that is made by a process of its own, see `making`: how far it is, and a way to cancel it."""

from __future__ import annotations

import pickle
import subprocess
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress
from datetime import tzinfo
from pathlib import Path
from typing import IO

from monitor.errors import ExportError
from monitor.insight.export.making import HEAD, SHARE, Wanted
from monitor.insight.report import Report
from monitor.insight.timeline import Timeline
from monitor.words import _, language

ROOT = Path(__file__).resolve().parents[3]
MAKER = (sys.executable, "-m", "monitor.insight.export.making")


class Making:
    """Begins when it is made, in the language that is spoken then. Safe from any thread."""

    def __init__(self, found: Report, timeline: Timeline, zone: tzinfo, maker: Sequence[str] = MAKER) -> None:
        wanted = pickle.dumps(Wanted(found, timeline, zone, language()))
        self._share, self._content = 0.0, b""
        self._over = threading.Event()
        self._process = subprocess.Popen(
            maker, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT
        )
        threading.Thread(target=self._run, args=(wanted,), name="workbook", daemon=True).start()

    @property
    def share(self) -> float:
        """Of the rows that are written, 0 … 1."""
        return self._share

    @property
    def over(self) -> bool:
        """Made, cancelled or broken."""
        return self._over.is_set()

    def content(self) -> bytes:
        """The file; waits until it is there. Raises ExportError when it was cancelled, or its process died."""
        self._over.wait()
        if not self._content:
            raise ExportError(_("The workbook was not made: its process ended too early. Please try again."))
        return self._content

    def cancel(self) -> None:
        """May be called twice. Returns when the process has ended."""
        self._process.kill()
        self._over.wait()

    def _run(self, wanted: bytes) -> None:
        stdin, stdout = self._process.stdin, self._process.stdout
        assert stdin is not None
        assert stdout is not None
        try:
            with suppress(BrokenPipeError):
                stdin.write(wanted)
                stdin.close()
            self._content = self._listen(stdout)
        finally:
            self._process.kill()
            self._process.wait()
            for pipe in (stdin, stdout):
                with suppress(BrokenPipeError):
                    pipe.close()
            self._over.set()

    def _listen(self, stdout: IO[bytes]) -> bytes:
        """The file; empty where the process ends before."""
        while len(head := stdout.read(HEAD.size)) == HEAD.size:
            kind, length = HEAD.unpack(head)
            content = stdout.read(length)
            if len(content) < length:
                break
            if kind == b"E":
                return content
            (self._share,) = SHARE.unpack(content)
        return b""
