"""Classes with their rosters, markers, rules and alerts."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    _classes()
    _lessons_of_classes()
    _markers()
    _alerts()


def _classes() -> None:
    op.create_table(
        "classes",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False, unique=True),
        sa.Column("guests", sa.Boolean, nullable=False),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("archived_at", sa.DateTime),
    )
    op.create_table(
        "members",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("class_id", sa.Integer, sa.ForeignKey("classes.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        sa.Column("archived_at", sa.DateTime),
    )
    op.create_index("ix_members_class_key", "members", ["class_id", "name_key"], unique=True)


def _lessons_of_classes() -> None:
    # Plain SQL that SQLite and PostgreSQL both take. Alembic's batch mode would make the tables anew, and to drop the
    # old one deletes what hangs on it: all students and samples.
    for statement in (
        "ALTER TABLE lessons ADD COLUMN class_id INTEGER REFERENCES classes (id) ON DELETE SET NULL",
        "ALTER TABLE lessons ADD COLUMN source VARCHAR(10) NOT NULL DEFAULT 'live'",
        "ALTER TABLE students ADD COLUMN member_id INTEGER REFERENCES members (id) ON DELETE SET NULL",
        "ALTER TABLE students ADD COLUMN named BOOLEAN NOT NULL DEFAULT TRUE",
    ):
        op.execute(statement)
    op.create_index("ix_lessons_class_id", "lessons", ["class_id"])
    op.create_index("ix_students_member_id", "students", ["member_id"])


def _markers() -> None:
    op.create_table(
        "markers",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("until", sa.DateTime),
        sa.Column("kind", sa.String(20), nullable=False),
        sa.Column("text", sa.String(120), nullable=False),
        sa.Column("left_out", sa.Boolean, nullable=False),
    )


def _alerts() -> None:
    op.create_table(
        "rules", sa.Column("id", sa.Integer, primary_key=True), *_rule(), sa.Column("on", sa.Boolean, nullable=False)
    )
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), nullable=False, index=True),
        sa.Column("rule_id", sa.Integer, nullable=False),
        *_rule(),
        sa.Column("at", sa.DateTime, nullable=False),
        sa.Column("over_at", sa.DateTime),
        sa.Column("dismissed_at", sa.DateTime),
    )


def _rule() -> list[sa.Column[object]]:
    return [
        sa.Column("measure", sa.String(20), nullable=False),
        sa.Column("below", sa.Boolean, nullable=False),
        sa.Column("limit", sa.Double, nullable=False),
        sa.Column("seconds", sa.Integer, nullable=False),
    ]
