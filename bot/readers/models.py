"""Which weights the readers need beside their libraries, where they lie, and whether they are the right ones."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

MANIFEST = Path(__file__).with_name("models.toml")


class MissingModelError(Exception):
    """Weights that are not there, or not the bytes pinned; `model` names them."""

    def __init__(self, model: Model) -> None:
        super().__init__(f"{model.file} is missing: {model.purpose}")
        self.model = model


@dataclass(frozen=True)
class Carrier:
    """A wheel of the package index that holds a model's bytes at `path`."""

    package: str
    version: str
    path: str


@dataclass(frozen=True)
class Model:
    """A row of models.toml. `size` in bytes; `purpose` says what does not work without it."""

    name: str
    file: str
    sha256: str
    size: int
    licence: str
    purpose: str
    urls: tuple[str, ...] = ()
    carriers: tuple[Carrier, ...] = ()

    def fits(self, data: bytes) -> bool:
        """These are the pinned bytes."""
        return len(data) == self.size and hashlib.sha256(data).hexdigest() == self.sha256

    def lies_in(self, folder: Path) -> bool:
        """The pinned bytes are there; 0.1 s for the largest."""
        path = folder / self.file
        return path.is_file() and path.stat().st_size == self.size and self.fits(path.read_bytes())


def manifest(path: Path = MANIFEST) -> tuple[Model, ...]:
    """Every model, in the order of the file."""
    rows = tomllib.loads(path.read_text("utf-8"))["model"]
    return tuple(
        Model(
            **{
                **row,
                "urls": tuple(row.get("urls", ())),
                "carriers": tuple(Carrier(**carrier) for carrier in row.get("carriers", ())),
            }
        )
        for row in rows
    )


@lru_cache(maxsize=16)
def weights(folder: Path, name: str) -> Path:
    """The file of the model of that name, checked once a process. Raises MissingModelError."""
    model = next(model for model in manifest() if model.name == name)
    if not model.lies_in(folder):
        raise MissingModelError(model)
    return folder / model.file
