"""Puts the upload page together, where there is an address that sellers can open."""

from __future__ import annotations

from bot.cli.assemble import House
from bot.uploading import Uploading
from handlers.web.upload import Upload
from handlers.web.upload_page import UploadPage
from storage.uploads import Pieces


def uploads(built: House) -> Upload | None:
    """The page's endpoints; None where no public address is set, and no button offers them."""
    if built.desk.links is None:
        return None
    pieces = Pieces(built.settings.kyc_home / "uploads", built.storage.secret("uploads"))
    door = Uploading(built.desk, built.desk.links)
    return Upload(door, pieces, UploadPage(built.sender.words), built.sender.deliver)
