"""Reads whether a cell says yes or no; what is not wholly known says neither."""

import re

from newsletter.audience import answer_words as words

# A time at which something happened, in any of the ways that services and people write. Other
# words behind it, such as “2.3.2026 withdrawn”, may say the contrary.
_CLOCK = (
    r"(?:,?(?: |T)(?:(?:at|klo|kello|kl)\.? )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?"
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:z|utc|gmt|w?e[es]?t|west|eest|ces?t|[ecmp][sd]t|bst))?"
    r"(?: ?[+-]\d{1,2}(?::?\d{2})?)?(?: utc)?(?: \([a-z ]+ time\))?)?"
)
_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4})"
)
_TIME = re.compile(rf"(?:[^\W\d]{{2,12}},? )?{_DAY}{_CLOCK}|\d{{9,13}}", re.IGNORECASE)
_NEVER = re.compile(r"0000[-/]00[-/]00.*|[-–—]+|n/?a|nan")
_IN_FIGURES = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d{2}\b(?![-/.]\d)"
)
# A sign of any other kind, such as “?” or “†”, may turn a yes round.
_SIGNS = re.compile(r"[\w\s.,;:!()/&+'’\"“”„–—-]*")


def cell_says(text: str) -> bool | None:
    """Tell whether a whole cell is a yes or a time (True) or a no (False); None for all else."""
    lowered = text.casefold()
    if not text or lowered in words.NO or is_for_nothing(lowered):
        return False
    return True if lowered in words.YES or _TIME.fullmatch(text) else None


def sentence_says(text: str) -> bool | None:
    """Tell whether a cell says yes or no in words all of which are known to; None otherwise."""
    said = cell_says(text)
    if said is not None or not _SIGNS.fullmatch(text):
        return said
    undated, days = _IN_FIGURES.subn(" ", text.casefold())
    spoken = re.findall(r"[^\W_]+", re.sub(r"\be-(?=post|mail)|['’]", "", undated))
    if words.NO.intersection(spoken):
        return False if words.NO_SENTENCE.issuperset(spoken) and not days else None
    if spoken[:1] and spoken[0] in words.BEFORE_YES:
        spoken = spoken[1:]
    if not spoken or spoken[0] not in words.YES_STARTS or days > 1:
        return None
    # Behind most words, a day may be the one until which it holds.
    known = words.YES_DATED if days else words.YES_SENTENCE
    return True if known.issuperset(spoken) else None


def is_no(text: str) -> bool:
    """Tell whether a whole cell says that nothing happened: no, never a word of refusing."""
    lowered = text.casefold()
    return not text or lowered in words.PLAIN_NO or is_for_nothing(lowered)


def is_for_nothing(lowered: str) -> bool:
    """Tell whether a cell is a sign for nothing, such as “-”."""
    return bool(_NEVER.fullmatch(lowered))


def is_mark(text: str) -> bool:
    """Tell whether a cell holds nothing but a yes, a no or a mark."""
    lowered = text.strip().casefold()
    return lowered in words.MARKS or is_for_nothing(lowered)


def begins_as_answer(text: str) -> bool:
    """Tell whether a short cell begins with a yes or a no, as answers of forms do."""
    spoken = re.findall(r"[^\W_]+", text.casefold())
    return 1 <= len(spoken) <= 6 and len(spoken[0]) > 1 and spoken[0] in words.MARKS
