"""The face of pages on the web: the newsletter's look and words, and templates that have them."""

from newsletter.face.faces import Asset, Face, Imprint, face_of
from newsletter.face.filling import LANGUAGES, fill_page

__all__ = ["LANGUAGES", "Asset", "Face", "Imprint", "face_of", "fill_page"]
