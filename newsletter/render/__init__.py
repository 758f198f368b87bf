"""Turns issues into editions: HTML and text with slots, then messages as bytes per recipient."""

from newsletter.render.chain import Look
from newsletter.render.edition import (
    Letterhead,
    render_edition,
    trace_edition,
    unsubscribe_mailto,
)
from newsletter.render.layout import picture_widths
from newsletter.render.lint import lint_templates
from newsletter.render.own_blocks import OwnBlocks, find_own_blocks
from newsletter.render.picture_files import load_picture
from newsletter.render.pictures import load_pictures
from newsletter.render.template_pictures import candidates_for

__all__ = [
    "Letterhead",
    "Look",
    "OwnBlocks",
    "candidates_for",
    "find_own_blocks",
    "lint_templates",
    "load_picture",
    "load_pictures",
    "picture_widths",
    "render_edition",
    "trace_edition",
    "unsubscribe_mailto",
]
