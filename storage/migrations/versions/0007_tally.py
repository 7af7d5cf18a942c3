"""What must be there is counted and summed up; adoptions and transactions are sealed one by one.

Seals take the root key: the first start after this step makes them, for what is there then.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

SEALED = ("adoptions", "proposals", "transactions")


def upgrade() -> None:
    for table in SEALED:
        op.add_column(table, sa.Column("seal", sa.LargeBinary(), nullable=True))
    op.create_table(
        "tallies",
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("slot"),
    )
    op.create_table(
        "openings",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("case_id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "sealings",
        sa.Column("id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=True),
        sa.Column("cases", sa.BigInteger(), nullable=True),
        sa.Column("adoptions", sa.BigInteger(), nullable=True),
        sa.Column("transactions", sa.BigInteger(), nullable=True),
        sa.Column("seal", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.execute("INSERT INTO sealings (id) VALUES (1)")


def downgrade() -> None:
    for table in ("sealings", "openings", "tallies"):
        op.drop_table(table)
    for table in SEALED:
        op.drop_column(table, "seal")
