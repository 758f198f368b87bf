"""What came back about mails, as `newsletter sync` shows it."""

from collections import Counter
from typing import Any

from newsletter.cli.common import in_words, indented, show, tell
from newsletter.consent import TakenIn
from newsletter.feedback.syncing import Found, Letter, MailRead
from newsletter.language import Wording, say, say_list, say_many
from newsletter.model import ReturnKind

_MOST, _SOME = 20, 5  # rows of a list that are shown: of what changes or is to be read; of others


def show_found(found: Found, taken: TakenIn) -> None:
    """Show what was told, and what would change."""
    for fault in found.faults:
        tell(fault)
    if found.mail:
        _show_mail(found.mail)
    for kind in (ReturnKind.SOFT, ReturnKind.ABOUT_US, ReturnKind.UNKNOWN):
        if n := taken.new.get(kind, 0):
            show(say("{what}: {n:,}", what=kind.words, n=n))
            texts = [(one.address, one.text) for one in found.told if one.kind is kind]
            for parts in texts[:_SOME]:
                show(indented(say_list(filter(None, parts), between="  ")))
            _show_rest(n, shown=_SOME)
    counts = Counter(change.standing for change in taken.changes)
    for standing, n in counts.items():
        show(say("{what}: {n:,}", what=standing.words, n=n))
        rows = [change for change in taken.changes if change.standing is standing]
        for change in rows[:_MOST]:
            parts = (change.address, change.text or change.kind.words)
            show(indented(say_list(parts, between="  ")))
        _show_rest(len(rows))
    if taken.held:
        said = say_many(
            "{n:,} bounce waits for you: too many came at once",
            "{n:,} bounces wait for you: too many came at once",
            n=taken.held,
        )
        show(said)
    if not (taken.changes or found.faults):
        tell(say("Nobody is to be taken off the list."))


def _show_mail(mail: MailRead) -> None:
    read = sum(mail.counts.values())
    tell(say_many("{n:,} new mail in the mailbox.", "{n:,} new mails in the mailbox.", n=read))
    if mail.skipped:
        said = say_many(
            "{n:,} older mail was not read.",
            "{n:,} older mails were not read.",
            n=mail.skipped,
        )
        tell(said)
    if not mail.is_whole:
        tell(say("There are more; run the command again."))
    if ignored := mail.ignored:
        said = say_many(
            "{n:,} automatic reply, ignored",
            "{n:,} automatic replies, ignored",
            n=ignored,
        )
        show(said)
    if mail.declined:
        said = say_many(
            "{n:,} calendar declined a meeting: its owner is mailed the link to cancel",
            "{n:,} calendars declined a meeting: their owners are mailed the link to cancel",
            n=len(mail.declined),
        )
        show(said)
    _show_letters(say("For you to answer:"), [one for one in mail.letters if one.is_answer])
    lost = [one for one in mail.letters if not one.is_answer]
    _show_letters(say("Not known whom they are about:"), lost)


def _show_letters(heading: Wording, letters: list[Letter]) -> None:
    if not letters:
        return
    show(heading)
    for letter in letters[:_MOST]:
        parts = (letter.sender or "?", letter.subject)
        show(indented(say_list(parts, between="  ")))
    _show_rest(len(letters))


def _show_rest(count: int, *, shown: int = _MOST) -> None:
    if count > shown:
        show(indented(say("... and {n:,} more", n=count - shown)))


def found_as_json(found: Found, taken: TakenIn) -> dict[str, Any]:
    """Return the same for machines."""
    mail = found.mail
    return {
        "provider": found.provider or None,
        "mails": {str(kind): n for kind, n in mail.counts.items()} if mail else None,
        "letters": [
            {
                "sender": one.sender,
                "subject": one.subject,
                "at": one.at.isoformat() if one.at else None,
                "answer": one.is_answer,
            }
            for one in (mail.letters if mail else ())
        ],
        "new": {str(kind): n for kind, n in taken.new.items()},
        "changes": [
            {
                "address": change.address,
                "standing": str(change.standing),
                "kind": str(change.kind),
                "text": change.text,
            }
            for change in taken.changes
        ],
        "held": taken.held,
        "unassigned": taken.unassigned,
        "faults": [in_words(fault) for fault in found.faults],
    }
