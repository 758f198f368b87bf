"""Messages that any mail program can take apart again, with nothing changed on the way."""

import base64
import datetime as dt
import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.message import EmailMessage, MIMEPart
from email.utils import getaddresses
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from newsletter.composing.mime import Envelope, MimeTemplate, Postmark, encode_words
from newsletter.composing.slots import for_text, split_at_slots, split_html_at_slots
from newsletter.model import Edition, Picture, Slot

NAME = Slot(marker="zq0z", name="name", fallback="ystävä")
EMAIL = Slot(marker="zq1z", name="email")
EDITION = Edition(
    issue_id="2026-12",
    variant="fi",
    language="fi",
    subject="Kysely zq0z",
    html="<!doctype html>\n<p>Hei zq0z, työkaveri! = €\n<p>" + "ä" * 200 + "\n",
    text="Hei zq0z, työkaveri! = €\n\n.\nFrom zq1z  \n" + "ä" * 200 + "\n",
    slots=(NAME, EMAIL),
    digest="d" * 64,
)
ENVELOPE = Envelope(
    sender=("Työhönvalmennus", "uutiskirje@example.org"),
    reply_to="toimitus@example.org",
    headers={"List-Id": "<uutiskirje.example.org>"},
)
HTTPS = "https://news.example.org/u/" + "k" * 273  # 300 characters in all
MAILTO = "mailto:toimitus@example.org?subject=Peruuta%20tilaus"
POSTMARK = Postmark(
    address="maija@example.org",
    message_id="0123456789abcdef@example.org",
    date=dt.datetime(2026, 12, 15, 9, 30, tzinfo=dt.timezone(dt.timedelta(hours=2))),
    headers={
        "List-Unsubscribe": f"<{HTTPS}>, <{MAILTO}>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    },
)
PICTURE = Picture(
    source="a.png",
    digest="0123456789abcdef0123",
    media_type="image/png",
    width=2,
    height=1,
    data=bytes(range(256)) * 3,
)
STRUCTURED = (
    *("Date", "Message-ID", "To", "Reply-To", "List-Id", "List-Unsubscribe"),
    *("List-Unsubscribe-Post", "Content-Type", "Content-Language", "MIME-Version"),
)


def fill(
    edition: Edition = EDITION,
    *,
    values: dict[str, str] | None = None,
    envelope: Envelope = ENVELOPE,
    postmark: Postmark = POSTMARK,
) -> bytes:
    """Return the message for one recipient."""
    return MimeTemplate(edition, envelope).fill(values or {}, postmark)


def parse(message: bytes) -> EmailMessage:
    """Return a message as Python's strictest reading sees it."""
    parsed = message_from_bytes(message, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def raw_header(message: bytes, name: str) -> str:
    """Return a header as it is on the wire, still folded."""
    head = message.split(b"\r\n\r\n", 1)[0].decode("ascii")
    found = re.findall(rf"^{name}: ([^\r\n]*(?:\r\n[ \t][^\r\n]*)*)", head, flags=re.M)
    assert len(found) == 1, name
    return str(found[0])


def bodies(message: bytes) -> tuple[str, str]:
    """Return the decoded text and HTML, with plain line feeds."""
    parts = [p for p in parse(message).walk() if p.get_content_maintype() == "text"]
    text, html = (decoded(part) for part in parts)
    return text, html


def decoded(part: MIMEPart) -> str:
    """Return the decoded content of a part."""
    content = part.get_payload(decode=True)
    assert isinstance(content, bytes)
    return content.decode("utf-8").replace("\r\n", "\n")


def encoded_lines(message: bytes) -> list[str]:
    """Return the lines of all parts as they are on the wire."""
    leaves = (part for part in parse(message).walk() if not part.is_multipart())
    return [line for leaf in leaves for line in str(leaf.get_payload()).split("\r\n")]


# --- structure ----------------------------------------------------------------------------


@pytest.mark.parametrize("pictures", [(), (PICTURE,), (PICTURE, replace(PICTURE, digest="b"))])
def test_message_has_no_defect_in_any_part_or_header(pictures: tuple[Picture, ...]) -> None:
    message = parse(fill(replace(EDITION, pictures=pictures)))

    for part in message.walk():
        assert part.defects == []
        for name, value in part.items():
            assert value.defects == (), name


def test_message_goes_to_exactly_one_recipient() -> None:
    message = parse(fill())

    assert message["To"] == "maija@example.org"
    assert len(message["To"].addresses) == 1
    assert [message[name] for name in ("Cc", "Bcc", "Resent-To")] == [None, None, None]


def test_text_comes_before_html() -> None:
    message = parse(fill())

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == [
        "text/plain",
        "text/html",
    ]
    assert {part.get_content_charset() for part in message.iter_parts()} == {"utf-8"}


def test_pictures_are_found_by_their_content_id() -> None:
    second = replace(PICTURE, digest="ffff", media_type="image/jpeg", data=b"\xff\xd8")
    message = parse(fill(replace(EDITION, pictures=(PICTURE, second))))

    text, related = message.iter_parts()

    html, *pictures = related.iter_parts()
    assert text.get_content_type() == "text/plain"
    assert related["Content-Type"].params["type"] == "text/html"
    assert (related.get_content_type(), html.get_content_type()) == (
        "multipart/related",
        "text/html",
    )
    assert [(p["Content-ID"], p.get_content_type(), p.get_content()) for p in pictures] == [
        ("<0123456789abcdef0123>", "image/png", PICTURE.data),
        ("<ffff>", "image/jpeg", b"\xff\xd8"),
    ]
    assert {p.get_content_disposition() for p in pictures} == {"inline"}


@pytest.mark.parametrize("pictures", [(), (PICTURE,)])
def test_lines_end_alike_and_keep_within_their_limits(pictures: tuple[Picture, ...]) -> None:
    message = fill(replace(EDITION, pictures=pictures), values={"name": "x" * 500})

    lines = message.split(b"\r\n")

    assert not any(b"\n" in line or b"\r" in line for line in lines)
    assert message.isascii()
    assert max(map(len, lines)) <= 998  # RFC 5322, section 2.1.1
    assert max(map(len, encoded_lines(message))) <= 76  # RFC 2045, section 6.7
    assert message.endswith(b"--\r\n")


def test_boundary_cannot_occur_in_the_parts() -> None:
    boundary = parse(fill()).get_boundary()
    assert boundary
    edition = replace(EDITION, text=f"--{boundary}\n--{boundary}--\n", html=f"--{boundary}\n")

    text, html = bodies(fill(edition))

    assert (text, html) == (edition.text, edition.html)


def test_same_values_give_the_same_bytes() -> None:
    assert fill(values={"name": "Maija"}) == fill(values={"name": "Maija"})


# --- headers ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "name",
    [
        "Uutiskirje",  # ASCII
        "Työhönvalmennus",  # UTF-8
        "Meikäläinen, Maija",  # UTF-8 with a comma
        "Doe, Jane",  # ASCII with a comma
        'Säätiö "Yksi" \\ <kaksi>',  # UTF-8 with quotation marks
        'The "One" \\ <two>; (three) @ [four]: .',  # ASCII with all that is special
        "=?utf-8?q?a?=",  # what looks like an encoded word
        "Työhönvalmentajien valtakunnallinen kehittämisryhmä " * 4 + "Ä",  # very long
        "National Development Group of Work Coaches in Finland " * 4 + "A",  # very long ASCII
        "👩‍🚀" * 30,  # four bytes each
        "  Tyhjää   välissä  ".strip(),  # several spaces
        "",  # none
    ],
)
def test_sender_is_shown_as_it_was_written(name: str) -> None:
    message = fill(envelope=replace(ENVELOPE, sender=(name, "uutiskirje@example.org")))

    raw = raw_header(message, "From")

    # Python 3.11 keeps the spaces between encoded words of a name, so they are decoded apart.
    [(shown, address)] = getaddresses([raw.replace("\r\n", "")])
    assert (str(make_header(decode_header(shown))), address) == (name, "uutiskirje@example.org")
    assert parse(message)["From"].defects == ()
    assert max(map(len, raw.split("\r\n"))) <= 998


@pytest.mark.parametrize(
    "subject",
    [
        "Survey",
        "Kysely 2021: valtakunnallista toimijaa tarvitaan",
        "Vastaa kyselyyn: mihin ryhmää tarvitaan?",
        "Työhönvalmentajien valtakunnallisen kehittämisryhmän syysteemapäivät, ilmoittaudu nyt ja "
        "ehdota myös oman alueesi yhteistyökumppaneita mukaan järjestelyihin",
        "The national development group of work coaches wants to hear from you before summer",
        "ä" * 500,  # without a space
        "a" * 77 + "ä",  # the first beyond ASCII comes late
        "👩‍🚀" * 40,  # four bytes each
        "e\u0301" * 60,  # combining
        "=?utf-8?b?w6Q=?= a",  # what looks like an encoded word
        "a =?x",  # its beginning
        "100 % {{7*7}} <b>",
        "a  b   c",  # several spaces
        "a" * 120 + " " + "b" * 120,  # long ASCII words
    ],
)
def test_subject_is_read_as_it_was_written(subject: str) -> None:
    message = fill(replace(EDITION, subject=subject))

    raw = raw_header(message, "Subject")

    assert parse(message)["Subject"] == subject
    assert str(make_header(decode_header(raw.replace("\r\n", "")))) == subject
    assert max(map(len, raw.split("\r\n"))) <= 998


@settings(derandomize=True)
@given(text=st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), min_size=1))
def test_no_character_is_split_between_encoded_words(text: str) -> None:
    encoded = encode_words(text + "ä", begin=len("Subject: ")).decode("ascii")

    words = re.findall(r"=\?utf-8\?b\?([^?]*)\?=", encoded)

    assert all(len(word) <= 75 for word in encoded.split())
    assert all(len(line) <= 76 for line in f"Subject: {encoded}".split("\r\n")[1:])
    assert "".join(base64.b64decode(word).decode("utf-8") for word in words) == text + "ä"


