"""A refusal in Telegram's own shape."""

from __future__ import annotations

from typing import Any

Json = dict[str, Any]


class RefusedError(Exception):
    """A call that Telegram would not carry out: HTTP code, description and, at 429, the seconds to wait."""

    def __init__(self, description: str, code: int = 400, retry_after: int = 0) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> Json:
        parameters = {"parameters": {"retry_after": self.retry_after}} if self.retry_after else {}
        return {"ok": False, "error_code": self.code, "description": self.description} | parameters


def bad(reason: str) -> RefusedError:
    return RefusedError(f"Bad Request: {reason}")
