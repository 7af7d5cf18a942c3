"""Which way a face looks: MediaPipe's 468-point mesh (Apache-2.0) laid over the form of an average face."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from bot.readers.faces import Face

SIDE = 192  # pixels, fixed by the network
ROOM = 1.5  # of the face box's longer side goes into the network, as in MediaPipe's own graph
POINTS = 468
RIGHT_EYE, LEFT_EYE = 33, 263  # the outer corners, the person's own right first
# The mesh shies away from large turns. Five portraits and their mirror images, rendered as heads turned by 10, 20, 30
# and 40 degrees, read as 8, 15, 22 and 28 in the median: a reading r stands for (SHY + SHYER * |r|) * r, which makes
# them 10, 20, 30 and 40.
SHY, SHYER = 1.2, 0.008
REAL = 0.5  # of the network's certainty: below, what was found is no face

# Points that no expression moves much, in centimetres: x to the face's own left, y up, z out of the face.
# MediaPipe, modules/face_geometry/data/canonical_face_model.obj (Apache-2.0). Those with x below zero stand for a
# pair: their twin is the number beside them, with x above zero.
MIDDLE = {
    1: (0.0, -1.126865, 7.475604),  # tip of the nose
    4: (0.0, -0.463170, 7.586580),
    5: (0.0, 0.365669, 7.242870),
    6: (0.0, 2.473255, 5.788627),
    10: (0.0, 8.261778, 4.481535),  # hairline
    168: (0.0, 3.271027, 5.236015),  # between the eyes
    195: (0.0, 1.059413, 6.774605),
    197: (0.0, 1.728369, 6.316750),
}
PAIRS = {
    (33, 263): (-4.445859, 2.663991, 3.173422),  # outer corners of the eyes
    (133, 362): (-1.856432, 2.585245, 3.757904),  # inner corners
    (98, 327): (-1.405627, -1.714196, 5.241087),  # nostrils
    (54, 284): (-6.279331, 6.615427, 1.425850),  # temples
    (127, 356): (-7.743095, 2.364999, -2.005167),  # before the ears
    (234, 454): (-7.664182, 0.673132, -2.435867),
}
WHICH = (*MIDDLE, *(right for right, _ in PAIRS), *(left for _, left in PAIRS))
FORM = np.array([*MIDDLE.values(), *PAIRS.values(), *((-x, y, z) for x, y, z in PAIRS.values())])


@dataclass(frozen=True)
class Pose:
    """Where a face looks, in degrees, and how surely it is one (0 to 1).

    `yaw`: above zero where the nose points to the picture's right, which is the person's own left unless mirrored.
    `pitch`: above zero where it points up. `roll`: of the head, clockwise in the picture.
    `points`: the mesh's own (see `Mesh.points`).
    """

    yaw: float
    pitch: float
    roll: float
    score: float
    points: NDArray[np.float64] = field(repr=False, compare=False)


class Mesh:
    """The network loaded: 2.4 MB, some 20 ms."""

    def __init__(self, file: Path) -> None:
        import cv2

        self._net = cv2.dnn.readNetFromTFLite(str(file))
        self._outputs = self._net.getUnconnectedOutLayersNames()

    def points(
        self, picture: NDArray[np.uint8], into: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        """The 468 points of the face that `into` (see `levelled`) brings into the network's square, in the BGR picture's
        pixels (z in the same measure, towards us below zero), and the network's own certainty, 0 to 1.
        """
        import cv2

        crop = cv2.warpAffine(picture, into, (SIDE, SIDE), borderMode=cv2.BORDER_REPLICATE)
        self._net.setInput(cv2.dnn.blobFromImage(crop, 1 / 255, swapRB=True))
        outputs = {output.size: output for output in self._net.forward(self._outputs)}
        found = outputs[POINTS * 3].reshape(POINTS, 3).astype(np.float64)
        certain = 1 / (1 + math.exp(-float(np.clip(outputs[1].ravel()[0], -60, 60))))
        back = cv2.invertAffineTransform(into)
        flat = found[:, :2] @ back[:, :2].T + back[:, 2]
        return np.column_stack([flat, found[:, 2] * np.hypot(back[0, 0], back[0, 1])]), certain

    def pose(self, picture: NDArray[np.uint8], face: Face) -> Pose:
        """Where it looks; 5 ms of one thread. The second pass looks at what the first one found: a detector's box
        sits askew on a turned head.
        """
        points, score = self.points(picture, levelled(face.eyes, face.centre, max(face.width, face.height)))
        if score < REAL:
            return looked(points, score)
        low, high = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
        eyes = points[RIGHT_EYE, :2], points[LEFT_EYE, :2]
        return looked(*self.points(picture, levelled(eyes, (low + high) / 2, max(high - low))))


def levelled(eyes: Any, centre: Any, side: float) -> NDArray[np.float64]:
    """The affine map that brings a face of that side and centre (pixels), its eyes level, into the network's square."""
    import cv2

    right, left = eyes
    angle = float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))
    into: Any = cv2.getRotationMatrix2D((float(centre[0]), float(centre[1])), angle, SIDE / (ROOM * side))
    into[:, 2] += SIDE / 2 - np.asarray(centre)
    return np.asarray(into, dtype=np.float64)


def looked(points: NDArray[np.float64], score: float) -> Pose:
    """The turn that lays the average face over these points best (Kabsch's rotation by least squares)."""
    seen = points[list(WHICH)] * (1, -1, -1)  # y up, z towards us, as the form has them
    left, _, right = np.linalg.svd((seen - seen.mean(axis=0)).T @ (FORM - FORM.mean(axis=0)))
    turn: Any = left @ np.diag([1, 1, np.linalg.det(left @ right)]) @ right
    nose, across = turn[:, 2], turn[:, 0]
    read = np.degrees(np.arctan2(nose[0], nose[2]))
    yaw = (SHY + SHYER * abs(read)) * read
    pitch = np.degrees(np.arcsin(np.clip(nose[1], -1, 1)))
    roll = np.degrees(np.arctan2(-across[1], across[0]))
    return Pose(float(yaw), float(pitch), float(roll), score, points)
