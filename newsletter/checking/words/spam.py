"""Checks that no phrase of the author's is one that spam filters count against a mail."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, line_in, passages_of, vocabulary
from newsletter.model import Finding, Rule, Severity

_PHRASES = [
    (name, Severity(severity), re.compile(pattern, re.I | re.M))
    for severity, patterns in vocabulary.SPAM.items()
    for name, pattern in patterns.items()
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
