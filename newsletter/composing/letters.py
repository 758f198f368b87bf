"""Writes an edition as a letter, with marks or a provider's placeholders where readers differ."""

from collections.abc import Mapping

from newsletter.composing.slots import (
    Escape,
    Gap,
    Template,
    for_header,
    split_at_slots,
    split_html_at_slots,
    split_text_at_slots,
    unused_key,
    verbatim,
)
from newsletter.language.phrases import unsubscribe_mailto
from newsletter.mailkeys import HEADER, PLACE, with_key
from newsletter.model import Edition, Enclosure, Letter, Slot, Stationery
from newsletter.providers import MergeSyntax

# Values whose names no attribute of a subscriber can have.
ADDRESS, REFERENCE, BATCH, KEY = "@address", "@reference", "@batch", "@key"
DELIVERY, LEAVING = "@delivery", "@leaving"  # keys: of the delivery; to leave by
LINK = "unsubscribe_url"  # each reader has one of their own


def write_letter(
    edition: Edition, stationery: Stationery, syntax: MergeSyntax | None
) -> tuple[Letter, Mapping[str, Gap]]:
    """Return the letter of an edition, and what each of its marks represents.

    With the syntax of a provider that merges, the letter contains its placeholders, and everything
    else in it is protected from its template language; without one, the letter contains marks.
    """
    marks = _Marks(edition)
    writer = _Writer(marks, syntax)
    subject = writer.write(split_at_slots(for_header(edition.subject), edition.slots, for_header))
    html = writer.write(split_html_at_slots(edition.html, edition.slots))
    text = writer.write(split_text_at_slots(edition.text, edition.slots))
    link = marks.of_value(LINK) if stationery.public_url else ""
    leaving = marks.of_value(LEAVING) if stationery.leave_to else ""
    letter = Letter(
        subject=subject,
        html=html,
        text=text,
        sender=stationery.sender,
        reply_to=stationery.reply_to,
        headers=_headers(stationery, edition.language),
        own_headers=own_headers(
            stationery,
            edition.language,
            link=link,
            delivery=marks.of_value(DELIVERY),
            leaving=leaving,
        ),
        params={**writer.params, **writer.constants(subject, html, text)},
        tag=stationery.tag,
        send=stationery.beginning,
        batch=marks.of_value(BATCH),
        key=marks.of_value(KEY),
        address=marks.of_value(ADDRESS),
        reference=marks.of_value(REFERENCE),
        recipients=marks.of_value("@recipients"),
        is_of_list=stationery.is_of_list,
        enclosures=edition.enclosures,
        scheduled_at=stationery.scheduled_at,
    )
    return letter, marks.gaps


def _headers(stationery: Stationery, language: str) -> dict[str, str]:
    """Return the headers that all copies have: those of a list, or of a notice (RFC 3834)."""
    if not stationery.is_of_list:
        return {"Auto-Submitted": "auto-generated"}
    mailto = unsubscribe_mailto(stationery.reply_to, language)
    return {"List-Id": f"<{stationery.list_id}>", "List-Unsubscribe": f"<{mailto}>"}


def own_headers(
    stationery: Stationery, language: str, *, link: str, delivery: str, leaving: str
) -> dict[str, str]:
    """Return the headers that each reader has of their own: the way to leave (RFC 8058), and keys.

    Microsoft and Yahoo report complaints with the headers of the mail alone.
    """
    headers = {HEADER: delivery}
    if not stationery.is_of_list:
        return headers
    mailto = mailto_of(stationery, language, leaving)
    if link:
        headers["List-Unsubscribe"] = f"<{link}>, <{mailto}>"
    elif leaving:
        headers["List-Unsubscribe"] = f"<{mailto}>"
    if link and stationery.public_url.startswith("https:"):
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return headers


def mailto_of(stationery: Stationery, language: str, leaving: str) -> str:
    """Return the address of the mail by which a reader unsubscribes, with the key to leave by."""
    if not (stationery.leave_to and leaving):
        return unsubscribe_mailto(stationery.reply_to, language)
    # The same for all but for the key, which needs no encoding.
    return with_key(unsubscribe_mailto(stationery.leave_to, language, key=PLACE), leaving)


def _forms_of(enclosure: Enclosure) -> tuple[str, str]:
    """Return the forms in which a provider may be given a file."""
    return enclosure.data.decode("utf-8", "replace"), enclosure.base64


class _Marks:
    """Creates marks: one for each slot and escape."""

    def __init__(self, edition: Edition) -> None:
        enclosed = (form for each in edition.enclosures for form in _forms_of(each))
        self._key = unused_key("w", edition.subject, edition.html, edition.text, *enclosed)
        self._known: dict[tuple[str, Escape, str | None], str] = {}
        self.gaps: dict[str, Gap] = {}

    def of(self, gap: Gap) -> str:
        """Return the mark of a gap; the same value in the same kind of place has one mark."""
        key = (gap.slot.name, gap.escape, gap.slot.fallback)
        if key not in self._known:
            mark = f"{self._key}{len(self._known)}z"
            self._known[key] = mark
            self.gaps[mark] = gap
        return self._known[key]

    def of_value(self, name: str) -> str:
        """Return the mark of a value of our own, which is safe in any place."""
        return self.of(Gap(Slot(marker="", name=name), verbatim))


class _Writer:
    """Writes texts with marks, or with a provider's placeholders."""

    def __init__(self, marks: _Marks, syntax: MergeSyntax | None) -> None:
        self._marks = marks
        self._syntax = syntax
        self.params: dict[str, str] = {}  # placeholder's name -> mark
        self._names: dict[str, str] = {}  # mark -> placeholder's name

    def write(self, template: Template) -> str:
        return "".join(
            self._placeholder(self._marks.of(part)) if isinstance(part, Gap) else self._plain(part)
            for part in template.parts
        )

    def constants(self, *texts: str) -> dict[str, str]:
        """Return the placeholders that protect a character, if they are used."""
        if self._syntax is None:
            return {}
        placeholder = self._syntax.placeholder
        return {
            name: character
            for character, name in self._syntax.hazards.items()
            if any(placeholder(name) in text for text in texts)
        }

    def _plain(self, text: str) -> str:
        return self._syntax.protect(text) if self._syntax else text

    def _placeholder(self, mark: str) -> str:
        if self._syntax is None:
            return mark
        # Names of our own making: those of attributes may not suit the provider.
        name = self._names.setdefault(mark, f"v{len(self._names)}")
        self.params[name] = mark
        return self._syntax.placeholder(name)
