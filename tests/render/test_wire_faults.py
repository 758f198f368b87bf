"""No message breaks a promise that only a program could break; and each break would be seen."""

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.model import Copy, read_message
from tests.composing.test_mime import (
    EDITION,
    ENVELOPE,
    HTTPS,
    MAILTO,
    PICTURE,
    PIECES,
    VALUES,
    fill,
)
from tests.render.wire_faults import PROMISES, faults_of_copy, faults_of_message

SHOWN = replace(
    EDITION, pictures=(PICTURE,), html=f'{EDITION.html}<img src="cid:{PICTURE.digest}">'
)
ENVELOPE_OF_A_LIST = replace(ENVELOPE, headers={"List-Id": "<kirje.example.org>"})
OWN = {"maija@example.org", "uutiskirje@example.org", "toimitus@example.org"}
NAMES = st.text(st.characters(exclude_categories=[]), max_size=200)


def message(**changes: object) -> bytes:
    """Return a message with a picture; changes are of the edition."""
    return fill(replace(SHOWN, **changes), envelope=ENVELOPE_OF_A_LIST)  # type: ignore[arg-type]


def faults(raw: bytes) -> set[str]:
    """Return the promises that a message breaks, as bytes and as a copy."""
    copy = read_message(raw, "maija@example.org")
    return {*faults_of_message(raw), *_faults_of(copy)}


def _faults_of(copy: Copy) -> list[str]:
    return list(faults_of_copy(copy, own=OWN, mailto=MAILTO, link=HTTPS))


@settings(max_examples=200, deadline=None)
@given(
    body=PIECES, name=VALUES | NAMES, subject=st.text(min_size=1).map(lambda s: " ".join(s.split()))
)
def test_whatever_is_written_breaks_no_promise(body: str, name: str, subject: str) -> None:
    edition = replace(
        SHOWN, text=body + "\n", html=f"{SHOWN.html}<p>{body}\n", subject=f"{subject} zq0z"
    )

    raw = fill(edition, values={"name": name.replace("@", "")}, envelope=ENVELOPE_OF_A_LIST)

    assert faults(raw) <= {"recipient-exposure"} if "@" in body + subject else faults(raw) == set()


# The promise, what to find in a good message, and what a faulty program would have written.
BREAKS = [
    ("header-single-instance", r"^Subject: ", "subject: x\r\nSubject: "),
    ("header-single-instance", r"^Reply-To: ", "X-Reply-To: "),
    ("date-header", r"^Date: Tue", "Date: Wed"),
    ("message-id", r"^Message-ID: <.*>", "Message-ID: <0123456789abcde@example.org>"),
    ("message-id", r"^Message-ID: <.*>", "Message-ID: <0123456789abcdef>"),
    ("from-address", r"^From: [^<]*<", "From: <a@example.org>, <"),
    ("from-address", r"^From: (.|\r\n )*?>", "From: A, B <b@example.org>"),
    ("from-address", r"^Reply-To: .*$", "Reply-To: toimitus\r"),
    ("list-unsubscribe", r"^List-Unsubscribe: <https", "List-Unsubscribe: <http"),
    ("list-unsubscribe-post", "=One-Click", "=one-click"),
    ("list-id", r"^List-Id: <.*>", "List-Id: <kirje>"),
    ("structured-header-encoded-word", r"^List-Id: .*$", "List-Id: =?utf-8?q?=3Ca=2Eb=3E?=\r"),
    ("structured-header-encoded-word", r"^Reply-To: .*$", "Reply-To: =?utf-8?q?a=40b=2Efi?=\r"),
    ("header-injection", r"^Subject: ", "Subject: =?utf-8?q?=E2=80=AE?= "),
    ("recipient-exposure", r"^To: .*$", "To: <maija@example.org>, <bo@example.org>\r"),
    ("recipient-exposure", r"^Hei", "Hei bo@example.org"),
    ("recipient-exposure", r"^MIME-Version", "Bcc: x@example.org\r\nMIME-Version"),
    ("charset-utf8", 'text/plain; charset="utf-8"', 'text/plain; charset="iso-8859-1"'),
    ("charset-utf8", "ty=C3=B6k", "ty=C3k"),
    ("cte-valid", "! =3D ", "! = "),
    ("cte-valid", r"^Subject: ", "Subject: Jää"),
    ("cte-valid", r"^AAECAw", "AA*CAw"),
    ("line-length", r"^Hei", "x" * 999),
    ("crlf", "MIME-Version: 1.0\r\n", "MIME-Version: 1.0\n"),
    ("mime-tree", "image/png", "video/mp4"),
    ("mime-tree", "text/plain", "text/html"),
    ("mime-tree", "Content-ID: <0123", "Content-ID: <x123"),
    ("mime-tree", "=_r", "=_"),
    ("subject-encoding", r"^Subject: ", f"Subject: =?utf-8?q?{'=C3=A4' * 40}?=\r\n "),
    ("subject-encoding", r"^Subject: ", "Subject: =?utf-8?q?=C3?= =?utf-8?q?=A4?=\r\n "),
]  # fmt: skip
# These are held where a copy is compared with what was written: tests/render/test_copies.py.
COMPARED = {"roundtrip", "merge-hostile"}


@pytest.mark.parametrize(("promise", "pattern", "new"), BREAKS)
def test_a_broken_promise_is_seen(promise: str, pattern: str, new: str) -> None:
    good = message()
    broken, count = re.subn(pattern.encode(), lambda _: new.encode(), good, flags=re.M)
    assert count

    assert faults(good) == set()
    assert promise in faults(broken)


def test_each_promise_has_a_break_that_is_seen() -> None:
    assert set(PROMISES) == {promise for promise, _, _ in BREAKS} | COMPARED
