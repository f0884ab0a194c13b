"""The dashboard as a process of its own, on a free port, with a database of its own."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from app.signed_in import COOKIE
from monitor.people.passwords import Hasher
from monitor.people.purpose import Purpose, Statement
from monitor.people.setting_up import set_up
from monitor.store.seen import seen_by
from monitor.store.store import Store, open_store

ROOT = Path(__file__).resolve().parents[2]
PATIENCE_S = 90.0


class Server:
    """Can be stopped, killed and started again on the same database and port. Use it as a context manager.

    Somebody has set it up already, whose session `cookie` is.
    """

    def __init__(
        self, folder: Path, *, new: bool = False, database_url: str = "", listens: str = "", **settings: str
    ) -> None:
        """`settings`: of monitor/settings.py, such as `camera_fps="5"`; `new`: nobody has set it up; `listens`: at this
        address only.

        `address` is where people find it: a proxy before it puts its own there.
        """
        self.listens = listens
        self.log = folder / "server.log"
        self.database_url = database_url or f"sqlite:///{folder / 'lesson.db'}"
        self.port = free_port()
        self.inside = self.address = f"http://localhost:{self.port}"
        self.session = "" if new else set_up_by_the_teacher(self.database_url)
        self._environment = {f"CLASSROOM_{name.upper()}": value for name, value in settings.items()}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        if self._process is None:
            raise RuntimeError("the server is not running")
        return self._process.pid

    @property
    def cookie(self) -> Any:
        """As Playwright takes it: `context.add_cookies([server.cookie])`."""
        return {"name": COOKIE, "value": self.session, "url": self.address, "httpOnly": True, "sameSite": "Strict"}

    def store(self) -> Store:
        """Opened, as the teacher's: what is put there is the teacher's own. Close it."""
        whole = open_store(self.database_url)
        return seen_by(whole, whole.accounts.named("teacher"))

    def start(self) -> None:
        """Returns when the server answers. Raises RuntimeError with the end of its log when it does not."""
        command = [sys.executable, "-m", "streamlit", "run", "app/main.py", "--server.port", str(self.port)]
        options = {"server.headless": "true", "server.fileWatcherType": "none", "browser.gatherUsageStats": "false"}
        if self.listens:
            options["server.address"] = self.listens
        for name, value in options.items():
            command += [f"--{name}", value]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(command, cwd=ROOT, env=self._variables(), stdout=log, stderr=log)
        give_up = time.monotonic() + PATIENCE_S
        while not self._healthy():
            if self._process.poll() is not None or time.monotonic() > give_up:
                self.stop()
                raise RuntimeError(f"the server does not answer at {self.inside}:\n{self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def stop(self) -> None:
        """May be called twice."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()

    def kill(self) -> None:
        """As `kill -9` does it: the server has no chance to write anything."""
        process, self._process = self._process, None
        if process is not None:
            process.kill()
            process.wait()

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _variables(self) -> dict[str, str]:
        """YuNet where the environment variable YUNET names its file; else what the settings make of it."""
        own = {"CLASSROOM_DATABASE_URL": self.database_url}
        if "YUNET" in os.environ:
            own["CLASSROOM_YUNET"] = os.environ["YUNET"]
        return {**os.environ, **own, **self._environment}

    def _healthy(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.inside}/_stcore/health", timeout=1) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False


def set_up_by_the_teacher(database_url: str) -> str:
    """Gives the secret of the administrator's session."""
    store = open_store(database_url)
    stated = Statement(Purpose.SIMULATION, "Actors in room 12", "teacher", datetime.now(UTC))
    session = set_up(store, Hasher(memory=8, rounds=1), "teacher", "four words in a row", stated)
    store.close()
    return session


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
