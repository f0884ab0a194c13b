"""The audit log; how long a class's lessons are kept; and who was deleted, so that no backup brings them back.

A lesson, student, class and roster place has a `uid` that no other ever has: numbers of deleted rows are given again.
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

KINDS = {"classes": "class", "members": "member", "lessons": "lesson", "students": "student"}
# The same in every copy of a database of before, so that what is deleted here is known in an old copy too.
OLD_UIDS = (
    "UPDATE classes SET uid = 'class ' || id || ' ' || CAST(created_at AS VARCHAR(30))",
    "UPDATE members SET uid = 'member ' || id || ' of ' || (SELECT uid FROM classes WHERE classes.id = class_id)",
    "UPDATE lessons SET uid = 'lesson ' || id || ' ' || code",
    "UPDATE students SET uid = 'student ' || id || ' of ' || (SELECT uid FROM lessons WHERE lessons.id = lesson_id)",
)


def upgrade() -> None:
    _audit()
    _tombstones()
    for table in KINDS:
        op.add_column(table, sa.Column("uid", sa.String(80)))
    for statement in OLD_UIDS:
        op.execute(statement)
    for table in ("classes", "lessons"):
        op.add_column(table, sa.Column("keep_days", sa.Integer))
    if op.get_bind().dialect.name == "postgresql":
        _postgresql_triggers()
    else:
        _sqlite_triggers()


def _audit() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("actor", sa.String(40), nullable=False),
        sa.Column("action", sa.String(20), nullable=False, index=True),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("object_id", sa.BigInteger),
        sa.Column("detail", sa.String(80), nullable=False),
        sa.Column("hash", sa.String(64), nullable=False),
    )


def _tombstones() -> None:
    op.create_table(
        "tombstones",
        sa.Column("uid", sa.String(80), primary_key=True),
        sa.Column("kind", sa.String(10), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("merged_into", sa.String(80), index=True),
        sa.Column("swept", sa.Boolean, nullable=False),
    )


def _sqlite_triggers() -> None:
    for change in ("UPDATE", "DELETE"):
        op.execute(
            f"CREATE TRIGGER audit_no_{change.lower()} BEFORE {change} ON audit "
            "BEGIN SELECT RAISE(ABORT, 'the audit log is only added to'); END"
        )
    for table, kind in KINDS.items():
        op.execute(
            f"CREATE TRIGGER {table}_tombstone AFTER DELETE ON {table} WHEN OLD.uid IS NOT NULL "
            "BEGIN INSERT INTO tombstones (uid, kind, at, swept) "
            f"VALUES (OLD.uid, '{kind}', strftime('%Y-%m-%d %H:%M:%f000', 'now'), FALSE) ON CONFLICT DO NOTHING; "
            "UPDATE tombstones SET merged_into = NULL WHERE merged_into = OLD.uid; END"
        )


def _postgresql_triggers() -> None:
    op.execute(
        "CREATE FUNCTION audit_is_only_added_to() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION 'the audit log is only added to'; END $$"
    )
    op.execute(
        "CREATE TRIGGER audit_no_change BEFORE UPDATE OR DELETE OR TRUNCATE ON audit "
        "FOR EACH STATEMENT EXECUTE FUNCTION audit_is_only_added_to()"
    )
    op.execute(
        "CREATE FUNCTION tombstone() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
        "INSERT INTO tombstones (uid, kind, at, swept) "
        "SELECT OLD.uid, TG_ARGV[0], timezone('UTC', now()), FALSE WHERE OLD.uid IS NOT NULL "
        "ON CONFLICT DO NOTHING; "
        "UPDATE tombstones SET merged_into = NULL WHERE merged_into = OLD.uid; RETURN NULL; END $$"
    )
    for table, kind in KINDS.items():
        op.execute(
            f"CREATE TRIGGER {table}_tombstone AFTER DELETE ON {table} "
            f"FOR EACH ROW EXECUTE FUNCTION tombstone('{kind}')"
        )
