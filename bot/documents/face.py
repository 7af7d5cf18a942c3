"""The face: only where its owner agrees, and a person can always do without."""

from bot import answers
from bot.checks import face, picture
from bot.documents.base import Document, Question

FACE_CONSENT = Question(
    "face_consent", answers.one_of("agree", "decline"), options=("agree", "decline"), typed=False
)
SELFIE = Document(
    "selfie",
    accepts=frozenset({"selfie"}),
    checks=(picture.opened, picture.right_kind, face.one_face, face.same_face),
)
LIVENESS = Document(
    "liveness", accepts=frozenset({"liveness"}), checks=(picture.opened, face.alive), film=True
)
