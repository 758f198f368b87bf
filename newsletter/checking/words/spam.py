"""Adds up what the rules of SpamAssassin that can be worked out here would count."""

import re
from collections.abc import Iterator

from newsletter.checking.draft import Draft
from newsletter.checking.instruments.page import one_per_variant, page_of
from newsletter.checking.report import checks
from newsletter.language.wording import Wording, say, say_list
from newsletter.model import Finding, Severity
from newsletter.model.rules import Rule
from newsletter.model.specimen import Specimen

_NOTE, _WARNING = 2.0, 2.5  # points; at 5 SpamAssassin calls a mail spam
# Rules and points of SpamAssassin 4.0.1 with network tests and learning, as mail servers run it.
# A picture in HTML of so many characters or fewer, tags and all, and more than the step before.
_PICTURE_STEPS = (
    (400, "HTML_IMAGE_ONLY_04", 1.172),
    (800, "HTML_IMAGE_ONLY_08", 1.651),
    (1200, "HTML_IMAGE_ONLY_12", 2.059),
    (1600, "HTML_IMAGE_ONLY_16", 1.092),
    (2000, "HTML_IMAGE_ONLY_20", 1.546),
    (2400, "HTML_IMAGE_ONLY_24", 1.618),
    (2800, "HTML_IMAGE_ONLY_28", 1.404),
)
_PHRASES = (
    ("EXCUSE_REMOVE", 3.299, r"to be removed from.{0,20}(?:mailings|offers)"),
    ("EXCUSE_4", 1.325, r"to be removed,? please"),
    (
        "DEAR_SOMETHING",
        1.973,
        r"\bdear (?:it\W|internet|candidate|sirs?|madam|investor|travell?er|car shopper|web)\b",
    ),
    ("DEAR_FRIEND", 2.577, r"^\s*dear friend\b"),
    ("MONEY_BACK", 1.232, r"money back guarantee"),
    ("GUARANTEED_100_PERCENT", 2.699, r"100% guaranteed"),
    (
        "UNCLAIMED_MONEY",
        2.427,
        r"\bunclaimed\s(?:assets?|accounts?|mon(?:ey|ies)|balance|funds?|prizes?|rewards?|payments?)\b",
    ),
    (
        "END_FUTURE_EMAILS",
        1.0,
        r"\b(?:end|stop|cease|discontinue|removed?|not (?:wish|want|like) to)"
        r"[- ](?:get |receiv(?:ing|e) |from )?(?:these|our|(?:any )?(?:future|further)) "
        r"(?:e?-?mail(?:ing)?|message|alert|marketing|notice)[- ]?s?\b",
    ),
)
_FOUND = [(name, points, re.compile(pattern, re.I | re.M)) for name, points, pattern in _PHRASES]


SPAM_EMULATED = Rule(
    id="spam-emulated",
    summary="SpamAssassin finds little to count in the words and pictures",
    source="SpamAssassin 4.0.1, its rules and points",
)


@checks(SPAM_EMULATED)
def check_points(draft: Draft) -> Iterator[Finding]:
    """What a spam filter would count stays far below its limit."""
    for specimen in one_per_variant(draft):
        hits = list(_hits(specimen))
        points = round(sum(points for points, _, _ in hits), 1)
        if points < _NOTE:
            continue
        phrase = next((phrase for _, phrase, _ in hits if phrase), "")
        yield SPAM_EMULATED.finding(
            draft.path,
            Severity.WARNING if points >= _WARNING else Severity.NOTE,
            say(
                "SpamAssassin would count {points:.1f} of the 5 points that make a mail spam: "
                "{hits}",
                points=points,
                hits=say_list(shown for _, _, shown in hits),
            ),
            hint=say("word it otherwise") if phrase else say("write more beside the pictures"),
            line=_line_of(draft, phrase) if phrase else None,
        )


def _hits(specimen: Specimen) -> Iterator[tuple[float, str, Wording]]:
    """Yield the points, the phrase if it is one, and the telling of each rule that counts."""
    page = page_of(specimen)
    if next(page.elements("img"), None) is not None:
        count = len(specimen.html)
        for most, name, points in _PICTURE_STEPS:
            if count <= most:
                shown = say(
                    "pictures in a page of only {count:,} characters ({rule} {points:.1f})",
                    count=count,
                    rule=name,
                    points=points,
                )
                yield points, "", shown
                break
    for name, points, pattern in _FOUND:
        if match := pattern.search(specimen.text):
            phrase = " ".join(match[0].split())
            yield (
                points,
                phrase,
                say("“{phrase}” ({rule} {points:.1f})", phrase=phrase, rule=name, points=points),
            )


def _line_of(draft: Draft, phrase: str) -> int | None:
    lines = enumerate(draft.source.lower().split("\n"), 1)
    words = phrase.lower().split()[:3]
    return next((number for number, line in lines if " ".join(words) in line), None)


CHECKS = (check_points,)
