"""Lessons, students and samples."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


def upgrade() -> None:
    op.create_table(
        "lessons",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("title", sa.String(120), nullable=False),
        sa.Column("code", sa.String(12), nullable=False, unique=True),
        sa.Column("started_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
        sa.Column("network", sa.String(120), nullable=False),
        sa.Column("detector", sa.String(60), nullable=False),
        sa.Column("made_up", sa.Boolean, nullable=False),
    )
    op.create_table(
        "students",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), nullable=False),
        sa.Column("name", sa.String(60), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False),
        sa.Column("presence", sa.String(10), nullable=False),
        sa.Column("presence_at", sa.DateTime, nullable=False),
        sa.Column("device", sa.String(64), index=True),
        sa.Column("notice_version", sa.String(20)),
        sa.Column("consented_at", sa.DateTime),
    )
    op.create_index("ix_students_lesson_key", "students", ["lesson_id", "name_key"], unique=True)
    op.create_table(
        "samples",
        sa.Column(
            "student_id",
            sa.Integer,
            sa.ForeignKey("students.id", ondelete="CASCADE"),
            primary_key=True,
        ),
        sa.Column("second", sa.BigInteger, primary_key=True),
        sa.Column("faces", sa.SmallInteger, nullable=False),
        sa.Column("frames", sa.SmallInteger, nullable=False),
        *(sa.Column(emotion, sa.SmallInteger) for emotion in EMOTIONS),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    for table in ("samples", "students", "lessons"):
        op.drop_table(table)
