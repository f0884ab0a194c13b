"""A PostgreSQL of the tests' own, on a socket in a temporary folder: no port, no password, nobody else's data."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count
from pathlib import Path

from sqlalchemy import create_engine, text

from monitor.store.store import open_store
from monitor.store.tables import Base

TEMPLATE = "migrated"
# It is thrown away, so that nothing has to reach the disk.
QUICK = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=60"
# What was committed outlives the death of the server, though not that of the machine.
FAITHFUL = "-c fsync=off -c synchronous_commit=on -c max_connections=60"


def programs() -> Path | None:
    """The folder of `initdb` and `postgres`: on the path, or where Debian puts the newest."""
    found = shutil.which("initdb")
    if found:
        return Path(found).resolve().parent
    return max((file.parent for file in Path("/usr/lib/postgresql").glob("*/bin/initdb")), default=None)


@dataclass
class Postgres:
    """A running server; `url()` names a new database with our tables in it, `stop` and `start` are a restart."""

    programs: Path
    folder: Path
    user: str
    options: str = QUICK
    _numbers: Iterator[int] = field(default_factory=count)

    def start(self) -> None:
        options = f"-k {self.folder} -c listen_addresses='' {self.options}"
        self._run("pg_ctl", "-D", str(self.data), "-l", str(self.folder / "log"), "-w", "-o", options, "start")

    def stop(self, mode: str = "fast") -> None:
        """`mode`: "immediate" is what a power cut is to it."""
        self._run("pg_ctl", "-D", str(self.data), "-w", "-m", mode, "stop")

    def pause(self) -> None:
        """All its processes stand still, as on a machine that has no time for them."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        self._signal(signal.SIGCONT)

    def url(self, tablespace: str = "pg_default") -> str:
        name = f"class{next(self._numbers)}"
        self.say(f"CREATE DATABASE {name} TEMPLATE {self._migrated} TABLESPACE {tablespace}")
        return self.address(name)

    def empty(self, url: str) -> None:
        """As if newly made, in a tenth of the time: no rows, and numbers from 1 again."""
        engine = create_engine(url)
        with engine.begin() as connection:
            # The audit log's own triggers refuse it otherwise.
            connection.execute(text("SET LOCAL session_replication_role = replica"))
            tables = ", ".join(table.name for table in Base.metadata.sorted_tables)
            connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))
        engine.dispose()

    def say(self, statement: str) -> None:
        """Carries it out as the server's administrator."""
        engine = create_engine(self.address("postgres"), isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.execute(text(statement))
        engine.dispose()

    @property
    def data(self) -> Path:
        return self.folder / "data"

    @cached_property
    def _migrated(self) -> str:
        self.say(f"CREATE DATABASE {TEMPLATE}")
        open_store(self.address(TEMPLATE)).close()
        return TEMPLATE

    def address(self, database: str) -> str:
        return f"postgresql+psycopg://{self.user}@/{database}?host={self.folder}"

    def _signal(self, number: signal.Signals) -> None:
        first = int((self.data / "postmaster.pid").read_text().splitlines()[0])
        for child in Path(f"/proc/{first}/task/{first}/children").read_text().split():
            os.kill(int(child), number)
        os.kill(first, number)

    def _run(self, program: str, *arguments: str) -> None:
        # PostgreSQL refuses to be run by root.
        done = subprocess.run(
            [str(self.programs / program), *arguments],
            user=self.user if os.geteuid() == 0 else None,
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE if program == "initdb" else subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            check=False,
            timeout=120,
        )
        if done.returncode:
            log = self.folder / "log"
            told = log.read_text() if log.exists() else (done.stdout or b"").decode()
            raise RuntimeError(f"{program} ended with {done.returncode}: {told}")


@contextmanager
def running(where: Path, options: str = QUICK) -> Iterator[Postgres]:
    """`where`: the folder of its programs."""
    user = "postgres" if os.geteuid() == 0 else pwd.getpwuid(os.geteuid()).pw_name
    # Not pytest's folder, which only its own user may enter.
    with tempfile.TemporaryDirectory(prefix="pg", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        shutil.chown(folder, user)
        server = Postgres(where, folder, user, options)
        server._run("initdb", "-D", str(server.data), "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "-U", user, "-N")
        server.start()
        try:
            yield server
        finally:
            server.stop("immediate")
