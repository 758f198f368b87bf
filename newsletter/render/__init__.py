"""Issues become editions: HTML and text with slots, then messages of bytes per recipient."""

from newsletter.render.edition import Letterhead, render_edition, unsubscribe_mailto
from newsletter.render.pictures import load_picture, load_pictures

__all__ = ["Letterhead", "load_picture", "load_pictures", "render_edition", "unsubscribe_mailto"]
