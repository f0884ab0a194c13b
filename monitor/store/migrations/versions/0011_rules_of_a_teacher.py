"""Rules for alerts belong to whoever set them. Until now they were everybody's: so each who may teach gets them all,
the first of those the rules themselves; where nobody has an account yet they are nobody's, until the first set-up."""

from alembic import op

revision = "0011"
down_revision = "0010"

TEACHES = "SELECT id FROM accounts WHERE role IN ('administrator', 'teacher')"
COPIED = 'measure, below, "limit", seconds, "on"'


def upgrade() -> None:
    op.execute("ALTER TABLE rules ADD COLUMN owner_id INTEGER REFERENCES accounts (id) ON DELETE CASCADE")
    op.create_index("ix_rules_owner_id", "rules", ["owner_id"])
    op.execute(f"UPDATE rules SET owner_id = (SELECT min(id) FROM ({TEACHES}) AS first)")
    op.execute(
        f"INSERT INTO rules ({COPIED}, owner_id) SELECT {COPIED}, others.id FROM rules "
        f"JOIN ({TEACHES}) AS others ON others.id <> rules.owner_id"
    )
