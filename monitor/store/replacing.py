"""The rows of one database become those of another, in one transaction of SQLite's."""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from pathlib import Path

from sqlalchemy import Table

from monitor.store.tables import Base

# What happened, happened; and who may come in, who sees what, and who agreed is as it is today: no restore undoes it.
LASTING = ("audit", "tombstones", "accounts", "sign_ins", "invitations", "statements", "shares", "consents", "notices")
# Nothing refers to their numbers, which those of running lessons may have taken meanwhile.
RENUMBERED = ("markers", "alerts")
WITH_UID = ("classes", "members", "lessons", "students")
RUNNING = "SELECT id FROM temp.running"
DELETED = "SELECT uid FROM main.tombstones WHERE merged_into IS NULL"
# What the class only has been told of a lesson, and who counted together in it.
WINDOWS = ("cohorts", "published")
CLASS_ONLY = "SELECT lesson_id FROM main.published WHERE lesson_id NOT IN (SELECT id FROM temp.running)"
SAID = (
    "SELECT lessons.uid, {table}.* FROM main.{table} JOIN main.lessons ON lessons.id = lesson_id "
    "WHERE lesson_id IN (" + CLASS_ONLY + ")"
)
AGREED = (
    "SELECT students.uid AS student, members.uid AS member, giver, notice, said, given_at, withdrawn_at "
    "FROM {database}.consents LEFT JOIN {database}.students ON students.id = student_id "
    "LEFT JOIN {database}.members ON members.id = consents.member_id"
)


def replace_rows(connection: sqlite3.Connection, other: Path) -> int:
    """Of a connection without a transaction; gives how many lessons there are then. All of it, or an sqlite3.Error."""
    connection.execute("ATTACH ? AS old", (str(other),))
    connection.execute("BEGIN IMMEDIATE")
    try:
        connection.execute("PRAGMA defer_foreign_keys = ON")
        _remember(connection)
        _settle_accounts(connection)
        for table in reversed(_tables()):
            connection.execute(f"DELETE FROM main.{table.name} WHERE {_is_replaced(table)}")
        for table in _tables():
            _take(connection, table, _is_replaced(table, "old"))
        _relink(connection)
        _say_again(connection)
        _agree(connection)
        _bury(connection)
        _continue_audit(connection)
        (lessons,) = connection.execute("SELECT count(*) FROM main.lessons").fetchone()
        connection.execute("COMMIT")
    except BaseException:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")
        raise
    return int(lessons)


def _take(connection: sqlite3.Connection, table: Table, condition: str = "TRUE") -> None:
    names = [column.name for column in table.columns if column.name != "id" or table.name not in RENUMBERED]
    columns = ", ".join(f'"{name}"' for name in names)
    wanted = f"SELECT {columns} FROM old.{table.name} WHERE {condition}"
    connection.execute(f"INSERT INTO main.{table.name} ({columns}) {wanted}")


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
        ("shared", "SELECT uid, account_id, edit FROM main.shares JOIN main.classes ON classes.id = class_id"),
        ("shown", "SELECT uid, shown FROM main.lessons"),
        ("linked", "SELECT uid, account_id FROM main.members"),
        *((f"said_{name}", SAID.format(table=name)) for name in WINDOWS),
        ("counted", f"SELECT students.uid, cohort FROM main.students WHERE lesson_id IN ({CLASS_ONLY})"),
        ("agreed", AGREED.format(database="main")),
    ):
        connection.execute(f"CREATE TEMP TABLE {name} AS {query}")


def _settle_accounts(connection: sqlite3.Connection) -> None:
    """A new database takes the backup's accounts, and whom their owners let see what. In any other, what belonged to
    accounts that are not there belongs to nobody."""
    if connection.execute("SELECT 1 FROM main.accounts").fetchone() is None:
        for name in ("accounts", "statements"):
            connection.execute(f"DELETE FROM main.{name}")
            _take(connection, Base.metadata.tables[name])
        connection.execute(
            "INSERT INTO temp.shared SELECT uid, account_id, edit FROM old.shares "
            "JOIN old.classes ON classes.id = class_id"
        )
    same = "SELECT id FROM old.accounts AS one WHERE (id, created_at) IN (SELECT id, created_at FROM main.accounts)"
    for table in _tables():
        for column in table.columns:
            if any(key.column.table.name == "accounts" for key in column.foreign_keys):
                name = column.name
                connection.execute(f"UPDATE old.{table.name} SET {name} = NULL WHERE {name} NOT IN ({same})")


