"""Checks that the text part says what the HTML says, and reads well."""

import re
from collections.abc import Iterator
from urllib.parse import unquote

from newsletter.checking.instruments import (
    Draft,
    Page,
    checks,
    one_per_variant,
    page_of,
    pieces_of,
    shortened,
    text_of_html,
    untagged,
    words_of,
)
from newsletter.language import Wording, say
from newsletter.model import Finding, Rule, Severity, Specimen

_MISSING_MOST, _MISSING_ALL = 0.5, 0.95  # share of the words of the HTML
_RATIO = (0.5, 3)  # words of the text part for each word of the HTML
_WIDEST = 78  # characters (RFC 5322, section 2.1.1)
_SHOWN = 60  # characters
_TEMPLATE = say("look at the templates and at what writes the text part")
_NUMBER = re.compile(r"\d+(?:[.,:–-]\d+)*")
_MARKUP = re.compile(
    r"</?(?:p|div|br|span|strong|em|b|i|a|ul|ol|li|t[rdh]|table|img|h[1-6])\b[^>\n]*>"
    r"|&(?:[a-z]{2,8}|#\d{1,6}|#x[0-9a-f]{1,6});"
)
_HOLLOW = re.compile(
    r"\[[^\S\n]*\n?[^\S\n]*\]\([^)]*\)|\[[^\]\n]*\]\(\s*\)|(?<=\s)(?:\(\s*\)|<\s*>)(?=\s)"
)


TEXT_PARITY = Rule(
    id="text-parity",
    summary="The text part says what the HTML says",
    source="SpamAssassin 4.0.1: MPART_ALT_DIFF; measured",
)


@checks(TEXT_PARITY)
def check_parity(draft: Draft) -> Iterator[Finding]:
    """Words, numbers and links of the HTML are in the text part, too."""
    for specimen in one_per_variant(draft):
        html, text = words_of(specimen.html), re.findall(r"\w+", specimen.text)
        if len(text) < 5 or not html:
            continue  # there is hardly any text part, which is reported by itself
        if fault := _fault_of_words(html, text):
            yield fault  # anything else missing follows from that
        else:
            yield from _lost_numbers(draft, specimen)
            yield from _lost_links(page_of(specimen), specimen)


TEXT_QUALITY = Rule(
    id="text-quality",
    summary="The text part reads well",
    source="RFC 5322, section 2.1.1; RFC 3676",
)


@checks(TEXT_QUALITY)
def check_quality(draft: Draft) -> Iterator[Finding]:
    """The text part has no markup and no empty brackets, and its lines fit a window."""
    own = " ".join(untagged(html) for _, html in pieces_of(draft))
    for specimen in one_per_variant(draft):
        for message, fragment in _blemishes(specimen.text):
            if fragment in own:
                continue  # the author writes about markup
            line = draft.line_with(fragment, 1)
            yield TEXT_QUALITY.warning(message, _TEMPLATE, line=line if line > 1 else None)


def _fault_of_words(html: list[str], text: list[str]) -> Finding | None:
    """Return whether too many words are in one part only."""
    present = set(text)
    missing = sum(1 for word in html if word not in present) / len(html)
    if missing > _MISSING_MOST:
        return TEXT_PARITY.finding(
            Severity.ERROR if missing >= _MISSING_ALL else Severity.WARNING,
            "{percent:.0f}% of the words are not in the text part; filters punish it"
            if missing >= _MISSING_ALL
            else "{percent:.0f}% of the words are not in the text part",
            _TEMPLATE,
            percent=missing * 100,
        )
    low, high = _RATIO
    if low <= len(text) / len(html) <= high:
        return None
    return TEXT_PARITY.warning(
        "the text part has {in_text} words, the HTML {in_html}: they say different things",
        _TEMPLATE,
        in_text=len(text),
        in_html=len(html),
    )


def _lost_numbers(draft: Draft, specimen: Specimen) -> Iterator[Finding]:
    # The preheader is for the inbox; the text part begins with the issue itself.
    present = {*_NUMBER.findall(specimen.text), *_NUMBER.findall(draft.issue.preheader)}
    for number in dict.fromkeys(_NUMBER.findall(text_of_html(specimen.html))):
        if number not in present:
            line = draft.line_with(number, 1)
            yield TEXT_PARITY.warning(
                "“{number}” is in the HTML but not in the text part",
                _TEMPLATE,
                line=line if line > 1 else None,
                number=number,
            )


def _lost_links(page: Page, specimen: Specimen) -> Iterator[Finding]:
    text = specimen.text
    for element in page.elements("a"):
        url = element.get("href", "")
        shown = url.removeprefix("mailto:").partition("?")[0] if url.startswith("mailto:") else url
        if not re.match(r"https?:|mailto:", url):
            continue
        if not any(form in text for form in (shown, unquote(shown), shown.rstrip("/"))):
            yield TEXT_PARITY.warning(
                "the link “{url}” is not in the text part",
                _TEMPLATE,
                line=page.line_of(element),
                url=shortened(url, _SHOWN),
            )


def _blemishes(text: str) -> Iterator[tuple[Wording, str]]:
    """Yield the kind of each blemish, and the words it is in."""
    for match in _MARKUP.finditer(text):
        shown = shortened(match[0], _SHOWN)
        yield say("the text part shows markup: “{shown}”", shown=shown), match[0]
    for match in _HOLLOW.finditer(text):
        fragment = match[0].strip()
        shown = shortened(fragment, _SHOWN)
        message = say("the text part has brackets with nothing in them: “{shown}”", shown=shown)
        yield message, fragment
    for line in text.split("\n"):
        # Addresses must not be broken, and rows of a table are not prose.
        is_prose = "://" not in line and "@" not in line and "  " not in line.strip()
        if len(line) > _WIDEST and is_prose and " " in line.strip():
            message = say(
                "the text part has a line of {length} characters: “{shown}”",
                length=len(line),
                shown=shortened(line.strip(), _SHOWN),
            )
            yield message, line.strip()
