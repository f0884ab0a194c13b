"""A copy of the database in one file, and the way back, both while a lesson runs. For SQLite: PostgreSQL has its own.

A restore changes rows in one transaction of the database that is there: it is done, or it is not, and other processes
see the one or the other. Lessons that are running stay as they are; so do the audit log and the tombstones, for which
reason nothing that was deleted comes back.
"""

from __future__ import annotations

import os
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from monitor.errors import BackupError, StoreError
from monitor.store.engine import known_versions, migrate, open_engine
from monitor.store.forgetting import Forgetting
from monitor.store.lessons import Lessons
from monitor.store.replacing import replace_rows
from monitor.store.retention import Retention

HEADER = b"SQLite format 3\x00"
PATIENCE_S = 30.0
LEFTOVER, LEFTOVER_AFTER_S = ".restore-", 3600


@dataclass(frozen=True, slots=True)
class Contents:
    """Of a backup: how many lessons, and when the last of them began, None without one."""

    lessons: int
    newest: str | None


@dataclass(frozen=True, slots=True)
class Backup:
    engine: Engine

    def write(self, target: Path, replace: bool = False) -> int:
        """Writes what is committed now, without what was deleted, and looks whether it can be read; gives its bytes.

        The file is there whole or not at all. Raises BackupError.
        """
        self._refuse_postgresql()
        if target.exists() and not replace:
            raise BackupError(f"{target} is there already; name another file, or say --replace.")
        part = target.with_name(f"{target.name}.part")
        try:
            part.unlink(missing_ok=True)
            # Made before anything is in it, for the owner alone.
            part.touch(mode=0o600)
            self._copy(part)
            _check(part)
            os.replace(part, target)
            return target.stat().st_size
        except (OSError, sqlite3.Error) as error:
            raise BackupError(f"{target} cannot be written: {error}.") from error
        finally:
            part.unlink(missing_ok=True)

    def _copy(self, part: Path) -> None:
        """SQLite's VACUUM INTO: one moment of the database, which others go on writing, and no free page of it."""
        with closing(_connect(self._file)) as source:
            source.execute("VACUUM INTO ?", (str(part),))

    def contents(self, source: Path) -> Contents:
        """Raises BackupError for a file that is no backup of a classroom, or one of a newer version."""
        self._refuse_postgresql()
        try:
            with source.open("rb") as file:
                if file.read(len(HEADER)) != HEADER:
                    raise BackupError(f"{source} is no database of SQLite, as `backup` writes it.")
            _check(source)
            return _contents(source)
        except (OSError, sqlite3.Error) as error:
            raise BackupError(f"{source} cannot be read as a backup: {error}.") from error

    def restore(self, source: Path, now: datetime, keep_days: int) -> int:
        """The state of the backup, but for running lessons; gives how many lessons there are then. What was deleted in
        the meantime, or has been kept for its time, is not among them. Raises BackupError, and then nothing changed."""
        self.contents(source)
        try:
            with self._prepared(source, now, keep_days) as prepared, closing(_connect(self._file)) as connection:
                return replace_rows(connection, prepared)
        except (OSError, sqlite3.Error) as error:
            raise BackupError(f"{source} was not restored, and nothing was changed: {error}.") from error

    def clear_leftovers(self, now: datetime) -> None:
        """Takes away what a restore that was killed more than an hour ago left beside the database."""
        name = self.engine.url.database
        if self.engine.dialect.name != "sqlite" or not name or name == ":memory:":
            return
        for folder in Path(name).parent.glob(f"{LEFTOVER}*"):
            with suppress(OSError):
                if now.timestamp() - folder.stat().st_mtime > LEFTOVER_AFTER_S:
                    shutil.rmtree(folder)

    @contextmanager
    def _prepared(self, source: Path, now: datetime, keep_days: int) -> Iterator[Path]:
        """A copy of the backup with today's tables, without the deleted and the old."""
        with tempfile.TemporaryDirectory(prefix=LEFTOVER, dir=self._file.parent) as folder:
            copy = Path(folder) / "backup.db"
            shutil.copyfile(source, copy)
            engine = open_engine(f"sqlite:///{copy}")
            try:
                migrate(engine)
                _end_all(Lessons(engine))
                self._tell_tombstones(copy)
                Forgetting(engine).again()
                Retention(engine).purge(now, keep_days)
            except StoreError as error:
                raise BackupError(f"{source} cannot be brought up to date: {error}") from error
            finally:
                engine.dispose()
            yield copy

    def _tell_tombstones(self, copy: Path) -> None:
        with closing(_connect(self._file)) as connection:
            connection.execute("ATTACH ? AS old", (str(copy),))
            connection.execute("INSERT OR REPLACE INTO old.tombstones SELECT * FROM main.tombstones")

    @property
    def _file(self) -> Path:
        name = self.engine.url.database
        if not name or name == ":memory:":
            raise BackupError("A database that lives in memory has no backup.")
        return Path(name)

    def _refuse_postgresql(self) -> None:
        if self.engine.dialect.name != "sqlite":
            raise BackupError(
                "PostgreSQL is backed up and restored by its own pg_dump and pg_restore. Before a restore, write down "
                "what was deleted with `python -m monitor purge --remember FILE`; after it, `python -m monitor purge "
                "--deleted FILE` deletes that again."
            )


def _end_all(lessons: Lessons) -> None:
    """What ran when the backup was made does not run now."""
    for lesson in lessons.running():
        lessons.end(lesson.id, lessons.last_sample_at(lesson.id) or lesson.started_at)


def _connect(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, timeout=PATIENCE_S, isolation_level=None)
    for pragma in ("foreign_keys=ON", "secure_delete=ON"):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _check(file: Path) -> None:
    with closing(_connect(file)) as connection:
        (said,) = connection.execute("PRAGMA integrity_check(1)").fetchone()
        loose = connection.execute("PRAGMA foreign_key_check").fetchone()
    if said != "ok" or loose is not None:
        raise BackupError(f"{file} is damaged: {said if said != 'ok' else f'{loose[0]} without its {loose[2]}'}.")


def _contents(file: Path) -> Contents:
    with closing(_connect(file)) as connection:
        tables = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
        if not {"alembic_version", "lessons", "students", "samples"} <= tables:
            raise BackupError(f"{file} is a database, but not of classroom lessons.")
        (version,) = connection.execute("SELECT version_num FROM alembic_version").fetchone() or (None,)
        if version not in known_versions():
            raise BackupError(f"{file} is of version {version!r}, which this program does not know: it is newer.")
        return Contents(*connection.execute("SELECT count(*), max(started_at) FROM lessons").fetchone())
