"""What goes out to one account is found by the account: several sellers may send theirs to the same one."""

from __future__ import annotations

from alembic import op
from sqlalchemy import text

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PAID = text("direction = 'out' AND counterparty <> ''")


def upgrade() -> None:
    op.create_index(
        "ix_transactions_payee_at",
        "transactions",
        ["counterparty", "at", "id"],
        unique=False,
        sqlite_where=PAID,
        postgresql_where=PAID,
    )


def downgrade() -> None:
    op.drop_index("ix_transactions_payee_at", table_name="transactions")
