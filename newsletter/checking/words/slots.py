"""Checks that every slot will be filled, and reports text that only looks like one."""

import re
from collections.abc import Iterator

from newsletter.checking.instruments import Draft, checks, pieces_of, untagged
from newsletter.language import closest, say
from newsletter.model import FRONT_TEXTS, Finding, Image, Rule, Severity, Skipped, Slot, walk

_OWN = frozenset({"name", "email", "language"})
# How merge fields of template languages and mail services begin.
_FIELDS = (
    r"first_?name|last_?name|name|e-?mail|etunimi|sukunimi|nimi|sähköposti|förnamn|efternamn|namn"
    r"|e-?post|organisation|organisaatio|region|alue|otsikko|linkki|päivämäärä|pvm|todo|xxx+|tbd"
)
_LOOKALIKE = re.compile(
    r"\{\{(?:[^{}]|\{(?!\{)|\}(?!\})){0,300}\}\}|\{ ?\{[^{}\n]*\} ?\}"
    r"|\{%[^%\n]*%\}|\*\|\w[\w:]*\|\*|%recipient\.\w+%|%%\w+%%"
    r"|\[\[\w[\w:. ]*\]\]|<%=[^%\n]*%>|\$\{[^\W\d][\w.]*\}|\{[ ]?[^\W\d]\w*[ ]?\}"
    rf"|\[(?:[A-ZÅÄÖ]{{4,}}(?:[_ ][A-ZÅÄÖ]{{2,}})*|(?i:{_FIELDS}))\](?!\()"
)
_STARS_EATEN = re.compile(r"<em>(\|\w[\w:]*\|)</em>")  # Markdown took “*|NAME|*” for italics
_CODE = re.compile(r"<(code|pre)\b.*?</\1>", re.S)
# What editors call the attributes that everybody has, in their own language.
_MEANT = {"nimi": "name", "namn": "name", "kieli": "language", "språk": "language"}


SLOT_UNKNOWN = Rule(id="slot-unknown", summary="Each slot names something subscribers have")
SLOT_UNFILLED = Rule(
    id="slot-unfilled", summary="Each slot has a value or words instead for everybody"
)


@checks(SLOT_UNKNOWN, SLOT_UNFILLED)
def check_slots(draft: Draft) -> Iterator[Finding | Skipped]:
    """Each slot has a value or a fallback for everybody who gets the issue."""
    if draft.audience is None:
        yield SLOT_UNFILLED.skipped(say("nobody has been imported yet"))
    known = _OWN | (draft.audience.attributes if draft.audience else frozenset())
    for slot in draft.issue.slots:
        if slot.name not in known and (draft.audience or slot.fallback is None):
            yield _unknown(draft, slot, known)
            continue
        if draft.audience and (empty := draft.audience.empty.get(slot.name, 0)):
            recipients = draft.audience.recipients
            # Fallbacks are for a few; if most readers get them, data may be missing.
            if slot.fallback is None or 2 * empty > recipients:
                yield _empty(slot, empty, recipients)


SLOT_LOOKALIKE = Rule(id="slot-lookalike", summary="No text looks like a field of another service")


@checks(SLOT_LOOKALIKE)
def check_lookalikes(draft: Draft) -> Iterator[Finding]:
    """Text that looks like a slot is mailed as it is; its author may have meant a slot."""
    front = ((getattr(draft.issue, key), draft.line_of(key)) for key in FRONT_TEXTS)
    body = ((html, block.line) for block, html in pieces_of(draft))
    alts = ((b.alt, b.line) for b in walk(draft.issue.blocks) if isinstance(b, Image))
    for text, line in (*front, *body, *alts):
        whole = _STARS_EATEN.sub(r"*\1*", _CODE.sub("", text))
        for found in map(draft.readable, _LOOKALIKE.findall(untagged(whole))):
            yield SLOT_LOOKALIKE.finding(
                Severity.ERROR if found.startswith("{{") else Severity.WARNING,
                "{found} is not a slot and will be mailed as it is",
                'a slot is {{ name }} or {{ name|"fallback" }}; show code in backquotes: `code`',
                line=draft.line_with(found, line) if line else None,
                found=found,
            )


def _empty(slot: Slot, empty: int, recipients: int) -> Finding:
    """Return how many have no value for a slot, and what they get."""
    if slot.fallback is None:
        return SLOT_UNFILLED.error(
            "{slot} would be empty for {empty} of {recipients} recipients",
            'give it a fallback: {{{{ {name}|"..." }}}}',
            line=slot.line,
            slot=slot.source,
            empty=empty,
            recipients=recipients,
            name=slot.name,
        )
    return SLOT_UNFILLED.note(
        "{empty} of {recipients} recipients have no “{name}” and get “{fallback}”",
        line=slot.line,
        empty=empty,
        recipients=recipients,
        name=slot.name,
        fallback=slot.fallback,
    )


def _unknown(draft: Draft, slot: Slot, known: frozenset[str]) -> Finding:
    meant = _MEANT.get(slot.name.lower(), slot.name)
    if draft.audience:
        meant = draft.audience.meant.get(slot.name, meant)
    close = closest(meant, sorted(known))
    return SLOT_UNKNOWN.finding(
        Severity.ERROR if slot.fallback is None else Severity.WARNING,
        "{slot}: no subscriber has “{name}”",
        say("did you mean {{{{ {name} }}}}?", name=close)
        if close
        else say("known: {names}", names=", ".join(sorted(known))),
        line=slot.line,
        slot=slot.source,
        name=slot.name,
    )
