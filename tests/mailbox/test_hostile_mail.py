"""No mail raises, takes long, or suppresses anybody who should not be, however odd it is."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.mailbox import Kind, Rules, read_mail
from tests.mailbox.bounces import BOUNCES
from tests.mailbox.letters import (
    KEY,
    KEYS,
    LEAVING,
    PLUS,
    READER,
    UNSUBSCRIBE,
    complaint,
    head,
    plain,
    recipient,
    report,
)
from tests.mailbox.others import OTHERS

RULES = Rules(keys=KEYS, unsubscribe=UNSUBSCRIBE)
SUPPRESSING = {Kind.HARD, Kind.COMPLAINED, Kind.UNSUBSCRIBED}
MAILS = [raw for _, raw, *_ in [*BOUNCES, *OTHERS] if len(raw) < 20_000]
WORDS = st.text(max_size=60).map(lambda text: " ".join(text.split()))
TEMPTING = st.sampled_from(
    [
        f"550 5.1.1 <{READER}>: User unknown",
        "mailbox unavailable, no such user",
        f"unsubscribe {LEAVING}",
        f"Final-Recipient: rfc822;{READER}\nAction: failed\nStatus: 5.1.1",
        f"Message-ID: <{KEY}@example.org>",
    ]
)


@given(st.binary(max_size=2_000))
def test_no_bytes_raise_or_suppress(raw: bytes) -> None:
    assert read_mail(raw, RULES).kind not in SUPPRESSING


@given(st.data())
def test_no_mail_raises_however_it_is_damaged(data: st.DataObject) -> None:
    raw = data.draw(st.sampled_from(MAILS))
    start = data.draw(st.integers(0, len(raw)))
    end = data.draw(st.integers(start, min(len(raw), start + 200)))
    damaged = raw[:start] + data.draw(st.binary(max_size=30)) + raw[end:]

    verdict = read_mail(damaged, RULES)

    assert all(isinstance(said.kind, Kind) for said in verdict.all)


@given(
    code=st.tuples(st.integers(0, 9), st.integers(0, 30)).map(lambda n: f"4.{n[0]}.{n[1]}"),
    said=TEMPTING | WORDS,
    words=TEMPTING | WORDS,
    action=st.sampled_from(["failed", "delayed", "expanded", ""]),
)
def test_no_temporary_failure_suppresses(code: str, said: str, words: str, action: str) -> None:
    said = " ".join(said.replace("550 5.1.1", "450").split())

    verdict = read_mail(report(recipient(code, said, action=action), words=words), RULES)

    assert not {one.kind for one in verdict.all} & SUPPRESSING


@given(
    code=st.sampled_from(["5.2.2", "5.7.133", "5.7.26", "5.1.8", "5.4.7", "5.3.4"]),
    said=WORDS | st.sampled_from(["no such user", "unknown address"]),
)
def test_neither_full_mailboxes_nor_refusals_of_us_suppress(code: str, said: str) -> None:
    assert read_mail(report(recipient(code, said)), RULES).kind not in SUPPRESSING


@given(
    header=st.sampled_from(
        [
            "Auto-Submitted: auto-replied",
            "auto-submitted:  Auto-Replied; x=y",
            "Precedence: auto_reply",
            "X-Autoreply: yes",
            "X-Autorespond: x",
            "X-Auto-Response-Suppress: OOF",
        ]
    ),
    to=st.sampled_from([PLUS, UNSUBSCRIBE, f"palaa+{KEY}@example.org"]),
    subject=TEMPTING.filter(lambda text: "\n" not in text),
    words=TEMPTING,
    null=st.booleans(),
)
def test_no_auto_reply_suppresses(
    header: str, to: str, subject: str, words: str, null: bool
) -> None:
    more = ["Return-Path: <>"] if null else []
    top = head(f"Aino <{READER}>", f"Re: {subject}", header, *more, to=to)

    assert read_mail(plain(top, words), RULES).kind is Kind.AUTO_REPLY


@given(WORDS.filter(lambda said: said.lower() not in {"abuse", "fraud", "opt-out", "opt-out-list"}))
def test_no_report_but_of_abuse_fraud_or_leaving_suppresses(said: str) -> None:
    assert read_mail(complaint(said.replace("\0", "")), RULES).kind is Kind.REPORT


def test_what_is_shown_has_no_signs_that_a_terminal_would_heed() -> None:
    mail = plain(
        head("MAILER-DAEMON@x.example", "failure notice \x1b[31m", "Return-Path: <>"),
        f"<{READER}>:\n550 5.1.1 \x1b]0;owned\x07 user\u202e unknown\n",
    )

    verdict = read_mail(mail, RULES)

    assert verdict.kind is Kind.HARD
    assert (verdict.text + verdict.subject + verdict.sender).isprintable()


@pytest.mark.parametrize(
    ("once", "most"),
    [
        (b'--b\r\nContent-Type: multipart/mixed; boundary="b"\r\n\r\n', 20_000),
        (b"Content-Type: message/rfc822\r\n\r\n", 30_000),
        (b"=?utf-8?q?=", 90_000),
        (b"a" * 1_000, 2_000),
        (b"<aino@example.org>: user unknown\r\n", 30_000),
        (b"aino@", 200_000),
        (b"5.", 500_000),
        (b"mailbox ", 120_000),
        (b'";', 400_000),
        (b"Received: for <a@b>\r\n", 50_000),
        (b"\n", 1_000_000),
        (b"\n> \n", 200_000),
    ],
    ids=[
        "boundaries",
        "mails",
        "words",
        "letters",
        "failures",
        "ats",
        "codes",
        "boxes",
        "marks",
        "hops",
        "lines",
        "quotes",
    ],
)
def test_time_grows_no_faster_than_a_mail(once: bytes, most: int) -> None:
    tops = [
        b"From: MAILER-DAEMON@x.example\r\nReturn-Path: <>\r\nSubject: failure notice\r\n\r\n",
        b'From: postmaster@x.example\r\nContent-Type: multipart/report; boundary="b"\r\n\r\n',
        b"Subject: ",
    ]
    for top in tops:
        before = time.process_time()

        read_mail(top + once * most, RULES)

        # A mail of a megabyte takes some tenths; what is quadratic in it takes minutes.
        assert time.process_time() - before < 5
