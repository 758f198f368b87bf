"""Turns issues into editions: HTML and text with slots."""

from newsletter.render.authored import list_authored_links
from newsletter.render.brand import with_links
from newsletter.render.chain import LOOK_FILE, Look, LookError, look_named
from newsletter.render.copied import (
    COPIED_FILE,
    Memory,
    Origin,
    recall,
    recall_if_legible,
    remember,
    settle,
)
from newsletter.render.edition import (
    Letterhead,
    render_edition,
    trace_edition,
)
from newsletter.render.layout import picture_widths
from newsletter.render.lint import lint_templates
from newsletter.render.looks import (
    DEFAULT_LOOK,
    LOOKS,
    digest_of,
    find_packaged,
    is_packaged,
    likeness,
    names_in,
    was_packaged,
)
from newsletter.render.mrml import MjmlError
from newsletter.render.own_blocks import OwnBlocks, find_own_blocks
from newsletter.render.ownfiles import expect_own, keep_before, read_own, text_in, write_own
from newsletter.render.picture_files import TooLargeError, fit_picture, load_picture
from newsletter.render.pictures import load_pictures
from newsletter.render.script import shortages_of, style_values
from newsletter.render.style import FILE as STYLE_FILE
from newsletter.render.template_pictures import candidates_for

__all__ = [
    "COPIED_FILE",
    "DEFAULT_LOOK",
    "LOOKS",
    "LOOK_FILE",
    "STYLE_FILE",
    "Letterhead",
    "Look",
    "LookError",
    "Memory",
    "MjmlError",
    "Origin",
    "OwnBlocks",
    "TooLargeError",
    "candidates_for",
    "digest_of",
    "expect_own",
    "find_own_blocks",
    "find_packaged",
    "fit_picture",
    "is_packaged",
    "keep_before",
    "likeness",
    "lint_templates",
    "list_authored_links",
    "load_picture",
    "load_pictures",
    "look_named",
    "names_in",
    "picture_widths",
    "read_own",
    "recall",
    "recall_if_legible",
    "remember",
    "render_edition",
    "settle",
    "shortages_of",
    "style_values",
    "text_in",
    "trace_edition",
    "was_packaged",
    "with_links",
    "write_own",
]
