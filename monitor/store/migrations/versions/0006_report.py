"""Sums per student and minute, which comparisons read instead of samples."""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


def upgrade() -> None:
    op.create_table(
        "minutes",
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("start", sa.BigInteger, primary_key=True),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("seconds", "seen", "faces", "frames", *EMOTIONS)),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "summaries",
        sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True),
        sa.Column("newest", sa.BigInteger),
        sa.Column("edges", sa.Text, nullable=False),
        sa.Column("made_at", sa.DateTime, nullable=False),
    )


def downgrade() -> None:
    for table in ("summaries", "minutes"):
        op.drop_table(table)
