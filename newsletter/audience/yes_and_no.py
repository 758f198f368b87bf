"""Reads whether a cell says yes or no; what is not fully understood says neither."""

import re

from newsletter.audience import vocabulary as words

# A time at which something happened, in any of the ways that services and people write it. Words
# after it, such as “2.3.2026 withdrawn”, may say the opposite.
CLOCK = (
    r"(?:,?(?: |T)(?:(?:at|klo|kello|kl)\.? )?\d{1,2}[:.]\d{2}(?:[:.]\d{2}(?:[.,]\d{1,9})?)?"
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:z|utc|gmt|w?e[es]?t|west|eest|ces?t|[ecmp][sd]t|bst))?"
    r"(?: ?[+-]\d{1,2}(?::?\d{2})?)?(?: utc)?(?: \([a-z ]+ time\))?)?"
)
_DAY = (
    r"(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[./-]\d{1,2}[./-]\d{2,4}"
    r"|[a-z]{3,9}\.? \d{1,2},? \d{4}|\d{1,2}\.? [^\W\d]{3,12}\.?,? \d{4})"
)
_TIME = re.compile(rf"(?:[^\W\d]{{2,12}},? )?{_DAY}{CLOCK}|\d{{9,13}}", re.IGNORECASE)
# A day as a spreadsheet counts it, since 1900; only where a day is meant, as any figure may be one.
SERIAL_DAY = re.compile(r"([345]\d{4})(?:[.,]\d+)?")
_NEVER = re.compile(r"0000[-/]00[-/]00.*|[-–—]+|n/?a|nan")
_IN_FIGURES = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}|\b(?:19|20)\d{2}\b(?![-/.]\d)"
)
# Any other sign, such as “?” or “†”, may reverse a yes.
_SIGNS = re.compile(r"[\w\s.,;:!()/&+'’\"“”„–—-]*")


def cell_says(text: str) -> bool | None:
    """Return True if a whole cell is a yes or a time, False if a no, None for anything else."""
    lowered = text.casefold()
    if not text or lowered in words.NO or is_empty_sign(lowered):
        return False
    return True if lowered in words.YES or _TIME.fullmatch(text) else None


def sentence_says(text: str) -> bool | None:
    """Return whether a cell says yes or no, if all its words are known to; None otherwise."""
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
    # After most words, a day may be an end date.
    known = words.YES_DATED if days else words.YES_SENTENCE
    return True if known.issuperset(spoken) else None


def is_no(text: str) -> bool:
    """Return whether a whole cell says that nothing happened: a no, but not a word of refusal."""
    lowered = text.casefold()
    return not text or lowered in words.PLAIN_NO or is_empty_sign(lowered)


def is_empty_sign(lowered: str) -> bool:
    """Return whether a cell is a sign for nothing, such as “-”."""
    return bool(_NEVER.fullmatch(lowered))


def is_mark(text: str) -> bool:
    """Return whether a cell is just a yes, a no or a mark."""
    lowered = text.strip().casefold()
    return lowered in words.MARKS or is_empty_sign(lowered)


def begins_as_answer(text: str) -> bool:
    """Return whether a short cell begins with a yes or a no, as answers on forms do."""
    spoken = re.findall(r"[^\W_]+", text.casefold())
    return 1 <= len(spoken) <= 6 and len(spoken[0]) > 1 and spoken[0] in words.MARKS
