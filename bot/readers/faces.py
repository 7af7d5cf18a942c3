"""Faces in pictures: where they are (YuNet, MIT) and whether two show the same person (SFace, Apache-2.0)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from bot.readers.image import Unreadable, pages
from bot.readers.models import MissingModelError, weights

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# Cosine of two SFace vectors. OpenCV Zoo's own threshold is 0.363; on three labelled sets it made no error, but the
# hardest pair of strangers scored 0.361: so a pass needs room above that, and what lies between is for a person.
ACCEPT = 0.45
DOUBT = 0.36

CERTAIN = 0.7  # YuNet's score from which a box is a face; below, ears and collars begin
SURE = 0.9  # and this way up: 21 pictures scored 0.91 to 0.95 upright, 0.89 at the most turned
OVERLAP = 0.3  # of two boxes: above, they are one face (OpenCV's own example)
# Pixels of the long side a picture is searched at, the cheaper first; small ones are enlarged: portraits on cards are
# tiny.
SIDES = (640, 1280)
BESIDE = 0.7  # of the box: two heads cheek to cheek are a whole width apart
EYES_APART = (
    12.0  # pixels at least; measured: nothing is lost down to 12, at 8 a true pair falls below ACCEPT
)
EYES = ((38, 52, 9, 4), (74, 52, 9, 4))  # centre and half sizes in an aligned face of 112 by 112
CHEEKS = ((36, 73, 6, 4), (76, 73, 6, 4))
DARK, DARK_ALL_OVER = (
    0.32,
    0.46,
)  # of the cheeks' lightness: their middle, their lightest tenth. Dark glasses drawn on
# six portraits had at most 0.27 and 0.45; the same portraits darkened to a gamma of 2.2 at least 0.22 and 0.49
RIVAL = 0.5  # of the largest face's height: a face that could be the one meant
LANDMARKS = 5


@dataclass(frozen=True)
class Face:
    """A face's box in pixels, its landmarks (right eye, left eye, nose, corners of the mouth: the person's own right
    first) and the detector's score, 0 to 1.
    """

    x: float
    y: float
    width: float
    height: float
    landmarks: tuple[tuple[float, float], ...]
    score: float

    @property
    def eyes(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return self.landmarks[0], self.landmarks[1]

    @property
    def eyes_apart(self) -> float:
        """Pixels between the eyes."""
        right, left = self.eyes
        return float(np.hypot(left[0] - right[0], left[1] - right[1]))

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + self.width / 2, self.y + self.height / 2

    @property
    def nose_aside(self) -> float:
        """How far the nose lies beside the middle of eyes and mouth, to the face's own left, in their distance."""
        right, left, nose, *mouth = (np.asarray(point) for point in self.landmarks)
        eyes, lips = (right + left) / 2, (mouth[0] + mouth[1]) / 2
        across, tall = left - right, float(np.hypot(*(lips - eyes)))
        off = (nose - (eyes + lips) / 2) @ across / max(float(np.hypot(*across)), 1e-6)
        return float(off) / max(tall, 1e-6)

    def holds(self, other: Face) -> bool:
        """The other's centre lies in this box or hardly beside it: an eye, an ear or a collar taken for a face."""
        (x, y), (u, v) = self.centre, other.centre
        return abs(u - x) <= BESIDE * self.width and abs(v - y) <= BESIDE * self.height


@dataclass(frozen=True)
class Found:
    """The faces of a picture, the largest first, in the BGR pixels (upright, of the size searched) they lie in."""

    pixels: NDArray[np.uint8]
    faces: tuple[Face, ...]


class Faces:
    """Both networks loaded: about 60 ms and 100 MB."""

    def __init__(self, folder: Path) -> None:
        import cv2

        detector = str(weights(folder, "detector"))
        self._detector = cv2.FaceDetectorYN.create(detector, "", (320, 320), CERTAIN, OVERLAP, 100)
        self._recogniser = cv2.FaceRecognizerSF.create(str(weights(folder, "recogniser")), "")

    def seen(self, pixels: NDArray[np.uint8]) -> tuple[Face, ...]:
        """The faces of BGR pixels as they stand, the largest first; 15 ms of one thread at 640 by 480."""
        self._detector.setInputSize((pixels.shape[1], pixels.shape[0]))
        _, rows = self._detector.detect(pixels)
        if rows is None:
            return ()
        found = sorted(map(_face, rows), key=lambda face: face.width * face.height, reverse=True)
        return tuple(f for at, f in enumerate(found) if not any(g.holds(f) for g in found[:at]))

    def found(self, pixels: NDArray[np.uint8]) -> Found:
        """The same, whatever the picture's size and whichever way it was turned; 15 to 60 ms, 0.5 s where there is none.

        A face upside down is found too, its mouth taken for eyes, and would be compared wrongly; upright it scores
        higher. So unless one is sure, all four ways are tried.
        """
        for side in SIDES:
            best = Found(_sized(pixels, side), ())
            for quarters in range(4):
                turned = np.ascontiguousarray(np.rot90(_sized(pixels, side), quarters))
                found = Found(turned, self.seen(turned))
                best = max(best, found, key=lambda one: one.faces[0].score if one.faces else 0.0)
                if best.faces and best.faces[0].score >= SURE:
                    return best
            if best.faces:
                return best
        return Found(pixels, ())

    def vector(self, pixels: NDArray[np.uint8], face: Face) -> NDArray[np.float32]:
        """128 numbers that tell a person from others (see `likeness`); 30 ms of one thread."""
        return (
            np.asarray(self._recogniser.feature(self._aligned(pixels, face)), dtype=np.float32).ravel().copy()
        )

    def eyes_covered(self, pixels: NDArray[np.uint8], face: Face) -> bool:
        """Dark glasses: where both eyes are it is dark throughout, beside the cheeks; no white of an eye, no lid."""
        import cv2

        light = cv2.cvtColor(self._aligned(pixels, face), cv2.COLOR_BGR2LAB)[:, :, 0].astype(np.float64)
        skin = float(np.median([_patch(light, *place) for place in CHEEKS]))
        eyes = [_patch(light, *place) / max(skin, 1.0) for place in EYES]
        return all(np.median(eye) <= DARK and np.percentile(eye, 90) <= DARK_ALL_OVER for eye in eyes)

    def _aligned(self, pixels: NDArray[np.uint8], face: Face) -> NDArray[np.uint8]:
        """112 by 112 pixels, its eyes and mouth where the recogniser wants them."""
        points = [value for point in face.landmarks for value in point]
        row = np.array([[face.x, face.y, face.width, face.height, *points, face.score]], dtype=np.float32)
        return np.asarray(self._recogniser.alignCrop(pixels, row), dtype=np.uint8)


