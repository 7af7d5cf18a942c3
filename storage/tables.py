"""The tables, as classes; the hot path writes to them in plain SQL. Instants are microseconds since 1970, UTC."""

from __future__ import annotations

from sqlalchemy import BigInteger, Index, Integer, text
from sqlmodel import Field, SQLModel

SERIAL = BigInteger().with_variant(Integer(), "sqlite")  # only INTEGER counts up by itself on SQLite

# One tree instead of two for tables that are only ever sought by their whole key.
CLUSTERED = {"sqlite_with_rowid": False}


class CaseRow(SQLModel, table=True):
    """A header. `length` and `epoch` are the lock: a save moves the first, an erasure the second.

    `seal` is a MAC over length and last chain value. From `stage` on: index columns, rebuilt at every save.
    """

    __tablename__ = "cases"
    __table_args__ = (
        Index("ix_cases_due_at", "due_at", sqlite_where=text("due_at IS NOT NULL")),
        Index("ix_cases_leased_until", "leased_until", sqlite_where=text("leased_until IS NOT NULL")),
        Index("ix_cases_waits", "waits", sqlite_where=text("waits IS NOT NULL")),
        Index("ix_cases_quiet", "quiet", sqlite_where=text("quiet IS NOT NULL")),
        Index("ix_cases_stage_since", "stage", "since"),
        Index("ix_cases_opened_at", "opened_at"),
    )

    id: str = Field(primary_key=True)
    language: str
    opened_at: int = Field(sa_type=BigInteger)
    length: int
    epoch: int
    seal: bytes
    stage: str
    since: int = Field(sa_type=BigInteger)  # when the stage last changed
    tier: str
    country: str
    policy: str
    owed: str  # keys, each between spaces
    due_at: int | None = Field(sa_type=BigInteger)
    leased_until: int | None = Field(sa_type=BigInteger)
    waits: int | None = Field(sa_type=BigInteger)  # since when a person must look
    quiet: int | None = Field(sa_type=BigInteger)  # since when compliance must


class RecordRow(SQLModel, table=True):
    """One thing that happened. `body` is nonce and ciphertext, NULL once erased; its `digest` stays."""

    __tablename__ = "records"
    __table_args__ = (CLUSTERED,)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    sequence: int = Field(primary_key=True)
    kind: str
    key: str
    at: int = Field(sa_type=BigInteger)
    retention: str
    body: bytes | None
    digest: bytes
    chain: bytes


class DataKeyRow(SQLModel, table=True):
    """A data key, wrapped under the master key that `master` names. Deleting the row is the erasure.

    `purpose` is "records" or "files": the former move with the header only, the latter whenever a file comes.
    """

    __tablename__ = "data_keys"
    __table_args__ = (CLUSTERED,)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    retention: str = Field(primary_key=True)
    purpose: str = Field(primary_key=True)
    master: str
    wrapped: bytes


class ErasureRow(SQLModel, table=True):
    """Records of this class up to this sequence were erased by us; the seal is what an intruder cannot make."""

    __tablename__ = "erasures"
    __table_args__ = (CLUSTERED,)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    retention: str = Field(primary_key=True)
    upto: int = Field(primary_key=True)
    seal: bytes


