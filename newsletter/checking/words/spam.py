"""Checks that no phrase of the author's is one that spam filters count against a mail."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, line_in, passages_of
from newsletter.model import Finding, Rule, Severity

# SpamAssassin's rules about words; those with half the points that make a mail spam are warnings.
_PHRASES = [
    (name, severity, re.compile(pattern, re.I | re.M))
    for name, severity, pattern in (
        (
            "EXCUSE_REMOVE",
            Severity.WARNING,
            r"to be removed from.{0,20}(?:mailings|offers)",
        ),
        ("GUARANTEED_100_PERCENT", Severity.WARNING, r"100% guaranteed"),
        ("DEAR_FRIEND", Severity.WARNING, r"^\s*dear friend\b"),
        (
            "UNCLAIMED_MONEY",
            Severity.WARNING,
            r"\bunclaimed\s(?:assets?|accounts?|mon(?:ey|ies)|balance|funds?|prizes?|rewards?"
            r"|payments?)\b",
        ),
        (
            "DEAR_SOMETHING",
            Severity.NOTE,
            r"\bdear (?:it\W|internet|candidate|sirs?|madam|investor|travell?er|car shopper|web)\b",
        ),
        ("EXCUSE_4", Severity.NOTE, r"to be removed,? please"),
        ("MONEY_BACK", Severity.NOTE, r"money back guarantee"),
        (
            "END_FUTURE_EMAILS",
            Severity.NOTE,
            r"\b(?:end|stop|cease|discontinue|removed?|not (?:wish|want|like) to)"
            r"[- ](?:get |receiv(?:ing|e) |from )?(?:these|our|(?:any )?(?:future|further)) "
            r"(?:e?-?mail(?:ing)?|message|alert|marketing|notice)[- ]?s?\b",
        ),
    )
]

SPAM_PHRASE = Rule(
    id="spam-phrase",
    summary="No phrase is one that spam filters count against a mail",
    source="SpamAssassin 4.0.1, its rules about words",
)


@checks(SPAM_PHRASE)
def check_phrases(draft: Draft) -> Iterator[Finding]:
    """No phrase is one that spam filters look for."""
    for passage in passages_of(draft):
        for name, severity, pattern in _PHRASES:
            if match := pattern.search(passage.text):
                phrase = match[0].strip()
                yield SPAM_PHRASE.finding(
                    severity,
                    "spam filters count “{phrase}” against a mail ({rule})",
                    "word it otherwise",
                    line=line_in(draft, passage, phrase, start=match.start()),
                    phrase=" ".join(phrase.split()),
                    rule=name,
                )
                break  # rules overlap; the heaviest is reported
