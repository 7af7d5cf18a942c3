"""Start."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "adoptions",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("version", sa.String(), nullable=False),
        sa.Column("fingerprint", sa.String(), nullable=False),
        sa.Column("adopted_by", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_table(
        "cases",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("length", sa.Integer(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("tier", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=False),
        sa.Column("policy", sa.String(), nullable=False),
        sa.Column("owed", sa.String(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("leased_until", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "ix_cases_due_at", "cases", ["due_at"], unique=False, sqlite_where=sa.text("due_at IS NOT NULL")
    )
    op.create_index(
        "ix_cases_leased_until",
        "cases",
        ["leased_until"],
        unique=False,
        sqlite_where=sa.text("leased_until IS NOT NULL"),
    )
    op.create_index("ix_cases_opened_at", "cases", ["opened_at"], unique=False)
    op.create_index("ix_cases_stage_since", "cases", ["stage", "since"], unique=False)
    op.create_table(
        "meta",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("master", sa.String(), nullable=False),
        sa.Column("value", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "transactions",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("seller", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("amount", sa.String(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("counterparty", sa.String(), nullable=False),
        sa.Column("counterparty_country", sa.String(), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("card", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_transactions_seller_at", "transactions", ["seller", "at"], unique=False)
    op.create_table(
        "bindings",
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("nth", sa.Integer(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("chat", "nth"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_bindings_case", "bindings", ["case_id"], unique=False)
    op.create_table(
        "causes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "data_keys",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("master", sa.String(), nullable=False),
        sa.Column("wrapped", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "retention", "purpose"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "erasures",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("upto", sa.Integer(), nullable=False),
        sa.Column("seal", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "retention", "upto"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "files",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("size", sa.BigInteger(), nullable=False),
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("gone", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "name"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("chat", sa.String(), nullable=False),
        sa.Column("cause", sa.String(), nullable=False),
        sa.Column("slot", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=False),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("bulk", sa.Boolean(), nullable=False),
        sa.Column("asks", sa.Boolean(), nullable=False),
        sa.Column("again", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_outbox_case", "outbox", ["case_id"], unique=False)
    op.create_index("ix_outbox_cause", "outbox", ["cause"], unique=False, sqlite_where=sa.text("cause <> ''"))
    op.create_index(
        "ix_outbox_pending",
        "outbox",
        ["chat", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.create_table(
        "records",
        sa.Column("case_id", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("retention", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("chain", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("case_id", "sequence"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "tokens",
        sa.Column("token", sa.LargeBinary(), nullable=False),
        sa.Column("case_id", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(
            ["case_id"],
            ["cases.id"],
        ),
        sa.PrimaryKeyConstraint("token", "case_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_tokens_case", "tokens", ["case_id"], unique=False)


def downgrade() -> None:
    op.drop_index("ix_tokens_case", table_name="tokens")
    op.drop_table("tokens")
    op.drop_table("records")
    op.drop_index(
        "ix_outbox_pending",
        table_name="outbox",
        sqlite_where=sa.text("state IN ('queued', 'sending')"),
        postgresql_where=sa.text("state IN ('queued', 'sending')"),
    )
    op.drop_index("ix_outbox_cause", table_name="outbox", sqlite_where=sa.text("cause <> ''"))
    op.drop_index("ix_outbox_case", table_name="outbox")
    op.drop_table("outbox")
    op.drop_table("files")
    op.drop_table("erasures")
    op.drop_table("data_keys")
    op.drop_table("causes")
    op.drop_index("ix_bindings_case", table_name="bindings")
    op.drop_table("bindings")
    op.drop_index("ix_transactions_seller_at", table_name="transactions")
    op.drop_table("transactions")
    op.drop_table("meta")
    op.drop_index("ix_cases_stage_since", table_name="cases")
    op.drop_index("ix_cases_opened_at", table_name="cases")
    op.drop_index(
        "ix_cases_leased_until", table_name="cases", sqlite_where=sa.text("leased_until IS NOT NULL")
    )
    op.drop_index("ix_cases_due_at", table_name="cases", sqlite_where=sa.text("due_at IS NOT NULL"))
    op.drop_table("cases")
    op.drop_table("adoptions")
