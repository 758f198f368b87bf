"""Checks the subject and the preheader: all that readers see of a mail before opening it."""

import re
from collections.abc import Iterator
from typing import Any

from newsletter.checking.instruments import (
    EMOJI,
    Draft,
    bare,
    checks,
    graphemes,
    inbox_words,
    no_issue_before,
    one_per_variant,
    page_of,
    vocabulary,
)
from newsletter.language import Wording, say, say_many
from newsletter.model import Finding, Rule, Severity, Specimen

_PHONE, _DESKTOP = 50, 70  # characters of a subject that inboxes show
_PREHEADER = range(40, 141)  # characters that fill an inbox row without being cut
_LINE = 998  # bytes
_WORD, _FRAME = 45, len("=?utf-8?b??=\r\n ")  # bytes that one encoded word holds, and its overhead
_EARLIER = 10  # issues
_EMOJI = re.compile(EMOJI)
_MONEY = re.compile(r"[€$£]|\b(?:euroa?|eur)\b", re.I)
_FILLING = re.compile("[\u034f\u00a0\u00ad\u200b-\u200f\u2007\u2060\ufeff]")
_HIDDEN_MOST, _FILLING_MOST = 200, 150  # characters; bytes
_WHITE = re.compile(r"(?<![-\w])color:\s*(?:#fff(?:fff)?\b|white|rgb\(255, ?255, ?255\))", re.I)
_DISPLAY_NONE = re.compile(r"display:\s*none", re.I)
_TINY = re.compile(r"font-size:\s*[01](?:px|pt)?\s*(?:;|$)", re.I)
_SCREENS = "EmailToolTester device measurements"


SUBJECT_PRESENT = Rule(id="subject-present", summary="The subject says what the issue is")
SUBJECT_FAKE_THREAD = Rule(
    id="subject-fake-thread",
    summary="The subject does not pretend to answer or forward a mail",
    source="Google sender guidelines; Consumer Protection Act 38/1978",
)


@checks(SUBJECT_PRESENT, SUBJECT_FAKE_THREAD)
def check_words(draft: Draft) -> Iterator[Finding]:
    """The subject says something, and nothing untrue."""
    line = draft.line_of("subject")
    for specimen in draft.specimens:
        subject = " ".join(specimen.subject.split())
        plain = re.sub(r"[\W_]+", " ", subject).strip().casefold()
        names = (draft.issue.id, draft.issue.path.rpartition("/")[2])
        is_none = not subject or plain in vocabulary.PLACEHOLDERS or subject in names
        if is_none or re.sub(r"[ \d]+$", "", plain) in vocabulary.PLACEHOLDERS:
            yield SUBJECT_PRESENT.finding(
                Severity.ERROR if is_none else Severity.WARNING,
                say("the subject “{subject}” says nothing about this issue", subject=subject)
                if subject
                else say("an empty subject says nothing about this issue"),
                "name what matters most in this issue",
                line=line,
            )
    if match := inbox_words.THREAD.match(_typical(draft)):
        yield SUBJECT_FAKE_THREAD.error(
            "the subject begins with “{beginning}”, as an answer or a forwarded mail does; "
            "readers feel cheated and Gmail forbids it",
            "leave it out",
            line=line,
            beginning=match[0].strip(),
        )


HEADER_SIZES = Rule(
    id="header-sizes",
    summary="The subject is no longer than mail servers take",
    source="RFC 5322, section 2.1.1; Google header limits",
)


@checks(HEADER_SIZES)
def check_size(draft: Draft) -> Iterator[Finding]:
    """The encoded subject fits a line of mail."""
    size = max((_encoded_size(specimen.subject) for specimen in draft.specimens), default=0)
    if size > _LINE:
        yield HEADER_SIZES.error(
            "the subject takes {size:,} bytes in mail; servers refuse that",
            "shorten the subject",
            line=draft.line_of("subject"),
            size=size,
        )


