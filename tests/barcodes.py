"""Licences of invented people as AAMVA data, and photos of cards that carry them: tilted, askew, noisy, in shadow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import cv2
import numpy as np
import zxingcpp
from numpy.typing import NDArray

ADA = {
    "DCA": "D",
    "DBA": "12102030",
    "DCS": "LOVELACE",
    "DAC": "ADA",
    "DAD": "AUGUSTA",
    "DBD": "12112022",
    "DBB": "12101990",
    "DBC": "2",
    "DAY": "BRO",
    "DAU": "065 in",
    "DAG": "12 ANALYTICAL WAY",
    "DAI": "SPRINGFIELD",
    "DAJ": "VA",
    "DAK": "221500000",
    "DAQ": "T64235789",
    "DCF": "2424244747474786102204",
    "DCG": "USA",
    "DDE": "N",
    "DDF": "N",
    "DDG": "N",
}
CARD = 1400, 883  # ID-1: 85.6 x 54 mm
BARS = 100, 480, 1200, 330  # left, top, width and height of the barcode there, about as on licences
Pixels = NDArray[np.uint8]


def aamva(
    fields: Mapping[str, str] = ADA, *, version: int = 9, kind: str = "DL", iin: str = "636000"
) -> bytes:
    """After annex D.12 of the AAMVA card design standard: header, table of one subfile, its elements."""
    body = kind + "\n".join(f"{name}{value}" for name, value in fields.items()) + "\r"
    start = f"@\n\x1e\rANSI {iin}{version:02}{'' if version < 2 else '00'}01"
    content = body.encode("latin-1")
    return f"{start}{kind}{len(start) + 10:04}{len(content):04}".encode() + content


def symbol(content: bytes, columns: int = 12) -> Pixels:
    """Black bars on white, one pixel a module, without a quiet zone."""
    made = zxingcpp.create_barcode(content, zxingcpp.BarcodeFormat.PDF417, columns=columns)
    return np.array(made.to_image(scale=1, add_quiet_zones=False))


def card(content: bytes) -> Pixels:
    """The back of a card: a magnetic stripe, rows of small print, the barcode."""
    sheet = np.full((CARD[1], CARD[0], 3), (226, 232, 238), np.uint8)
    sheet[60:200] = 40
    for row in range(6):
        words = "CLASS D  REST NONE  ENDORSEMENTS NONE  SPECIMEN OF NOBODY"
        cv2.putText(
            sheet, words, (100, 250 + 38 * row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, (60, 60, 70), 2, cv2.LINE_AA
        )
    left, top, wide, high = BARS
    sheet[top - 20 : top + high + 20, left - 30 : left + wide + 30] = 255
    bars = cv2.resize(symbol(content), (wide, high), interpolation=cv2.INTER_AREA)
    sheet[top : top + high, left : left + wide] = bars[:, :, None]
    return sheet


@dataclass(frozen=True)
class Photo:
    """How a picture is taken: its longer side in pixels, degrees, shares, grey levels; 1.0 of `fill` is edge to edge."""

    side: int = 1280
    fill: float = 0.85
    tilt: float = 0
    skew: float = 0
    blur: float = 0
    noise: float = 0
    shadow: float = 0
    quality: int = 95
    seed: int = 0

    def of(self, sheet: Pixels) -> Pixels:
        chance = np.random.default_rng(self.seed)
        placed = self._placed(sheet, chance)
        lit = placed.astype(np.float32) * self._light(placed.shape, chance)
        if self.blur:
            lit = cv2.GaussianBlur(lit, (0, 0), self.blur)
        lit += chance.normal(0, self.noise, lit.shape)
        coded = cv2.imencode(
            ".jpg", lit.clip(0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, self.quality]
        )[1]
        return np.asarray(cv2.imdecode(coded, cv2.IMREAD_COLOR), np.uint8)

    def _placed(self, sheet: Pixels, chance: np.random.Generator) -> Pixels:
        """On a wooden table, the corners moved by up to `skew` of the card's width."""
        high, wide = sheet.shape[:2]
        frame = self.side, self.side * 3 // 4
        corners = np.array([(-wide, -high), (wide, -high), (wide, high), (-wide, high)], np.float32) / 2
        turn = np.deg2rad(self.tilt)
        turned = corners @ np.array([(np.cos(turn), np.sin(turn)), (-np.sin(turn), np.cos(turn))], np.float32)
        room = min(frame[0] / np.ptp(turned[:, 0]), frame[1] / np.ptp(turned[:, 1]))
        moved = turned * room * self.fill + np.array(frame) / 2
        moved += chance.uniform(-1, 1, (4, 2)) * self.skew * wide * room * self.fill
        flat = (corners + np.array((wide, high)) / 2).astype(np.float32)
        shape = cv2.getPerspectiveTransform(flat, moved.astype(np.float32))
        table = np.tile(chance.normal(120, 14, (frame[1], 1, 3)), (1, frame[0], 1))
        grain = cv2.GaussianBlur(table, (0, 0), 1.5).clip(0, 255).astype(np.uint8)
        soft: Any = max(0.0, 0.45 / (room * self.fill) - 0.3)
        sharp = cv2.GaussianBlur(sheet, (0, 0), soft) if soft > 0.2 else sheet
        laid = cv2.warpPerspective(sharp, shape, frame, dst=grain, borderMode=cv2.BORDER_TRANSPARENT)
        return np.asarray(laid, np.uint8)

    def _light(self, shape: tuple[int, ...], chance: np.random.Generator) -> NDArray[np.float32]:
        """A shadow with a soft edge across the picture: 0 none, 0.6 takes 60 % of the light."""
        angle = chance.uniform(0, 2 * np.pi)
        down, across = np.mgrid[0 : shape[0], 0 : shape[1]]
        along = (across / shape[1] - 0.5) * np.cos(angle) + (down / shape[0] - 0.5) * np.sin(angle)
        light = 1 - self.shadow / (1 + np.exp(-along * 20))
        return np.asarray(light[:, :, None], np.float32)


def phone(seed: int, tilt: float, side: int = 1280) -> Photo:
    """A hand-held picture: everything a little wrong, by the seed."""
    chance = np.random.default_rng(seed)
    return Photo(
        side,
        fill=float(chance.uniform(0.7, 0.95)),
        tilt=tilt,
        skew=float(chance.uniform(0, 0.04)),
        blur=float(chance.uniform(0, 0.8)),
        noise=float(chance.uniform(2, 10)),
        shadow=float(chance.uniform(0, 0.6)),
        quality=60,
        seed=seed,
    )