def test_first_line_of_an_encoded_subject_keeps_within_76_characters() -> None:
    message = fill(replace(EDITION, subject="ä" * 100))

    first = raw_header(message, "Subject").split("\r\n")[0]

    assert len(f"Subject: {first}") <= 76  # RFC 2047, section 2


def test_name_in_the_subject_adds_no_header() -> None:
    message = fill(values={"name": "A\r\nBcc: x@example.org\r\n\r\n<b>"})

    assert parse(message)["Subject"] == "Kysely A Bcc: x@example.org <b>"
    assert parse(message).keys() == parse(fill()).keys()


@pytest.mark.parametrize("header", STRUCTURED)
def test_structured_headers_hold_no_encoded_word(header: str) -> None:
    raw = raw_header(fill(), header)

    assert "=?" not in raw


def test_long_unsubscribe_links_are_neither_split_nor_encoded() -> None:
    message = fill()

    raw = raw_header(message, "List-Unsubscribe")

    assert raw == f"<{HTTPS}>,\r\n <{MAILTO}>"
    assert len(HTTPS) == 300


@pytest.mark.parametrize("value", ["<https://example.org/ä>", "<a>\r\nBcc: b@example.org", ""])
def test_what_cannot_stand_in_a_header_for_machines_is_refused(value: str) -> None:
    with pytest.raises(ValueError, match="List-Unsubscribe"):
        fill(postmark=replace(POSTMARK, headers={"List-Unsubscribe": value}))


