"""Who an account is at the school's own sign-in, and which students on rosters it is."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    op.add_column("accounts", sa.Column("subject", sa.String(64)))
    op.create_index("ix_accounts_subject", "accounts", ["subject"], unique=True)
    op.add_column("accounts", sa.Column("by_provider", sa.Boolean, nullable=False, server_default=sa.false()))
    op.execute("ALTER TABLE members ADD COLUMN account_id INTEGER REFERENCES accounts (id) ON DELETE SET NULL")
    op.create_index("ix_members_account_id", "members", ["account_id"])
