"""Accounts with their sessions and invitations, the statement of purpose, and to whom classes and lessons belong."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

OWNED = (("classes", "owner_id"), ("lessons", "owner_id"))


def upgrade() -> None:
    _accounts()
    _coming_in()
    op.create_table(
        "statements",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("purpose", sa.String(20), nullable=False),
        sa.Column("words", sa.Text, nullable=False),
        sa.Column("author", sa.String(120), nullable=False),
        sa.Column("at", sa.DateTime, nullable=False),
    )
    op.create_table(
        "shares",
        sa.Column("class_id", sa.Integer, sa.ForeignKey("classes.id", ondelete="CASCADE"), primary_key=True),
        _account(primary_key=True),
        sa.Column("edit", sa.Boolean, nullable=False),
    )
    for table, column in OWNED:
        op.execute(f"ALTER TABLE {table} ADD COLUMN {column} INTEGER REFERENCES accounts (id) ON DELETE SET NULL")
        op.create_index(f"ix_{table}_{column}", table, [column])


def _accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(120), nullable=False),
        sa.Column("name_key", sa.String(120), nullable=False, unique=True),
        sa.Column("role", sa.String(20)),
        sa.Column("password", sa.String(200)),
        sa.Column("created_at", sa.DateTime, nullable=False),
        sa.Column("disabled_at", sa.DateTime),
    )


def _coming_in() -> None:
    op.create_table(
        "sign_ins",
        sa.Column("token", sa.String(64), primary_key=True),
        _account(nullable=False, index=True),
        sa.Column("began_at", sa.DateTime, nullable=False),
        sa.Column("used_at", sa.DateTime, nullable=False),
        sa.Column("ended_at", sa.DateTime),
    )
    op.create_table(
        "invitations",
        sa.Column("token", sa.String(64), primary_key=True),
        _account(nullable=False, index=True),
        sa.Column("ends_at", sa.DateTime, nullable=False),
    )


def _account(**how: Any) -> sa.Column[int]:
    return sa.Column("account_id", sa.Integer, sa.ForeignKey("accounts.id", ondelete="CASCADE"), **how)