def test_headers_say_who_when_and_what() -> None:
    message = parse(fill())

    assert message["Date"].datetime == POSTMARK.date
    assert message["Message-ID"] == "<0123456789abcdef@example.org>"
    assert message["Reply-To"] == "toimitus@example.org"
    assert message["List-Id"] == "<uutiskirje.example.org>"
    assert message["Content-Language"] == "fi"
    assert message["MIME-Version"] == "1.0"


def test_no_header_stands_twice() -> None:
    names = [name.lower() for name in parse(fill())]

    assert sorted(set(names)) == sorted(names)


# --- bodies -------------------------------------------------------------------------------


def test_bodies_arrive_as_they_were_written() -> None:
    text, html = bodies(fill(values={"name": "Äijä = <b>", "email": "a@example.org"}))

    assert text == EDITION.text.replace("zq0z", "Äijä = <b>").replace("zq1z", "a@example.org")
    assert html == EDITION.html.replace("zq0z", "Äijä = &lt;b&gt;")


def test_slot_after_a_line_of_any_length_breaks_no_character() -> None:
    """A line of 76 characters has no room for the equals sign of a soft break."""
    ends = ["".join(end) for end in product(["x", "ä", "=", " ", "👩"], repeat=3)]
    text = "".join(f"{'x' * n}{end}zq0z\n" for n in range(55, 78) for end in ends)

    message = fill(replace(EDITION, text=text), values={"name": "y"})

    assert bodies(message)[0] == text.replace("zq0z", "y")
    assert max(map(len, encoded_lines(message))) <= 76


