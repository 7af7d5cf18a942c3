"""Brings the bytes of files that were sent to the bot: the Fetch port on getFile."""

from __future__ import annotations

from dataclasses import dataclass

from telegram.error import TelegramError

from bot.ports import UnreadError
from handlers.telegram.api import Api
from handlers.telegram.request import LARGEST, MEBIBYTE, TooLargeError


@dataclass(frozen=True, slots=True)
class Files:
    """`largest`, in bytes: getFile itself stops at 20 MiB, but for a Bot API server of one's own."""

    api: Api
    largest: int = LARGEST

    async def fetch(self, ref: str) -> bytes:
        """The file behind a file id. Raises UnreadError: too large, gone, or Telegram out of reach."""
        try:
            found = await self.api.call("getFile", {"file_id": ref})
            if found.get("file_size", 0) > self.largest:
                raise self._too_large()
            if "file_path" not in found:
                raise UnreadError("Telegram names no path for this file")
            return await self.api.file(found["file_path"])
        except TooLargeError as error:
            raise self._too_large() from error
        except TelegramError as error:
            if "too big" in error.message.lower():
                raise self._too_large() from error
            raise UnreadError(f"Telegram did not give the file: {type(error).__name__}") from error

    def _too_large(self) -> UnreadError:
        return UnreadError(f"the file is larger than {self.largest // MEBIBYTE} MB", "too_big")
