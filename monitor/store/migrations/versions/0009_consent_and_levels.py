"""How much of a lesson is shown, and what a lesson of which only the class is shown has said."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"

EMOTIONS = ("angry", "disgust", "fear", "happy", "sad", "surprise", "neutral")


def upgrade() -> None:
    op.add_column("lessons", sa.Column("shown", sa.String(10), nullable=False, server_default="names"))
    op.add_column("students", sa.Column("cohort", sa.SmallInteger))
    op.create_table("cohorts", _lesson(), sa.Column("number", sa.Integer, primary_key=True), _whole("size"))
    op.create_table(
        "published",
        _lesson(),
        sa.Column("start", sa.BigInteger, primary_key=True),
        _whole("students"),
        *(sa.Column(name, sa.SmallInteger) for name in ("visible", *EMOTIONS)),
        sqlite_with_rowid=False,
    )


def _lesson() -> sa.Column[int]:
    return sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, nullable=False)
