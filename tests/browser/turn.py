"""The coturn of deploy/ as a process of the tests."""

from __future__ import annotations

import secrets
import shutil
import socket
import subprocess
from pathlib import Path
from types import TracebackType

from tests.browser.proxy import certify, rendered
from tests.browser.server import free_port
from tests.missing import missing
from tests.waiting import wait_until


class Turn:
    """Relays at `address` to `peer` and to nobody else. Use it as a context manager."""

    def __init__(self, folder: Path, address: str, peer: str) -> None:
        self.folder, self.address, self.port, self.tls_port = folder, address, free_port(), free_port()
        self.secret = secrets.token_hex(16)
        self.urls = [f"turn:{address}:{self.port}?transport=udp"]
        self._process: subprocess.Popen[bytes] | None = None
        certify(folder, address)
        changes = {
            "\nlistening-port=3478": f"\nlistening-port={self.port}",
            "tls-listening-port=5349": f"tls-listening-port={self.tls_port}",
            "# static-auth-secret=": f"static-auth-secret={self.secret}",
            "allowed-peer-ip=192.0.2.10": f"allowed-peer-ip={peer}",
            "/etc/ssl/classroom/": f"{folder}/",
            "log-file=stdout": f"log-file={folder}/turn.log",
        }
        (folder / "turnserver.conf").write_text(rendered("turnserver.conf", changes))

    @property
    def log(self) -> str:
        return (self.folder / "turn.log").read_text()

    def __enter__(self) -> Turn:
        program = shutil.which("turnserver")
        if program is None:
            missing("no coturn was found; on Debian `apt-get install coturn`")
        own = ("--userdb", "turndb", "--pidfile", "turn.pid", "-L", self.address, "-E", self.address)
        command = [program, "-c", str(self.folder / "turnserver.conf"), *own]
        quiet = subprocess.DEVNULL
        self._process = subprocess.Popen(command, cwd=self.folder, stdin=quiet, stdout=quiet, stderr=quiet)
        wait_until(self._answers, 10)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process is not None:
            self._process.terminate()
            self._process.wait(10)

    def _answers(self) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(f"coturn ended with {self._process.returncode}:\n{self.log}")
        try:
            socket.create_connection((self.address, self.port), 1).close()
        except OSError:
            return False
        return True