SUBJECT_LENGTH = Rule(id="subject-length", summary="The subject fits an inbox row", source=_SCREENS)
SUBJECT_SHOUTING = Rule(
    id="subject-shouting",
    summary="The subject speaks in a normal voice",
    source="SpamAssassin 4.0.1 SUBJ_ALL_CAPS; Google sender guidelines",
)


@checks(SUBJECT_LENGTH, SUBJECT_SHOUTING)
def check_subject(draft: Draft) -> Iterator[Finding]:
    """The subject fits an inbox row, and does not shout."""
    line, subject = draft.line_of("subject"), _typical(draft)
    is_written = not inbox_words.UNWRITTEN.search(subject)  # its length is not known in advance
    if is_written and (length := graphemes(subject)) > _PHONE:
        yield SUBJECT_LENGTH.finding(
            Severity.WARNING if length > _DESKTOP else Severity.NOTE,
            "the subject has {length} characters; inboxes cut it at about {most}"
            if length > _DESKTOP
            else "the subject has {length} characters; phones show about {most}",
            "put what matters first",
            line=line,
            length=length,
            most=_DESKTOP if length > _DESKTOP else _PHONE,
        )
    yield from (fault.at(line) for fault in _shouts(subject))


SUBJECT_REPEAT = Rule(
    id="subject-repeat",
    summary="No earlier issue has the same subject",
    source="mjml issue 2631; Gmail joins mails of one subject",
)


@checks(SUBJECT_REPEAT, unless=no_issue_before)
def check_repeated(draft: Draft) -> Iterator[Finding]:
    """The subject is new."""
    own = bare(draft.readable(draft.issue.subject))
    for head in draft.earlier[:_EARLIER]:
        if bare(head.subject) == own:
            yield SUBJECT_REPEAT.warning(
                "{file} has the same subject; Gmail shows mails of one subject as one thread, "
                "and readers think they know this one",
                "name what is new in this issue",
                line=draft.line_of("subject"),
                file=head.path,
            )
            return


PREHEADER_PRESENT = Rule(
    id="preheader-present", summary="A preheader follows the subject", source=_SCREENS
)
PREHEADER_LENGTH = Rule(
    id="preheader-length",
    summary="The preheader fills its row and is not cut",
    source=_SCREENS,
)
PREHEADER_REPEATS_SUBJECT = Rule(
    id="preheader-repeats-subject", summary="The preheader says more than the subject"
)
PREHEADER_FILLER = Rule(id="preheader-filler", summary="The preheader is not spent on directions")


@checks(PREHEADER_PRESENT, PREHEADER_LENGTH, PREHEADER_REPEATS_SUBJECT, PREHEADER_FILLER)
def check_preheader(draft: Draft) -> Iterator[Finding]:
    """A preheader exists, is long enough, and does not repeat the subject."""
    subject, preheader = draft.readable(draft.issue.subject), draft.readable(draft.issue.preheader)
    if not preheader:
        yield PREHEADER_PRESENT.warning(
            "no preheader: inboxes will show the first words of the mail instead",
            "add a line “preheader: ...” of 40 to 140 characters",
            line=1,
        )
        return
    line = draft.line_of("preheader")
    if (length := graphemes(preheader)) not in _PREHEADER:
        yield PREHEADER_LENGTH.note(
            say_many(
                "the preheader has {n} character; 40 to 140 serve best",
                "the preheader has {n} characters; 40 to 140 serve best",
                n=length,
            ),
            line=line,
        )
    if bare(preheader).startswith(bare(subject)) and bare(subject):
        yield PREHEADER_REPEATS_SUBJECT.warning(
            "the preheader repeats the subject, next to which it is shown in the inbox",
            "go on where the subject ends",
            line=line,
        )
    if match := inbox_words.FILLER.search(preheader):
        yield PREHEADER_FILLER.warning(
            "“{words}” takes the place in the inbox where readers look for a reason to open",
            "say what is in the issue instead",
            line=line,
            words=match[0],
        )


