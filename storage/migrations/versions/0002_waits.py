"""Since when a case waits for a person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cases", sa.Column("waits", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_cases_waits", "cases", ["waits"], unique=False, sqlite_where=sa.text("waits IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_cases_waits", table_name="cases", sqlite_where=sa.text("waits IS NOT NULL"))
    op.drop_column("cases", "waits")
