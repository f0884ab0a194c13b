"""A rule has one open alert in a lesson, whoever watches it."""

from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    op.execute("CREATE UNIQUE INDEX ix_alerts_open ON alerts (lesson_id, rule_id) WHERE over_at IS NULL")
