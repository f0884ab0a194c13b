"""The rows of one database become those of another, in one transaction of SQLite's."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Table

from monitor.store.tables import Base
from monitor.store.trust_tables import AuditRow, TombstoneRow

# What happened, happened: no restore undoes it.
LASTING = (AuditRow.__tablename__, TombstoneRow.__tablename__)
WITH_UID = ("classes", "members", "lessons", "students")
RUNNING = "SELECT id FROM temp.running"
DELETED = "SELECT uid FROM main.tombstones WHERE merged_into IS NULL"


def replace_rows(connection: sqlite3.Connection, other: Path) -> int:
    """Of a connection without a transaction; gives how many lessons there are then. All of it, or an sqlite3.Error."""
    connection.execute("ATTACH ? AS old", (str(other),))
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        _remember(connection)
        for table in reversed(_tables()):
            connection.execute(f"DELETE FROM main.{table.name} WHERE {_is_replaced(table)}")
        for table in _tables():
            columns = ", ".join(f'"{column.name}"' for column in table.columns)
            fresh = f"SELECT {columns} FROM old.{table.name} AS replaced WHERE {_is_replaced(table, 'old')}"
            connection.execute(f"INSERT INTO main.{table.name} ({columns}) {fresh}")
        _relink(connection)
        _bury(connection)
        _continue_audit(connection)
        (lessons,) = connection.execute("SELECT count(*) FROM main.lessons").fetchone()
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return int(lessons)


def _tables() -> list[Table]:
    """Those that others refer to first."""
    return [table for table in Base.metadata.sorted_tables if table.name not in LASTING]


def _is_replaced(table: Table, database: str = "main") -> str:
    """A condition on its rows: whether they are of no lesson that is running now."""
    lessons = f"SELECT id FROM {database}.lessons WHERE uid IN (SELECT uid FROM temp.running)"
    if table.name == "lessons":
        return f"id NOT IN ({lessons})"
    if "lesson_id" in table.columns:
        return f"(lesson_id IS NULL OR lesson_id NOT IN ({lessons}))"
    if "student_id" in table.columns:
        return f"student_id NOT IN (SELECT id FROM {database}.students WHERE lesson_id IN ({lessons}))"
    return "TRUE"


def _remember(connection: sqlite3.Connection) -> None:
    """Which lessons run, of which class they and their students are, and what was deleted before."""
    for name, query in (
        ("running", "SELECT id, uid FROM main.lessons WHERE ended_at IS NULL"),
        ("buried", "SELECT * FROM main.tombstones"),
        (
            "of_class",
            "SELECT lessons.id, classes.uid FROM main.lessons JOIN main.classes ON classes.id = class_id "
            "WHERE ended_at IS NULL",
        ),
        (
            "of_member",
            "SELECT students.id, members.uid FROM main.students JOIN main.members ON members.id = member_id "
            f"WHERE lesson_id IN ({RUNNING})",
        ),
    ):
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}")


def _relink(connection: sqlite3.Connection) -> None:
    """Running lessons belong to their class again, if the backup has it."""
    for table, key, whole, links in (
        ("lessons", "class_id", "classes", "of_class"),
        ("students", "member_id", "members", "of_member"),
    ):
        connection.execute(
            f"UPDATE main.{table} SET {key} = (SELECT {whole}.id FROM main.{whole} JOIN temp.{links} "
            f"ON {whole}.uid = {links}.uid WHERE {links}.id = {table}.id) WHERE id IN (SELECT id FROM temp.{links})"
        )


def _bury(connection: sqlite3.Connection) -> None:
    """What is there again was not deleted, only what the backup does not have; and nothing deleted is there again."""
    connection.execute("INSERT OR REPLACE INTO main.tombstones SELECT * FROM temp.buried")
    here = " UNION ALL ".join(f"SELECT uid FROM main.{table} WHERE uid IS NOT NULL" for table in WITH_UID)
    alive = "merged_into IS NOT NULL OR uid NOT IN (SELECT uid FROM temp.buried)"
    connection.execute(f"DELETE FROM main.tombstones WHERE uid IN ({here}) AND ({alive})")
    connection.execute(f"INSERT OR IGNORE INTO main.tombstones SELECT * FROM old.tombstones WHERE uid NOT IN ({here})")
    for table in WITH_UID:
        connection.execute(f"DELETE FROM main.{table} WHERE uid IN ({DELETED})")
    connection.execute("UPDATE main.tombstones SET swept = FALSE")


def _continue_audit(connection: sqlite3.Connection) -> None:
    """Where the backup's log goes on from what is here, as it does in a new database, its entries are taken over."""
    last, digest = connection.execute("SELECT id, hash FROM main.audit ORDER BY id DESC LIMIT 1").fetchone() or (0, "")
    same = connection.execute("SELECT hash FROM old.audit WHERE id = ?", (last,)).fetchone()
    if last == 0 or same == (digest,):
        connection.execute("INSERT INTO main.audit SELECT * FROM old.audit WHERE id > ? ORDER BY id", (last,))
