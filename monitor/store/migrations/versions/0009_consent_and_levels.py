"""How much of a lesson is shown, and what a lesson of which only the class is shown has said; consents, and the words
to which they were given."""

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
    _consents()


def _consents() -> None:
    op.add_column("lessons", sa.Column("refused", sa.SmallInteger, nullable=False, server_default="0"))
    op.add_column("classes", sa.Column("guardian_needed", sa.Boolean, nullable=False, server_default=sa.false()))
    op.create_table(
        "consents",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("student_id", sa.Integer, sa.ForeignKey("students.id", ondelete="CASCADE"), index=True),
        sa.Column("member_id", sa.Integer, sa.ForeignKey("members.id", ondelete="CASCADE"), index=True),
        sa.Column("giver", sa.String(10), nullable=False),
        sa.Column("notice", sa.String(20), nullable=False),
        sa.Column("said", sa.String(120), nullable=False),
        sa.Column("given_at", sa.DateTime, nullable=False),
        sa.Column("withdrawn_at", sa.DateTime),
    )
    op.execute(
        "INSERT INTO consents (student_id, giver, notice, said, given_at) SELECT id, 'student', notice_version, '', "
        "consented_at FROM students WHERE notice_version IS NOT NULL AND consented_at IS NOT NULL"
    )
    op.create_table(
        "notices",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("language", sa.String(8), primary_key=True),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("written_at", sa.DateTime, nullable=False),
    )


def _lesson() -> sa.Column[int]:
    return sa.Column("lesson_id", sa.Integer, sa.ForeignKey("lessons.id", ondelete="CASCADE"), primary_key=True)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.SmallInteger, nullable=False)
