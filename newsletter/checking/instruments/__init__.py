"""The instruments of the checks: pages, styles, passages, dates, links and tables of words."""

from newsletter.checking.instruments.anchors import (
    Anchor,
    anchors_in,
    anchors_of,
    links_of,
    split_address,
)
from newsletter.checking.instruments.asking import is_asked, names_deadline
from newsletter.checking.instruments.computed import (
    LARGE,
    Run,
    block_of,
    first_of_each,
    own_values,
    runs_of,
    styles_of,
)
from newsletter.checking.instruments.days import Day, days_in, find_days, shown
from newsletter.checking.instruments.declaring import (
    Check,
    CheckResult,
    checks,
    no_issue_before,
    no_list,
    no_translation,
)
from newsletter.checking.instruments.draft import (
    ENDS_BLOCK,
    Audience,
    Draft,
    html_of,
    is_main,
    lines_of,
    pieces_of,
    shortened,
    text_of_html,
    unsubscribe_target,
    untagged,
    words_of,
)
from newsletter.checking.instruments.emoji import EMOJI, graphemes
from newsletter.checking.instruments.hosts import (
    host_of,
    own_domains,
    readable_host,
    registrable,
)
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.lettering import pixels
from newsletter.checking.instruments.page import Page, one_per_variant, page_of, pages_of
from newsletter.checking.instruments.passages import (
    Passage,
    bare,
    line_in,
    passages_in,
    passages_of,
    section_after,
    visible,
)
from newsletter.checking.instruments.selecting import declared_in_sheets
from newsletter.checking.instruments.sheets import (
    Declaration,
    StyleRule,
    declarations_in,
    declarations_of,
    sheets_of,
)
from newsletter.checking.instruments.shown_words import find_lost, words_in_html, words_in_text
from newsletter.checking.instruments.slips import suggest_link
from newsletter.checking.instruments.support import failing, named, unknown_clients, within
from newsletter.checking.instruments.template_lines import (
    Mending,
    mending,
    mending_in_sheet,
    origin_of,
    style_origin_of,
)
from newsletter.checking.instruments.text_language import (
    RUNS_LEFT,
    counts_of,
    language_of,
    primary,
    words_in,
)
from newsletter.checking.instruments.vocabulary import COMMON
from newsletter.checking.instruments.written import Word, words_of_code, written_words
from newsletter.colours import Colour, contrast, luminance

__all__ = [
    "COMMON",
    "EMOJI",
    "ENDS_BLOCK",
    "LARGE",
    "RUNS_LEFT",
    "Anchor",
    "Audience",
    "Check",
    "CheckResult",
    "Colour",
    "Day",
    "Declaration",
    "Draft",
    "Mending",
    "Page",
    "Passage",
    "Run",
    "StyleRule",
    "Word",
    "anchors_in",
    "anchors_of",
    "bare",
    "block_of",
    "checks",
    "contrast",
    "counts_of",
    "days_in",
    "declarations_in",
    "declarations_of",
    "declared_in_sheets",
    "failing",
    "find_days",
    "find_lost",
    "first_of_each",
    "graphemes",
    "host_of",
    "html_of",
    "is_asked",
    "is_main",
    "language_of",
    "line_in",
    "lines_of",
    "links_of",
    "luminance",
    "mending",
    "mending_in_sheet",
    "named",
    "names_deadline",
    "no_issue_before",
    "no_list",
    "no_translation",
    "once",
    "one_per_variant",
    "origin_of",
    "own_domains",
    "own_values",
    "page_of",
    "pages_of",
    "passages_in",
    "passages_of",
    "pieces_of",
    "pixels",
    "primary",
    "readable_host",
    "registrable",
    "runs_of",
    "section_after",
    "sheets_of",
    "shortened",
    "shown",
    "split_address",
    "style_origin_of",
    "styles_of",
    "suggest_link",
    "text_of_html",
    "unknown_clients",
    "unsubscribe_target",
    "untagged",
    "visible",
    "within",
    "words_in",
    "words_in_html",
    "words_in_text",
    "words_of",
    "words_of_code",
    "written_words",
]
