"""The instruments of the checks: pages, styles, passages, dates, links and tables of words."""

from newsletter.checking.instruments.anchors import (
    Anchor,
    anchors_in,
    anchors_of,
    links_of,
    split_address,
)
from newsletter.checking.instruments.asking import is_asked, names_deadline
from newsletter.checking.instruments.calendar_words import CLOCK, MONTH, SHORT, clocks_in, month_of
from newsletter.checking.instruments.colours import (
    BLACK,
    WHITE,
    Colour,
    colour_of,
    contrast,
    darkened,
    inverted,
    lightened,
    luminance,
)
from newsletter.checking.instruments.computed import (
    LARGE,
    Run,
    block_of,
    own_values,
    runs_of,
    styles_of,
)
from newsletter.checking.instruments.conditional import outlook_alternatives
from newsletter.checking.instruments.consequences import (
    COLOURS,
    CONSEQUENCE,
    HARMLESS,
    SIZES,
    Impact,
)
from newsletter.checking.instruments.cures import IN_SHEET, IN_TEMPLATE
from newsletter.checking.instruments.days import Day, days_in, find_days, shown
from newsletter.checking.instruments.declaring import Check, CheckResult, checks
from newsletter.checking.instruments.draft import (
    ENDS_BLOCK,
    Audience,
    Draft,
    html_of,
    is_main,
    lines_of,
    shortened,
    text_of_html,
    unsubscribe_target,
    words_of,
)
from newsletter.checking.instruments.emoji import EMOJI, graphemes
from newsletter.checking.instruments.features import of_element, of_property, of_selector, of_value
from newsletter.checking.instruments.hosts import (
    PRIVATE,
    SHORTENERS,
    host_of,
    readable_host,
    registrable,
    registrable_domains,
)
from newsletter.checking.instruments.inbox_words import (
    ANSWERED,
    FILLER,
    PLACEHOLDERS,
    REMINDERS,
    THREAD,
)
from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.lettering import pixels
from newsletter.checking.instruments.link_words import is_generic, normal
from newsletter.checking.instruments.page import Page, one_per_variant, page_of
from newsletter.checking.instruments.passages import (
    Passage,
    bare,
    line_in,
    passages_in,
    passages_of,
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
from newsletter.checking.instruments.support import (
    failing,
    named,
    tested_on,
    unknown_clients,
    within,
)
from newsletter.checking.instruments.text_language import (
    COMMON,
    RUNS_LEFT,
    counts_of,
    language_of,
    words_in,
)
from newsletter.checking.instruments.wellformed import charset_flaws, flaws_of
from newsletter.checking.instruments.written import Word, words_of_code, written_words

__all__ = [
    "ANSWERED",
    "BLACK",
    "CLOCK",
    "COLOURS",
    "COMMON",
    "CONSEQUENCE",
    "EMOJI",
    "ENDS_BLOCK",
    "FILLER",
    "HARMLESS",
    "IN_SHEET",
    "IN_TEMPLATE",
    "LARGE",
    "MONTH",
    "PLACEHOLDERS",
    "PRIVATE",
    "REMINDERS",
    "RUNS_LEFT",
    "SHORT",
    "SHORTENERS",
    "SIZES",
    "THREAD",
    "WHITE",
    "Anchor",
    "Audience",
    "Check",
    "CheckResult",
    "Colour",
    "Day",
    "Declaration",
    "Draft",
    "Impact",
    "Page",
    "Passage",
    "Run",
    "StyleRule",
    "Word",
    "anchors_in",
    "anchors_of",
    "bare",
    "block_of",
    "charset_flaws",
    "checks",
    "clocks_in",
    "colour_of",
    "contrast",
    "counts_of",
    "darkened",
    "days_in",
    "declarations_in",
    "declarations_of",
    "declared_in_sheets",
    "failing",
    "find_days",
    "find_lost",
    "flaws_of",
    "graphemes",
    "host_of",
    "html_of",
    "inverted",
    "is_asked",
    "is_generic",
    "is_main",
    "language_of",
    "lightened",
    "line_in",
    "lines_of",
    "links_of",
    "luminance",
    "month_of",
    "named",
    "names_deadline",
    "normal",
    "of_element",
    "of_property",
    "of_selector",
    "of_value",
    "once",
    "one_per_variant",
    "outlook_alternatives",
    "own_values",
    "page_of",
    "passages_in",
    "passages_of",
    "pixels",
    "readable_host",
    "registrable",
    "registrable_domains",
    "runs_of",
    "sheets_of",
    "shortened",
    "shown",
    "split_address",
    "styles_of",
    "suggest_link",
    "tested_on",
    "text_of_html",
    "unknown_clients",
    "unsubscribe_target",
    "visible",
    "within",
    "words_in",
    "words_in_html",
    "words_in_text",
    "words_of",
    "words_of_code",
    "written_words",
]
