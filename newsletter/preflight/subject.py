"""Checks the subject and the preheader: all that readers see of a mail before they open it."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from newsletter.earlier import Head
from newsletter.model import Finding, Severity
from newsletter.preflight.draft import Draft
from newsletter.preflight.frontmatter import LEFT
from newsletter.preflight.inbox_words import FILLER, PLACEHOLDERS, THREAD
from newsletter.preflight.page import one_per_variant, page_of
from newsletter.preflight.passages import bare
from newsletter.preflight.report import Rule, Skipped, checks
from newsletter.specimen import Specimen

_PHONE, _DESKTOP = 50, 70  # characters of a subject that inboxes show
_PREHEADER = range(40, 141)  # characters that fill an inbox row and are not cut
_EARLIER = 10  # issues
_EMOJI = re.compile("[\u231a-\u23ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]")
_MONEY = re.compile(r"[€$£]|\b(?:euroa?|eur)\b", re.I)
_FILLING = re.compile("[\u034f\u00a0\u00ad\u200b-\u200f\u2007\u2060\ufeff]")
_HIDDEN_MOST, _FILLING_MOST = 200, 150  # characters; bytes
_WHITE = re.compile(r"(?<![-\w])color:\s*(?:#fff(?:fff)?\b|white|rgb\(255, ?255, ?255\))", re.I)
_DISPLAY_NONE = re.compile(r"display:\s*none", re.I)
_TINY = re.compile(r"font-size:\s*[01](?:px|pt)?\s*(?:;|$)", re.I)
_SCREENS = "EmailToolTester device measurements"


@checks(
    Rule(id="subject-present", summary="The subject says what the issue is", source="this program"),
    Rule(
        id="subject-fake-thread",
        summary="The subject does not pretend to answer or forward a mail",
        source="Google sender guidelines; Consumer Protection Act 38/1978",
    ),
)
def check_words(draft: Draft) -> Iterator[Finding]:
    """The subject says something, and nothing untrue."""
    line = draft.line_of("subject")
    for specimen in draft.specimens:
        subject = " ".join(specimen.subject.split())
        plain = re.sub(r"[\W_]+", " ", subject).strip().casefold()
        names = (draft.issue.id, draft.issue.path.rpartition("/")[2])
        is_none = not subject or plain in PLACEHOLDERS or subject in names
        if is_none or re.sub(r"[ \d]+$", "", plain) in PLACEHOLDERS:
            said = f"the subject “{subject}” says" if subject else "an empty subject says"
            yield draft.finding(
                "subject-present",
                Severity.ERROR if is_none else Severity.WARNING,
                f"{said} nothing about this issue",
                hint="name what matters most in this issue",
                line=line,
            )
    if match := THREAD.match(_typical(draft)):
        yield draft.finding(
            "subject-fake-thread",
            Severity.ERROR,
            f"the subject begins with “{match[0].strip()}”, as an answer or a forwarded mail does; "
            "readers feel cheated and Gmail forbids it",
            hint="leave it out",
            line=line,
        )


@checks(
    Rule(id="subject-length", summary="The subject fits an inbox row", source=_SCREENS),
    Rule(
        id="subject-shouting",
        summary="The subject speaks in a normal voice",
        source="SpamAssassin 4.0.1 SUBJ_ALL_CAPS; Google sender guidelines",
    ),
    Rule(
        id="subject-repeat",
        summary="No earlier issue has the same subject",
        source="mjml issue 2631; Gmail joins mails of one subject",
    ),
)
def check_subject(draft: Draft) -> Iterator[Finding | Skipped]:
    """The subject fits an inbox row, does not shout, and is new."""
    line, subject = draft.line_of("subject"), _typical(draft)
    is_written = not LEFT.search(subject)  # its length is not known before
    if is_written and (length := graphemes(subject)) > _PHONE:
        is_long = length > _DESKTOP
        yield draft.finding(
            "subject-length",
            Severity.WARNING if is_long else Severity.NOTE,
            f"the subject has {length} characters; "
            + (f"inboxes cut it at about {_DESKTOP}" if is_long else f"phones show about {_PHONE}"),
            hint="put what matters first",
            line=line,
        )
    for fault, cure in _shouts(subject):
        yield draft.finding("subject-shouting", Severity.WARNING, fault, hint=cure, line=line)
    if not draft.earlier:
        yield Skipped(id="subject-repeat", reason="no earlier issue")
    elif same := _same(draft.readable(draft.issue.subject), draft.earlier[:_EARLIER]):
        yield draft.finding(
            "subject-repeat",
            Severity.WARNING,
            f"{same.path} has the same subject; Gmail shows mails of one subject as one thread, "
            "and readers think they know this one",
            hint="name what is new in this issue",
            line=line,
        )


@checks(
    Rule(id="preheader-present", summary="A preheader follows the subject", source=_SCREENS),
    Rule(
        id="preheader-length",
        summary="The preheader fills its row and is not cut",
        source=_SCREENS,
    ),
    Rule(
        id="preheader-repeats-subject",
        summary="The preheader says more than the subject",
        source="this program",
    ),
    Rule(
        id="preheader-filler",
        summary="The preheader is not spent on directions",
        source="this program",
    ),
)
def check_preheader(draft: Draft) -> Iterator[Finding]:
    """A preheader is there, is long enough, and says something of its own."""
    subject, preheader = draft.readable(draft.issue.subject), draft.readable(draft.issue.preheader)
    if not preheader:
        yield draft.finding(
            "preheader-present",
            Severity.WARNING,
            "no preheader: inboxes will show the first words of the mail instead",
            hint="add a line “preheader: ...” of 40 to 140 characters",
            line=1,
        )
        return
    line = draft.line_of("preheader")
    if (length := graphemes(preheader)) not in _PREHEADER:
        yield draft.finding(
            "preheader-length",
            Severity.NOTE,
            f"the preheader has {length} characters; 40 to 140 serve best",
            line=line,
        )
    if bare(preheader).startswith(bare(subject)) and bare(subject):
        yield draft.finding(
            "preheader-repeats-subject",
            Severity.WARNING,
            "the preheader repeats the subject, beside which it stands in the inbox",
            hint="go on where the subject ends",
            line=line,
        )
    if match := FILLER.search(preheader):
        yield draft.finding(
            "preheader-filler",
            Severity.WARNING,
            f"“{match[0]}” takes the place in the inbox where readers look for a reason to open",
            hint="say what is in the issue instead",
            line=line,
        )


@checks(
    Rule(
        id="preheader-technique",
        summary="The preheader is hidden in the one way that filters take as honest",
        source="SpamAssassin 4.0.1 HTML_FONT_LOW_CONTRAST; Google sender guidelines",
    ),
)
def check_technique(draft: Draft) -> Iterator[Finding]:
    """The preheader is hidden once, plainly, and without filling."""
    for specimen in one_per_variant(draft):
        for fault in _tricks(draft, specimen):
            yield draft.finding(
                "preheader-technique",
                Severity.WARNING,
                fault,
                hint="the template should hide it as default.mjml does, with mj-preview",
            )


def graphemes(text: str) -> int:
    """Return how many signs a reader sees: an emoji made of several characters is one."""
    count, joined, flags = 0, False, 0
    for letter in text:
        is_flag = "\U0001f1e6" <= letter <= "\U0001f1ff"
        flags = flags + 1 if is_flag else 0
        extends = unicodedata.category(letter) in ("Mn", "Me", "Cf") or (
            "\U0001f3fb" <= letter <= "\U0001f3ff"
        )
        count += not (extends or joined or (is_flag and flags % 2 == 0))
        joined = letter == "\u200d"
    return count


def _typical(draft: Draft) -> str:
    """Return the subject as most readers get it."""
    typical = (s.subject for s in draft.specimens if s.persona.id == "typical")
    return next(typical, draft.readable(draft.issue.subject))


def _shouts(subject: str) -> Iterator[tuple[str, str]]:
    words = re.findall(r"[^\W\d_]{2,}", subject)
    if len(words) > 1 and sum(map(len, words)) >= 10 and subject == subject.upper():
        yield "the subject is in capital letters, which reads as shouting", "use small letters"
    if subject.count("!") > 1:
        loud = "exclamation marks and money" if _MONEY.search(subject) else "exclamation marks"
        yield f"the subject has several {loud}, as spam does", "one is plenty; none is better"
    emoji = _EMOJI.findall(subject)
    if len(emoji) > 1:
        yield f"the subject has {len(emoji)} emoji", "one is plenty; screen readers read each out"
    elif emoji and _EMOJI.match(subject):
        yield (
            f"the subject begins with {emoji[0]}, whose name screen readers say before any word",
            "put it at the end, or leave it out",
        )


def _same(subject: str, earlier: tuple[Head, ...]) -> Head | None:
    return next((head for head in earlier if bare(head.subject) == bare(subject)), None)


def _tricks(draft: Draft, specimen: Specimen) -> Iterator[str]:
    beginning = " ".join(bare(draft.issue.preheader).split()[:3])
    if not beginning or any(slot.marker in draft.issue.preheader for slot in draft.issue.slots):
        return
    blocks = [b for b in _first_blocks(specimen) if beginning in bare(b.text_content())]
    for block in blocks[:2]:
        style, text = block.get("style", ""), block.text_content()
        if _WHITE.search(style):
            yield "the hidden preheader is white, which filters count as hidden text"
        if _TINY.search(style) and not _DISPLAY_NONE.search(style):
            yield "the preheader is hidden by tiny letters, which filters count as hidden text"
        if len(_FILLING.sub("", text).strip()) > _HIDDEN_MOST:
            yield f"the hidden preheader has more than {_HIDDEN_MOST} characters"
        if len("".join(_FILLING.findall(text)).encode()) > _FILLING_MOST:
            yield "the hidden preheader is filled up with invisible characters"
    if len(blocks) > 1:
        yield "the preheader is hidden in the mail twice"


def _first_blocks(specimen: Specimen) -> list[Any]:
    """Return the hidden elements right below the body."""
    body = page_of(specimen).root.find("body")
    children = body if body is not None else ()
    hidden = re.compile(r"display:\s*none|max-height:\s*0|mso-hide|font-size:\s*[01]px", re.I)
    return [e for e in children if isinstance(e.tag, str) and hidden.search(e.get("style", ""))]


CHECKS = (
    check_words,
    check_subject,
    check_preheader,
    check_technique,
)
