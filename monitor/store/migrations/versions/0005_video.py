"""A lesson made of a video bears the video's own time, and is kept from the moment at which it was made."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("lessons", sa.Column("analysed_at", sa.DateTime))