PREHEADER_TECHNIQUE = Rule(
    id="preheader-technique",
    summary="The preheader is hidden in the one way that filters take as honest",
    source="SpamAssassin 4.0.1 HTML_FONT_LOW_CONTRAST; Google sender guidelines",
)


@checks(PREHEADER_TECHNIQUE)
def check_technique(draft: Draft) -> Iterator[Finding]:
    """The preheader is hidden once, with simple CSS, and without padding."""
    for specimen in one_per_variant(draft):
        for fault in _tricks(draft, specimen):
            yield PREHEADER_TECHNIQUE.warning(
                fault, "the template should hide it as default.mjml does, with mj-preview"
            )


def _typical(draft: Draft) -> str:
    """Return the subject as most readers get it."""
    typical = (s.subject for s in draft.specimens if s.persona.id == "typical")
    return next(typical, draft.readable(draft.issue.subject))


def _shouts(subject: str) -> Iterator[Finding]:
    words = re.findall(r"[^\W\d_]{2,}", subject)
    if len(words) > 1 and sum(map(len, words)) >= 10 and subject == subject.upper():
        yield SUBJECT_SHOUTING.warning(
            "the subject is in capital letters, which reads as shouting", "use small letters"
        )
    if subject.count("!") > 1:
        yield SUBJECT_SHOUTING.warning(
            say("the subject has several exclamation marks and money, as spam does")
            if _MONEY.search(subject)
            else say("the subject has several exclamation marks, as spam does"),
            "one is plenty; none is better",
        )
    emoji = _EMOJI.findall(subject)
    if len(emoji) > 1:
        yield SUBJECT_SHOUTING.warning(
            "the subject has {count} emoji",
            "one is plenty; screen readers read each out",
            count=len(emoji),
        )
    elif emoji and _EMOJI.match(subject):
        yield SUBJECT_SHOUTING.warning(
            "the subject begins with {emoji}, whose name screen readers say before any word",
            "put it at the end, or leave it out",
            emoji=emoji[0],
        )


def _encoded_size(subject: str) -> int:
    """Return the bytes of the header: words that are not ASCII are sent as base64."""
    data = subject.encode()
    words = 0 if subject.isascii() else len(data) // _WORD + 1
    return len("Subject: ") + len(data) + words * (_FRAME + _WORD // 3)


def _tricks(draft: Draft, specimen: Specimen) -> Iterator[Wording]:
    beginning = " ".join(bare(draft.issue.preheader).split()[:3])
    if not beginning or any(slot.marker in draft.issue.preheader for slot in draft.issue.slots):
        return
    blocks = [b for b in _first_blocks(specimen) if beginning in bare(b.text_content())]
    for block in blocks[:2]:
        style, text = block.get("style", ""), block.text_content()
        if _WHITE.search(style):
            yield say("the hidden preheader is white, which filters count as hidden text")
        if _TINY.search(style) and not _DISPLAY_NONE.search(style):
            yield say("the preheader is hidden by tiny letters, which filters count as hidden text")
        if len(_FILLING.sub("", text).strip()) > _HIDDEN_MOST:
            yield say("the hidden preheader has more than {most} characters", most=_HIDDEN_MOST)
        if len("".join(_FILLING.findall(text)).encode()) > _FILLING_MOST:
            yield say("the hidden preheader is filled up with invisible characters")
    if len(blocks) > 1:
        yield say("the preheader is hidden in the mail twice")


def _first_blocks(specimen: Specimen) -> list[Any]:
    """Return the hidden children of the body."""
    body = page_of(specimen).root.find("body")
    children = body if body is not None else ()
    hidden = re.compile(r"display:\s*none|max-height:\s*0|mso-hide|font-size:\s*[01]px", re.I)
    return [e for e in children if isinstance(e.tag, str) and hidden.search(e.get("style", ""))]
