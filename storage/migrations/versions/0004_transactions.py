"""Transactions are numbered as they come, by seller; their worth in one currency; found by card and by time."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

CARDS = sa.text("card <> ''")


def upgrade() -> None:
    for name in ("nth", "cents"):
        op.add_column("transactions", sa.Column(name, sa.BigInteger(), nullable=False, server_default="0"))
    op.create_index("ix_transactions_seller_nth", "transactions", ["seller", "nth"], unique=False)
    op.create_index("ix_transactions_at", "transactions", ["at", "id"], unique=False)
    op.create_index(
        "ix_transactions_card_at", "transactions", ["card", "at"], unique=False,
        sqlite_where=CARDS, postgresql_where=CARDS,
    )
    op.create_table(
        "turnovers",
        sa.Column("seller", sa.String(), nullable=False),
        sa.Column("length", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("seller"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    op.drop_table("turnovers")
    op.drop_index(
        "ix_transactions_card_at", table_name="transactions", sqlite_where=CARDS, postgresql_where=CARDS
    )
    op.drop_index("ix_transactions_at", table_name="transactions")
    op.drop_index("ix_transactions_seller_nth", table_name="transactions")
    op.drop_column("transactions", "cents")
    op.drop_column("transactions", "nth")