class BindingRow(SQLModel, table=True):
    """The nth case of a chat; the key makes two openings at once collide."""

    __tablename__ = "bindings"
    __table_args__ = (Index("ix_bindings_case", "case_id"), CLUSTERED)

    chat: str = Field(primary_key=True)
    nth: int = Field(primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    at: int = Field(sa_type=BigInteger)


class TokenRow(SQLModel, table=True):
    """A blind index: the keyed hash of a word that a case is found by."""

    __tablename__ = "tokens"
    __table_args__ = (Index("ix_tokens_case", "case_id"), CLUSTERED)

    token: bytes = Field(primary_key=True)
    case_id: str = Field(primary_key=True, foreign_key="cases.id")


class CauseRow(SQLModel, table=True):
    """The unique id of an update or a staff action that has had its effect."""

    __tablename__ = "causes"
    __table_args__ = (CLUSTERED,)

    id: str = Field(primary_key=True)
    case_id: str = Field(foreign_key="cases.id")
    at: int = Field(sa_type=BigInteger)


class OutboxRow(SQLModel, table=True):
    """A message that was promised. `at`: when it entered its state; `due_at`: not to be sent before."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_case", "case_id"),
        Index("ix_outbox_cause", "cause", sqlite_where=text("cause <> ''")),
        Index(
            "ix_outbox_pending",
            "chat",
            "id",
            sqlite_where=text("state IN ('queued', 'sending')"),
            postgresql_where=text("state IN ('queued', 'sending')"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    case_id: str = Field(foreign_key="cases.id")
    chat: str
    cause: str
    slot: str
    body: bytes | None
    state: str
    at: int = Field(sa_type=BigInteger)
    due_at: int = Field(sa_type=BigInteger)
    message_id: int | None = Field(sa_type=BigInteger)
    tries: int
    bulk: bool
    asks: bool
    again: bool


class AdoptionRow(SQLModel, table=True):
    """A person made a version of the policy decide. Rows are only ever added."""

    __tablename__ = "adoptions"

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    version: str
    fingerprint: str
    adopted_by: str
    reason: str
    at: int = Field(sa_type=BigInteger)
    seal: bytes | None


class ProposalRow(SQLModel, table=True):
    """The first of two people who adopt a version of the policy. Rows are only ever added."""

    __tablename__ = "proposals"

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    version: str
    fingerprint: str
    proposed_by: str
    reason: str
    at: int = Field(sa_type=BigInteger)
    seal: bytes | None


class TransactionRow(SQLModel, table=True):
    """Money that moved. `counterparty` and `card` are keyed hashes.

    `nth`: of this seller's in the order they came, from 1; `cents`: its worth in euro cents when it came.
    """

    __tablename__ = "transactions"
    __table_args__ = (
        Index(  # a seller's days are summed up from it alone
            "ix_transactions_seller_days",
            "seller",
            "at",
            "direction",
            "cents",
            "currency",
            "amount",
            "counterparty",
        ),
        Index("ix_transactions_seller_nth", "seller", "nth"),
        Index("ix_transactions_at", "at", "id"),
        Index(
            "ix_transactions_card_at",
            "card",
            "at",
            sqlite_where=text("card <> ''"),
            postgresql_where=text("card <> ''"),
        ),
        Index(
            "ix_transactions_payee_at",
            "counterparty",
            "at",
            "id",
            sqlite_where=text("direction = 'out' AND counterparty <> ''"),
            postgresql_where=text("direction = 'out' AND counterparty <> ''"),
        ),
    )

    id: str = Field(primary_key=True)
    seller: str
    at: int = Field(sa_type=BigInteger)
    amount: str
    currency: str
    direction: str
    counterparty: str
    counterparty_country: str
    method: str
    card: str
    nth: int = Field(sa_type=BigInteger)
    cents: int = Field(sa_type=BigInteger)
    seal: bytes | None  # NULL: not sealed yet


class TurnoverRow(SQLModel, table=True):
    """How many transactions of a seller have come: the lock and the number of the next."""

    __tablename__ = "turnovers"
    __table_args__ = (CLUSTERED,)

    seller: str = Field(primary_key=True)
    length: int = Field(sa_type=BigInteger)


class FileRow(SQLModel, table=True):
    """A file in the vault. `place` is its name there; `gone`: its key is destroyed, the file is being removed."""

    __tablename__ = "files"
    __table_args__ = (CLUSTERED,)

    case_id: str = Field(primary_key=True, foreign_key="cases.id")
    name: str = Field(primary_key=True)
    retention: str
    size: int = Field(sa_type=BigInteger)
    place: str
    gone: bool


class ListLoadRow(SQLModel, table=True):
    """A part of a list was read at `at`; also where nothing had changed. `digest`: of what it holds."""

    __tablename__ = "list_loads"
    __table_args__ = (Index("ix_list_loads_part", "list", "part", "id"),)

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    list: str
    part: str
    at: int = Field(sa_type=BigInteger)
    source: str
    digest: str
    entities: int
    added: int
    removed: int
    changed: int


class ListedRow(SQLModel, table=True):
    """What a part says of an entity, from the load `since` on, until the load `until`; NULL: to this day."""

    __tablename__ = "listed"
    __table_args__ = (
        Index(
            "ix_listed_current",
            "list",
            "part",
            "entity",
            unique=True,
            sqlite_where=text("until IS NULL"),
            postgresql_where=text("until IS NULL"),
        ),
        Index("ix_listed_since", "since"),
        Index("ix_listed_until", "until"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=SERIAL)
    list: str
    part: str
    entity: str
    since: int = Field(sa_type=BigInteger)
    until: int | None = Field(sa_type=BigInteger)
    digest: str
    body: bytes


class TallyRow(SQLModel, table=True):
    """A part of the tally: what must be there, counted and summed up. All rows together are the whole of it."""

    __tablename__ = "tallies"

    slot: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    body: bytes
    seal: bytes


class OpeningRow(SQLModel, table=True):
    """A case was opened. No foreign key: it is there to name a case that is gone."""

    __tablename__ = "openings"
    __table_args__ = (CLUSTERED,)

    case_id: str = Field(primary_key=True)
    at: int = Field(sa_type=BigInteger)
    seal: bytes


class SealingRow(SQLModel, table=True):
    """When the tally began, and how much was there by then; NULL until a start with the key has sealed it."""

    __tablename__ = "sealings"

    id: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    at: int | None = Field(sa_type=BigInteger)
    cases: int | None = Field(sa_type=BigInteger)
    adoptions: int | None = Field(sa_type=BigInteger)
    transactions: int | None = Field(sa_type=BigInteger)
    seal: bytes | None


class MetaRow(SQLModel, table=True):
    """What the whole store rests on: its root key, wrapped under the master key that `master` names."""

    __tablename__ = "meta"

    name: str = Field(primary_key=True)
    master: str
    value: bytes
