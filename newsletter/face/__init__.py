"""The face of pages on the web: the newsletter's look and words, and templates that have them."""

from newsletter.face.faces import Asset, Face, Imprint, face_of
from newsletter.face.filling import LANGUAGES, fill_page
from newsletter.face.standing_alone import embedding, style_alone

__all__ = [
    "LANGUAGES",
    "Asset",
    "Face",
    "Imprint",
    "embedding",
    "face_of",
    "fill_page",
    "style_alone",
]