@lru_cache(maxsize=1)
def loaded(folder: Path) -> Faces:
    """The networks, once a process. Raises MissingModelError."""
    return Faces(folder)


def _patch(light: NDArray[np.float64], x: int, y: int, wide: int, high: int) -> NDArray[np.float64]:
    return light[y - high : y + high + 1, x - wide : x + wide + 1].ravel()


def _face(row: NDArray[np.float32]) -> Face:
    x, y, width, height, *points, score = (float(value) for value in row)
    landmarks = tuple((points[2 * at], points[2 * at + 1]) for at in range(LANDMARKS))
    return Face(x, y, width, height, landmarks, score)


def _sized(pixels: NDArray[np.uint8], side: int) -> NDArray[np.uint8]:
    import cv2

    scale = side / max(pixels.shape[:2])
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    width, height = (max(round(length * scale), 1) for length in pixels.shape[1::-1])
    return np.asarray(cv2.resize(pixels, (width, height), interpolation=how), dtype=np.uint8)


def likeness(one: NDArray[np.float32], other: NDArray[np.float32]) -> float:
    """Cosine of two vectors, -1 to 1: from ACCEPT the same person, below DOUBT another."""
    return float(one @ other / max(float(np.linalg.norm(one) * np.linalg.norm(other)), 1e-9))


@dataclass(frozen=True)
class Portrait:
    """The face that a picture is about: how many faces there are, its vector, and what speaks against using it.

    `why`: no_face, several_faces (another of half its height or more, of another person), too_small,
    eyes_covered, or nothing.
    """

    count: int
    vector: NDArray[np.float32] | None = None
    why: str = ""


def portrait(networks: Faces, pixels: NDArray[np.uint8]) -> Portrait:
    """The largest face. A smaller print of the same portrait, as documents bear, is no second person."""
    found = networks.found(pixels)
    if not found.faces:
        return Portrait(0, why="no_face")
    largest, *others = found.faces
    scale = max(found.pixels.shape[:2]) / max(pixels.shape[:2])
    vector = networks.vector(found.pixels, largest)
    rivals = [face for face in others if face.height >= RIVAL * largest.height]
    if any(likeness(vector, networks.vector(found.pixels, rival)) < ACCEPT for rival in rivals):
        return Portrait(len(found.faces), vector, "several_faces")
    if largest.eyes_apart / scale < EYES_APART:
        return Portrait(len(found.faces), vector, "too_small")
    covered = networks.eyes_covered(found.pixels, largest)
    return Portrait(len(found.faces), vector, "eyes_covered" if covered else "")


def portrait_in(networks: Faces, data: bytes) -> Portrait:
    """The same from a file of any kind that is read; of several pages the first with a face. Raises Unreadable."""
    seen = [portrait(networks, np.ascontiguousarray(page.pixels[:, :, ::-1])) for page in pages(data)]
    return next((one for one in seen if one.count), seen[0] if seen else Portrait(0, why="no_face"))


def verdict(similarity: float) -> str:
    """pass, review or reject."""
    return "pass" if similarity >= ACCEPT else "review" if similarity >= DOUBT else "reject"


def evidence(selfie: bytes, document: bytes, folder: Path) -> dict[str, str]:
    """Whether a selfie shows the face of a document's portrait.

    `faces`, `portrait_faces`: how many there are. `face_why`, `portrait_why`: see Portrait, or Unreadable's code.
    `similarity`: the cosine, where both have a face. `face_match`: pass, review or reject; review wherever something
    speaks against one of the two. `unread`: no_model where the weights are missing.
    """
    try:
        networks = loaded(folder)
    except MissingModelError:
        return {"unread": "no_model"}
    one, other = _portrait(networks, selfie), _portrait(networks, document)
    counts = {"faces": str(one.count), "portrait_faces": str(other.count)}
    whys = {name: why for name, why in (("face_why", one.why), ("portrait_why", other.why)) if why}
    if one.vector is None or other.vector is None:
        return {**counts, **whys, "face_match": "review"}
    similarity = likeness(one.vector, other.vector)
    match = "review" if whys else verdict(similarity)
    return {**counts, **whys, "similarity": f"{similarity:.3f}", "face_match": match}


def _portrait(networks: Faces, data: bytes) -> Portrait:
    try:
        return portrait_in(networks, data)
    except Unreadable as error:
        return Portrait(0, why=error.code)
