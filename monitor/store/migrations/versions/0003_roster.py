"""Whether guests may join a lesson, which its class only proposes."""

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    op.execute("ALTER TABLE lessons ADD COLUMN guests BOOLEAN NOT NULL DEFAULT TRUE")
