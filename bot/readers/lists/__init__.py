"""Files of watchlists in the formats of those who publish them, recognised by what is in them."""

from bot.readers.lists.sniff import ListFileError, Part, parse

__all__ = ["ListFileError", "Part", "parse"]
