"""A Ray cluster of two machines on this one, each with an address of the loopback network, started by the command that
a school uses. Killed with SIGKILL, all processes of a machine at once, as when its power goes."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from types import TracebackType

import psutil

from monitor.live.video import ROOT

FIRST, SECOND = "127.0.0.2", "127.0.0.3"
SECRET = "0123456789abcdef0123456789abcdef"


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket() as one:
        one.bind((host, 0))
        return int(one.getsockname()[1])


class TwoMachines:
    def __init__(self, network: str) -> None:
        # A socket's path may have 107 bytes, and Ray's own are long.
        self.folder = Path(tempfile.mkdtemp(prefix="ray", dir="/tmp"))
        self._kept = tempfile.TemporaryDirectory()  # beside Ray's own, in which no name may be found
        self.address = f"{FIRST}:{free_port(FIRST)}"
        self.port, self._client_port = free_port(), free_port()
        self.scoring = f"http://127.0.0.1:{self.port}"
        self.database = f"sqlite:///{Path(self._kept.name) / 'class.db'}"
        self._env = {
            "CLASSROOM_DATABASE_URL": self.database,
            **os.environ,
            "CLASSROOM_NETWORK": network,
            "CLASSROOM_DETECTOR": "haar",
            "RAY_TMPDIR": str(self.folder),
            "RAY_AUTH_TOKEN": SECRET,
        }
        self._machines: dict[str, subprocess.Popen[bytes]] = {}

    def start_first(self, least: int) -> None:
        at = ("--head", self.address, "--client-port", str(self._client_port), "--port", str(self.port))
        self._start(FIRST, *at, "--least", str(least), "--most", "2", "--per-machine", "1")

    def start_second(self) -> None:
        self._start(SECOND, "--join", self.address, "--ip", SECOND)

    def command(self, *words: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
        """Of ours, by somebody at the first machine."""
        command = [sys.executable, "-m", *words]
        env = {**self._env, "PYTHONPATH": str(ROOT)}
        return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=300, check=False)

    def processes(self, ip: str) -> list[psutil.Process]:
        try:
            first = psutil.Process(self._machines[ip].pid)
            return [first, *first.children(recursive=True)]
        except psutil.NoSuchProcess:
            return []

    def names(self, ip: str) -> list[str]:
        """Of the processes that run at this moment."""
        found = []
        for process in self.processes(ip):
            with contextlib.suppress(psutil.NoSuchProcess):
                found.append(process.name())
        return found

    def kill(self, ip: str) -> None:
        for process in self.processes(ip):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self._machines[ip].wait()

    def __enter__(self) -> TwoMachines:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for ip in self._machines:
            self.kill(ip)
        self._kept.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _start(self, ip: str, *words: str) -> None:
        command = [sys.executable, "-m", "monitor", "serve-scoring", *words, "--processors", "2"]
        said = (self.folder / f"{ip}.txt").open("ab")
        self._machines[ip] = subprocess.Popen(command, cwd=ROOT, env=self._env, stdout=said, stderr=said)
