"""Renders an issue to an edition: HTML and text with slots, frozen under a hash."""

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from html import escape, unescape

from newsletter.files import read_words
from newsletter.language.phrases import (
    Words,
    month_and_year,
    text_direction,
    unsubscribe_mailto,
    words_for,
)
from newsletter.links import archive_url
from newsletter.model import (
    SHOWN_TEXTS,
    Brand,
    Counting,
    Edition,
    Finding,
    Heading,
    Issue,
    Origins,
    Picture,
    Prose,
    Slot,
    Variant,
    rules,
)
from newsletter.model.footnotes import WAY_BACK, texts_in
from newsletter.render.brand import as_text, left_out, way_to_show
from newsletter.render.chain import Look
from newsletter.render.contents import list_contents, list_headings
from newsletter.render.membership import with_members
from newsletter.render.mjml import Marks, render_html, script_of
from newsletter.render.plaintext import ABBREVIATION, TextWriter
from newsletter.render.poll_links import with_poll_links
from newsletter.render.template_faults import placed
from newsletter.render.textpart import write_text
from newsletter.render.texts import html_of
from newsletter.render.tracing import trace

_PICTURE = re.compile(r"(?:cid:|/pictures/)([0-9a-f]{20})\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What every issue of a newsletter shows about it."""

    title: str
    sender: str  # name and postal address
    reply_to: str  # address for replies and requests to unsubscribe
    public_url: str = ""  # empty while nothing of the newsletter is on the web
    has_archive: bool = True  # whether the issue can be read there
    media_url: str = ""  # where pictures lie; empty: below the public URL, or within the mail
    counting: Counting = Counting.OFF  # of opens and clicks
    leaves_by_key: bool = False  # whether each reader has an address of their own to unsubscribe by
    brand: Brand = field(default_factory=Brand)  # what the house has otherwise than the look

    @property
    def pictures_url(self) -> str:
        """Return where pictures lie on the web; empty: within the mail."""
        return self.media_url or self.public_url


def render_edition(
    issue: Issue,
    variant: Variant,
    letterhead: Letterhead,
    *,
    pictures: Mapping[str, Picture],
    look: Look,
) -> Edition:
    """Render an issue for the readers of one variant.

    `pictures` are those beside the issue by their source in the issue; they are embedded, or hosted
    where the letterhead says. Raise ConfigError for a faulty template.
    """
    issue = _as_shown(issue, variant, letterhead)
    frame = frame_of(issue, letterhead)
    page = render_html(
        issue,
        frame.view(),
        pictures,
        look=look,
        pictures_url=letterhead.pictures_url,
    )
    shown = _shown(page.html, (*pictures.values(), *page.shown.pictures))
    text = write_text(issue, frame.text_view(), frame.text_writer(), look=look)
    missing = _left_out(letterhead.brand, page.html, text, look=look, template=issue.template)
    edition = Edition(
        issue_id=issue.id,
        variant=str(variant),
        language=issue.language,
        subject=issue.subject,
        html=page.html,
        text=text,
        slots=(*issue.slots, *frame.slots),
        pictures=() if letterhead.pictures_url else shown,
        hosted=shown if letterhead.pictures_url else (),
        unshown=page.shown.unshown,
        places=page.places,
        findings=(*page.findings, *missing),
    )
    edition = with_members(edition, letterhead.public_url, issue.marker_key)
    return replace(edition, digest=digest_of(edition))


def _left_out(
    brand: Brand, html: str, text: str, *, look: Look, template: str
) -> Iterator[Finding]:
    """Yield what the templates of a page show nothing of, though newsletter.toml says it."""
    for part, is_text in left_out(brand, html, text):
        name = "text.jinja" if is_text else f"{template}.mjml"
        own = look.folder / name
        file = own if own.is_file() else look.files()[name]
        hint, line = way_to_show(read_words(file))
        finding = rules.BRAND_SHOWN.warning(
            "newsletter.toml gives {part}, but this template does not show it", hint, part=part
        )
        yield placed(finding, look, str(file), line)


def trace_edition(
    issue: Issue,
    variant: Variant,
    letterhead: Letterhead,
    *,
    pictures: Mapping[str, Picture],
    look: Look,
) -> Origins:
    """Return where in the templates the parts of the same edition were written.

    It is rendered once more for it. Raise ConfigError for a faulty template.
    """
    issue = _as_shown(issue, variant, letterhead)
    view = frame_of(issue, letterhead).view()
    marks = Marks(issue.marker_key)
    return trace(script_of(issue, view, pictures, marks, look=look))


def _as_shown(issue: Issue, variant: Variant, letterhead: Letterhead) -> Issue:
    own = with_named_ways(issue.for_readers(variant.met))
    return with_poll_links(own, letterhead.public_url)


def with_named_ways(issue: Issue) -> Issue:
    """Return an issue whose links from footnotes back to the text say so to those who hear them."""
    link = f'<a class="{WAY_BACK}"'
    named = f'{link} aria-label="{escape(words_for(issue.language).way_back)}"'
    blocks = (
        replace(block, html=block.html.replace(link, named)) if isinstance(block, Prose) else block
        for block in issue.blocks
    )
    return replace(issue, blocks=tuple(blocks))


def _shown(html: str, pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Return the pictures that a page shows; one under two names counts once."""
    shown = set(_PICTURE.findall(html))
    once: dict[str, Picture] = {}
    for picture in pictures:
        if picture.digest in shown:
            once.setdefault(picture.digest, picture)
    return tuple(once.values())


def digest_of(edition: Edition) -> str:
    """Return the SHA-256 of everything a recipient could see."""
    parts = [
        edition.issue_id,
        edition.variant,
        edition.language,
        edition.subject,
        edition.html,
        edition.text,
        *(json.dumps(asdict(slot), sort_keys=True) for slot in edition.slots),
        *(picture.digest for picture in edition.pictures),
    ]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """An issue within its letterhead."""

    issue: Issue
    words: Words
    letterhead: Letterhead
    email: str  # marker of the reader's address
    unsubscribe_url: str
    preferences_url: str  # marker; empty without a public URL
    slots: tuple[Slot, ...]  # what it asks of each reader itself

    @property
    def month(self) -> str:
        """Return the month of the issue in words."""
        return month_and_year(self.issue.date, self.issue.language)

    @property
    def archive_url(self) -> str:
        """Return where the issue can be read in a browser; empty if it cannot."""
        if not (self.letterhead.public_url and self.letterhead.has_archive):
            return ""
        return archive_url(self.letterhead.public_url, self.issue.id, self.issue.language)

    def view(self) -> dict[str, object]:
        """Return what templates know besides the blocks."""
        return self._known() | {
            # what `[brand]` of newsletter.toml says; see below
            "brand": self.letterhead.brand,
            # kicker, headline, lead and byline of the front matter, as HTML; empty if not given
            **self._front_html(),
            # "ltr", or "rtl" for Arabic and the like
            "direction": text_direction(self.issue.language),
            # the sections for a table of contents, as headings; none for fewer than four
            "contents": list_contents(self.issue),
        }

    def text_view(self) -> dict[str, object]:
        """Return what the template of the text part knows besides the blocks: plain text."""
        number = self.words.number(self.issue.number) if self.issue.number is not None else ""
        return self._known() | {
            # what `[brand]` of newsletter.toml says; see below
            "brand": as_text(self.letterhead.brand),
            # kicker, headline, lead and byline of the front matter; empty if not given
            **{key: getattr(self.issue, key) for key in SHOWN_TEXTS},
            # the headline; the subject if the issue has none of its own
            "headline": self.issue.headline or self.issue.subject,
            # number and month, as the head shows them
            "edition": " · ".join(filter(None, (number, self.month))),
        }

    def _known(self) -> dict[str, object]:
        """Return what templates of both parts know."""
        return {
            # the newsletter's title in the language of the issue
            "title": self.letterhead.title,
            # name and postal address of the sender
            "sender": self.letterhead.sender,
            # the address for replies
            "reply_to": self.letterhead.reply_to,
            # the subject of the issue
            "subject": self.issue.subject,
            # the words that inboxes show behind the subject; may be empty
            "preheader": self.issue.preheader,
            # the number of the issue; none if it has none
            "number": self.issue.number,
            # month and year of the issue, in words
            "month": self.month,
            # the language of the issue, such as "fi"
            "language": self.issue.language,
            # the program's own words in the language of the issue; see below
            "words": self.words,
            # where the issue can be read in a browser; empty if it cannot
            "archive_url": self.archive_url,
            # where the reader unsubscribes
            "unsubscribe_url": self.unsubscribe_url,
            # what readers are told where opens and clicks are counted; empty if they are not
            "counting": _told(self.letterhead.counting, self.words),
            # where the reader changes what they get; empty without a public_url
            "preferences_url": self.preferences_url,
            # the reader's address
            "email": self.email,
        }

    def _front_html(self) -> dict[str, str]:
        """Return the HTML of what pages show of the front matter; a headline is always there."""
        texts = {key: getattr(self.issue, key) for key in SHOWN_TEXTS}
        texts["headline"] = texts["headline"] or self.issue.subject
        plain = {key: escape(text, quote=False) for key, text in texts.items()}
        return {key: html_of(text) for key, text in {**plain, **self.issue.front_html}.items()}

    def text_writer(self) -> TextWriter:
        """Return what writes the issue as plain text."""
        headings = {heading.name: heading.html for heading in list_headings(self.issue)}
        return TextWriter(words=self.words, later=_explained_in(self.issue), headings=headings)


def _explained_in(issue: Issue) -> frozenset[str]:
    """Return the abbreviations that running text, no heading, explains."""
    running = texts_in(issue.blocks, but=Heading)
    found = (words for text in running for words in ABBREVIATION.findall(text))
    return frozenset(map(unescape, found))


def frame_of(issue: Issue, letterhead: Letterhead) -> Frame:
    """Put an issue into its letterhead."""
    email = _own_slot(issue, "email")
    has_own = letterhead.public_url or letterhead.leaves_by_key
    leave = _own_slot(issue, "unsubscribe_url") if has_own else None
    prefer = _own_slot(issue, "preferences_url") if letterhead.public_url else None
    return Frame(
        issue=issue,
        words=words_for(issue.language),
        letterhead=letterhead,
        email=email.marker,
        unsubscribe_url=leave.marker
        if leave
        else unsubscribe_mailto(letterhead.reply_to, issue.language),
        preferences_url=prefer.marker if prefer else "",
        slots=tuple(filter(None, (email, leave, prefer))),
    )


def _told(counting: Counting, words: Words) -> str:
    if not counting.is_ours:
        return ""
    is_of_all = counting is Counting.AGGREGATE
    return words.counted_for_all if is_of_all else words.counted_with_consent


def _own_slot(issue: Issue, name: str) -> Slot:
    return Slot(marker=f"{issue.marker_key}{name[0]}z", name=name)
