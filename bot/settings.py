"""Settings: read once from the environment or `.env`, checked at once; a wrong value stops the start in one line."""

from __future__ import annotations

import base64
import os
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.reports.codes import pairs
from bot.staff import Member, Role


class SettingsError(Exception):
    """One line that says which setting is wrong and what is expected."""


class Settings(BaseSettings):
    """Every setting, by its upper-case name in the environment; a secret NAME may come from a file NAME_FILE."""

    model_config = SettingsConfigDict(env_file=".env", extra="ignore", hide_input_in_errors=True)

    kyc_home: Path = Field(Path("var"), description="Folder of database, files, models and master key")
    database_url: str = Field("", description="SQLAlchemy URL; empty means SQLite in KYC_HOME")
    master_key: SecretStr = Field(
        SecretStr(""), description="32 bytes in base64; empty means KYC_HOME/master.key"
    )
    telegram_bot_token: SecretStr = Field(SecretStr(""), description="The token BotFather gave")
    telegram_api_url: str = Field("https://api.telegram.org", description="Any Bot API server")
    webhook_url: str = Field("", description="Public HTTPS address in front of this server, without the path")
    public_url: str = Field(
        "", description="Public HTTPS address of the upload page's server; empty means WEBHOOK_URL"
    )
    webhook_path: str = Field(
        "updates", pattern=r"^[A-Za-z0-9_-]{1,64}$", description="Last part of the address"
    )
    webhook_secret: SecretStr = Field(
        SecretStr(""), description="1 to 256 of A-Z a-z 0-9 _ -; needed for --webhook"
    )
    host: str = Field("127.0.0.1", description="Address to listen on")
    port: int = Field(8080, ge=0, le=65535, description="Port to listen on")
    staff: Annotated[dict[str, Member], NoDecode] = Field(
        default_factory=dict,
        description="Telegram ids, roles and names: 111:reviewer:Ann Lee,222:officer; the name is optional",
    )
    staff_chat: int = Field(0, description="Id of the staff's group; 0 sends staff cards nowhere")
    compliance_chat: int = Field(
        0, description="Id of the compliance officer's chat: alerts and list hits go there alone"
    )
    open_registration: bool = Field(
        default=True, description="false: only sellers with an invitation of the marketplace may begin"
    )
    second_looks: int = Field(
        5, ge=0, le=100, description="Per cent of automatic approvals that a person looks at as well"
    )
    api_key: SecretStr = Field(
        SecretStr(""), description="What the marketplace sends with each call; empty leaves /v1/ out"
    )
    report_entity_id: int = Field(
        0, ge=0, description="The number that the financial intelligence unit gave you"
    )
    report_branch: str = Field("", max_length=255, description="Your branch, where the unit knows branches")
    report_person: str = Field("", description="Who reports, in Latin letters")
    report_email: str = Field("", description="Where the unit reaches them")
    report_currency: str = Field("EUR", pattern="^[A-Z]{3}$", description="The currency reports are made in")
    report_rates: Annotated[dict[str, Decimal], NoDecode] = Field(
        default_factory=dict, description="Worth of a unit in that currency, like USD=0.86,GBP=1.15"
    )
    report_codes: Annotated[dict[str, str], NoDecode] = Field(
        default_factory=dict, description="The unit's codes in place of ours, like funds_type.card=CRTCR"
    )
    console_url: str = Field("", description="Address of the staff's console; empty leaves its button out")
    reader_workers: int = Field(1, ge=1, le=32, description="Processes that read pictures")
    reader_seconds: float = Field(
        10.0, gt=0, le=120, description="Seconds a picture may take before a person looks"
    )
    lists_urls: str = Field(
        "", description="Addresses of watchlists that `lists refresh` fetches, between spaces or commas"
    )
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="DEBUG, INFO, WARNING or ERROR"
    )

    @field_validator("staff", mode="before")
    @classmethod
    def _staff(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        members = {}
        for part in filter(None, map(str.strip, value.split(","))):
            who, _, rest = part.partition(":")
            role, _, name = rest.partition(":")
            if not who.isdigit() or role not in set(Role):
                raise ValueError(
                    "expected like 111:reviewer:Ann Lee,222:officer with agent, reviewer or officer"
                )
            members[f"tg:{who}"] = Member(Role(role), name.strip())
        return members

    @field_validator("report_codes", "report_rates", mode="before")
    @classmethod
    def _pairs(cls, value: object) -> object:
        return pairs(value) if isinstance(value, str) else value

    @field_validator("report_rates")
    @classmethod
    def _rates(cls, value: dict[str, Decimal]) -> dict[str, Decimal]:
        if any(not rate.is_finite() or rate <= 0 for rate in value.values()):
            raise ValueError("expected like USD=0.86,GBP=1.15")
        return value

    @field_validator("console_url")
    @classmethod
    def _console(cls, value: str) -> str:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("expected an address that begins with https://")
        return value

    @field_validator("public_url")
    @classmethod
    def _public(cls, value: str) -> str:
        if value and not value.startswith("https://"):
            raise ValueError("expected an address that begins with https://")
        return value

    @field_validator("database_url")
    @classmethod
    def _url(cls, value: str) -> str:
        if value and not value.startswith(("sqlite:///", "postgresql://")):
            raise ValueError("expected sqlite:///path or postgresql://user:password@host/name")
        return value

    @field_validator("master_key")
    @classmethod
    def _key(cls, value: SecretStr) -> SecretStr:
        secret = value.get_secret_value()
        if secret and len(_decoded(secret)) != 32:
            raise ValueError("expected 32 bytes in base64")
        return value

    def roles(self) -> dict[str, Role]:
        """What each member of staff may do."""
        return {who: member.role for who, member in self.staff.items()}

    def names(self) -> dict[str, str]:
        """How each member of staff is called on cards; by role and id where no name is set."""
        return {who: m.name or f"{m.role} {who.removeprefix('tg:')}" for who, m in self.staff.items()}

    def master(self) -> bytes | None:
        """The key's 32 bytes; None where it lives in a file of KYC_HOME."""
        secret = self.master_key.get_secret_value()
        return _decoded(secret) if secret else None

    def public(self) -> str:
        """Where people reach this server by HTTPS; "" where they do not."""
        return self.public_url or self.webhook_url

    def database(self) -> str:
        """The database's URL."""
        return self.database_url or f"sqlite:///{self.kyc_home / 'kyc.sqlite3'}"


def _decoded(text: str) -> bytes:
    try:
        return base64.b64decode(text, validate=True)
    except ValueError:
        return b""


def load() -> Settings:
    """Raises SettingsError with one line for the first wrong value."""
    try:
        return Settings(**_from_files())
    except ValidationError as error:
        first = error.errors()[0]
        name = str(first["loc"][0]).upper()
        raise SettingsError(f"{name}: {first['msg'].removeprefix('Value error, ')}") from None


def _from_files() -> dict[str, Any]:
    """What NAME_FILE names hold, where NAME itself is not set."""
    found: dict[str, Any] = {}
    for name in Settings.model_fields:
        path = os.environ.get(f"{name.upper()}_FILE")
        if path and name.upper() not in os.environ:
            try:
                found[name] = Path(path).read_text().strip()
            except OSError as error:
                raise SettingsError(f"{name.upper()}_FILE: {error.strerror}: {path}") from None
    return found
