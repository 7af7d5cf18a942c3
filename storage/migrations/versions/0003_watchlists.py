"""Lists of people one may not deal with: each load, and what stood on a list from which load until which."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
CURRENT = sa.text("until IS NULL")


def upgrade() -> None:
    op.create_table(
        "list_loads",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("source", sa.String(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("entities", sa.Integer(), nullable=False),
        sa.Column("added", sa.Integer(), nullable=False),
        sa.Column("removed", sa.Integer(), nullable=False),
        sa.Column("changed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_list_loads_part", "list_loads", ["list", "part", "id"], unique=False)
    op.create_table(
        "listed",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("list", sa.String(), nullable=False),
        sa.Column("part", sa.String(), nullable=False),
        sa.Column("entity", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("until", sa.BigInteger(), nullable=True),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_listed_current", "listed", ["list", "part", "entity"], unique=True,
        sqlite_where=CURRENT, postgresql_where=CURRENT,
    )
    op.create_index("ix_listed_since", "listed", ["since"], unique=False)
    op.create_index("ix_listed_until", "listed", ["until"], unique=False)


def downgrade() -> None:
    op.drop_table("listed")
    op.drop_table("list_loads")
