"""What a paper shows: its files are brought into the vault, then read beside what they are to be compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.facts import Facts, Paper
from bot.model import BIOMETRIC, NO_DOCUMENT, CaseId, File, Key, Retention
from bot.ports import Beside, Clock, Fetch, Reader, UnknownError, UnreadError, Vault
from bot.uploads import MARK, kept_as

GIVE_UP = timedelta(hours=6)  # after this long a file that cannot be fetched goes to a person
PORTRAITS = {
    "selfie": ("identity",),
    "liveness": ("selfie", "identity"),
}  # where the face is that is to be the same


@dataclass(frozen=True, slots=True)
class Reading:
    """Vault, reader and what brings files, side by side."""

    vault: Vault
    reader: Reader
    fetch: Fetch
    clock: Clock

    async def evidence(self, case: CaseId, paper: Paper, facts: Facts) -> Mapping[str, str]:
        """Raises UnreadError where a file cannot be fetched just now."""
        try:
            files = [
                await self._kept(case, kept_as(sequence, n, file), file, paper.key)
                for n, (sequence, file) in enumerate(paper.files)
            ]
        except UnreadError as error:
            if error.code:
                return {"unread": error.code}
            if self.clock.now() - paper.at < GIVE_UP:
                raise
            return {"unread": "lost"}
        turns = tuple(paper.asked.split(",")) if paper.asked else ()
        beside = Beside(await self._portrait(case, paper, facts), turns)
        return await self.reader.read(files, paper.key.requirement, beside)

    async def _portrait(self, case: CaseId, paper: Paper, facts: Facts) -> tuple[bytes, ...]:
        """The files of the newest paper that shows the face; none where nothing is to be compared."""
        for name in PORTRAITS.get(paper.key.requirement, ()):
            shown = [p for p in facts.papers if p.key == Key(name) and _shows(p)]
            if shown:
                files = enumerate(shown[-1].files)
                return tuple([await self.vault.get(case, kept_as(s, n, file)) for n, (s, file) in files])
        return ()

    async def _kept(self, case: CaseId, name: str, file: File, key: Key) -> bytes:
        """The file from the vault; fetched into it first where it is not there yet."""
        try:
            return await self.vault.get(case, name)
        except UnknownError:
            if file.ref.startswith(MARK):
                raise UnreadError("what was uploaded is not in the vault", "lost") from None
            content = await self.fetch.fetch(file.ref)
            kept = Retention.BIOMETRICS if key.requirement in BIOMETRIC else Retention.IDENTITY
            await self.vault.put(case, name, content, kept)
            return content


def _shows(paper: Paper) -> bool:
    """Files that were read, and are still there."""
    seen = paper.evidence or {}
    return bool(paper.files) and bool(seen) and seen.get("type") != NO_DOCUMENT and "unread" not in seen