PIECES = st.lists(
    st.one_of(
        st.sampled_from(["zq0z", "zq1z", "\n", " ", "\t", "=", ".", "\n.\n", " \n", "\nFrom "]),
        st.integers(60, 80).map("x".__mul__),  # lines that end near the limit of 76
        st.integers(20, 27).map("ä".__mul__),
        st.integers(17, 20).map("👩".__mul__),
        st.text(st.characters(exclude_categories=["Cs", "Cc"])),
    ),
    max_size=8,
).map("".join)
VALUES = st.one_of(
    st.text(),
    st.integers(60, 80).map("y".__mul__),
    st.integers(20, 27).map("ö".__mul__),
    st.sampled_from(["", "=", " ", "a\nb", "a \n", "\n", "zq1z", "--=_", "."]),
)


@settings(max_examples=150, derandomize=True)
@given(body=PIECES, name=VALUES, email=VALUES)
def test_whatever_stands_in_a_body_arrives_unchanged(body: str, name: str, email: str) -> None:
    edition = replace(EDITION, text=body + "\n", html=f"<p>{body}\n")
    values = {"name": name, "email": email}

    message = fill(edition, values=values)

    text, html = bodies(message)
    assert text == split_at_slots(edition.text, edition.slots, for_text).fill(values)
    assert html == split_html_at_slots(edition.html, edition.slots).fill(values)
    assert max(map(len, encoded_lines(message))) <= 76
    assert not any(line.endswith((" ", "\t")) for line in encoded_lines(message))


@settings(max_examples=100, derandomize=True)
@given(name=st.text(st.characters(exclude_categories=()), max_size=200))
def test_whatever_a_name_is_the_message_has_no_defect(name: str) -> None:
    message = fill(values={"name": name})

    parsed = parse(message)

    assert [part.defects for part in parsed.walk()] == [[], [], []]
    assert all(value.defects == () for value in parsed.values())
    assert parsed.keys() == parse(fill()).keys()


@settings(max_examples=150, derandomize=True)
@given(body=PIECES, name=VALUES, email=VALUES)
def test_no_line_of_a_message_begins_with_a_dot(body: str, name: str, email: str) -> None:
    """SMTP would have to double it; to look for that takes longer than all else of sending it."""
    body = body.replace(" ", "=.")
    template = MimeTemplate(replace(EDITION, text=body + "\n", html=f"<p>{body}\n"), ENVELOPE)
    values = {"name": name, "email": f".{email}"}

    message, may_have_dots = template.fill_and_tell(values, POSTMARK)

    lines = message.split(b"\r\n")
    assert not any(line.startswith(b".") for line in lines)
    assert not may_have_dots
    assert all(len(line) <= 76 for line in lines[lines.index(b"") :])
    text, _ = bodies(message)
    edition = replace(EDITION, text=body + "\n")
    assert text == split_at_slots(edition.text, edition.slots, for_text).fill(values)
