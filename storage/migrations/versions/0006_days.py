"""What a seller's days come to is read from an index alone: a year of transactions lies all over the table."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

COVERED = ["seller", "at", "direction", "cents", "currency", "amount", "counterparty"]


def upgrade() -> None:
    op.create_index("ix_transactions_seller_days", "transactions", COVERED, unique=False)
    op.drop_index("ix_transactions_seller_at", table_name="transactions")


def downgrade() -> None:
    op.create_index("ix_transactions_seller_at", "transactions", ["seller", "at"], unique=False)
    op.drop_index("ix_transactions_seller_days", table_name="transactions")
