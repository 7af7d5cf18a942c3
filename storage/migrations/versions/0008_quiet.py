"""Since when something of a case is open that compliance alone sees."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

# What is open stands in encrypted records. A case that may have anything is due at once: whoever works on what is due
# saves it, and with it this column.
DUE = """
    UPDATE cases SET due_at = opened_at
    WHERE EXISTS (
        SELECT 1 FROM records WHERE records.case_id = cases.id AND records.kind IN ('alert', 'screened', 'filing')
    ) AND NOT EXISTS (
        SELECT 1 FROM erasures WHERE erasures.case_id = cases.id AND erasures.retention = 'identity'
    )
"""


def upgrade() -> None:
    op.add_column("cases", sa.Column("quiet", sa.BigInteger(), nullable=True))
    op.create_index(
        "ix_cases_quiet", "cases", ["quiet"], unique=False, sqlite_where=sa.text("quiet IS NOT NULL")
    )
    op.execute(DUE)


def downgrade() -> None:
    op.drop_index("ix_cases_quiet", table_name="cases", sqlite_where=sa.text("quiet IS NOT NULL"))
    op.drop_column("cases", "quiet")