def _relink(connection: sqlite3.Connection) -> None:
    """Running lessons belong to their class again, if the backup has it; classes are shared with whom they are today,
    and a student is linked with the account of today; and of no lesson more is shown than today."""
    connection.execute(
        "INSERT OR IGNORE INTO main.shares (class_id, account_id, edit) SELECT classes.id, account_id, edit "
        "FROM temp.shared JOIN main.classes ON classes.uid = shared.uid"
    )
    connection.execute(
        "UPDATE main.lessons SET shown = (SELECT shown.shown FROM temp.shown WHERE shown.uid = lessons.uid) "
        "WHERE uid IN (SELECT uid FROM temp.shown)"
    )
    connection.execute(
        "UPDATE main.members SET account_id = (SELECT linked.account_id FROM temp.linked "
        "WHERE linked.uid = members.uid) WHERE uid IN (SELECT uid FROM temp.linked)"
    )
    for table, key, whole, links in (
        ("lessons", "class_id", "classes", "of_class"),
        ("students", "member_id", "members", "of_member"),
    ):
        connection.execute(
            f"UPDATE main.{table} SET {key} = (SELECT {whole}.id FROM main.{whole} JOIN temp.{links} "
            f"ON {whole}.uid = {links}.uid WHERE {links}.id = {table}.id) WHERE id IN (SELECT id FROM temp.{links})"
        )


def _say_again(connection: sqlite3.Connection) -> None:
    """What a class-only lesson has said stands, with those who counted together: other cohorts would give other
    figures of the same windows, and what two figures differ by is about single students."""
    here = "SELECT id FROM main.lessons WHERE uid IN (SELECT uid FROM temp.said_published)"
    for name in WINDOWS:
        names = [column.name for column in Base.metadata.tables[name].columns if column.name != "lesson_id"]
        columns = ", ".join(f'"{column}"' for column in names)
        connection.execute(f"DELETE FROM main.{name} WHERE lesson_id IN ({here})")
        connection.execute(
            f"INSERT INTO main.{name} (lesson_id, {columns}) SELECT lessons.id, {columns} "
            f"FROM temp.said_{name} AS said JOIN main.lessons ON lessons.uid = said.uid"
        )
    connection.execute(
        "UPDATE main.students SET cohort = (SELECT cohort FROM temp.counted WHERE counted.uid = students.uid) "
        f"WHERE lesson_id IN ({here})"
    )


def _agree(connection: sqlite3.Connection) -> None:
    """Consents are added and closed, never changed: so those of today, and those that only the backup has, of all who
    are there. The same goes for the versions of the notice."""
    same = "agreed.student IS old.student AND agreed.member IS old.member AND agreed.given_at = old.given_at"
    connection.execute(
        f"INSERT INTO temp.agreed SELECT * FROM ({AGREED.format(database='old')}) AS old "
        f"WHERE NOT EXISTS (SELECT 1 FROM temp.agreed WHERE {same} AND agreed.giver = old.giver)"
    )
    connection.execute("DELETE FROM main.consents")
    connection.execute(
        "INSERT INTO main.consents (student_id, member_id, giver, notice, said, given_at, withdrawn_at) "
        "SELECT students.id, members.id, giver, notice, said, given_at, withdrawn_at FROM temp.agreed "
        "LEFT JOIN main.students ON students.uid = student LEFT JOIN main.members ON members.uid = member "
        "WHERE students.id IS NOT NULL OR members.id IS NOT NULL ORDER BY given_at"
    )
    connection.execute("INSERT OR IGNORE INTO main.notices SELECT * FROM old.notices")


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
