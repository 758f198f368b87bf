"""Checks that no example from a new newsletter's settings is mailed as if it were real."""

import re
from collections.abc import Iterator
from email.utils import parseaddr

from newsletter.checking.instruments import Draft, checks
from newsletter.model import Finding, Rule

_SENDER = re.compile(r"\bExample Foundation\b|\bStreet 1, 00100\b", re.I)
# Names that never resolve to anything (RFC 2606 and RFC 6761).
_HOST = re.compile(r"(?:^|[@.])(?:example\.(?:org|com|net)|(?:example|invalid|test))$", re.I)


SETTINGS_UNFILLED = Rule(
    id="settings-unfilled",
    summary="Sender and addresses are the newsletter's own",
    source="RFC 2606; RFC 6761",
)


@checks(SETTINGS_UNFILLED)
def check_settings(draft: Draft) -> Iterator[Finding]:
    """The footer names the real sender, and replies reach somebody."""
    if draft.is_rehearsal:  # with these, examples do no harm
        return
    if _SENDER.search(draft.sender):
        yield SETTINGS_UNFILLED.warning(
            "the footer still shows “{sender}”, the example of a new newsletter",
            "write your name and postal address as “sender” in newsletter.toml",
            sender=draft.sender,
        )
    for key, mailbox in (("from", draft.from_), ("reply_to", draft.reply_to)):
        address = parseaddr(mailbox)[1]
        if _HOST.search(address):
            line = draft.line_of(key)
            yield SETTINGS_UNFILLED.warning(
                "the mail would come from “{address}”, an example address that belongs to nobody"
                if key == "from"
                else "answers would go to “{address}”, an example address that belongs to nobody",
                "write yours as “{key}” here"
                if line
                else "write yours as “{key}” in newsletter.toml",
                line=line,
                address=address,
                key=key,
            )
