"""What calendars answer to an invitation: a refusal is a question, all else nobody reads."""

import pytest

from newsletter.mailbox import Kind, read_mail
from tests.mailbox.letters import head, lines, part

UID = "Zk3v0aQ1wXy9TtLmPq@example.org"


def reply(answer: str, *, uid: str = UID, method: str = "REPLY", attendee: str = "") -> str:
    """Return a calendar's answer as it travels: folded within a name, as RFC 5545 allows."""
    return lines(
        "BEGIN:VCALENDAR",
        "PRODID:-//Example//Calendar//FI",
        "VERSION:2.0",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        attendee
        or f'ATTENDEE;CN="Aino; Öljy";PARTST\n AT={answer};ROLE=REQ-PARTICIPANT:mailto:a@x.fi',
        f"UID:{uid}",
        "SUMMARY:Teemapäivä",
        "END:VEVENT",
        "END:VCALENDAR",
    )


def by_google(answer: str) -> str:
    """Alternatives, the calendar last of them, and the same as a file."""
    calendar = part('text/calendar; charset="UTF-8"; method=REPLY', reply(answer))
    file = part(
        'application/ics; name="invite.ics"',
        reply(answer),
        'Content-Disposition: attachment; filename="invite.ics"',
    )
    inner = f"--i\r\n{part('text/plain; charset=utf-8', 'Aino')}\r\n--i\r\n{calendar}\r\n--i--\r\n"
    return (
        head("Aino <aino@example.org>", "Hylätty: Teemapäivä", "Auto-Submitted: auto-generated")
        + 'Content-Type: multipart/mixed; boundary="o"\r\n\r\n--o\r\n'
        + part('multipart/alternative; boundary="i"', inner)
        + f"\r\n--o\r\n{file}\r\n--o--\r\n"
    )


def by_outlook(answer: str) -> str:
    """One part, packed."""
    return (
        head("Aino <aino@example.org>", "Declined: Teemapäivä", "X-MS-Has-Attach:")
        + 'Content-Type: text/calendar; charset="utf-8"; method=REPLY\r\n'
        + "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
        + reply(answer).replace("=", "=3D")
    )


SHAPES = [by_google, by_outlook]


@pytest.mark.parametrize("shape", SHAPES)
def test_a_refusal_names_the_entry_that_it_is_about(shape: object) -> None:
    assert callable(shape)
    said = read_mail(shape("DECLINED").encode())

    assert said.kind is Kind.DECLINED
    assert said.entry == UID
    assert not said.kind.is_about_somebody  # nobody is taken off the list


@pytest.mark.parametrize("answer", ["ACCEPTED", "TENTATIVE", "NEEDS-ACTION", "DECLINEDISH"])
@pytest.mark.parametrize("shape", SHAPES)
def test_any_other_answer_is_no_letter_for_the_editor(shape: object, answer: str) -> None:
    assert callable(shape)

    assert read_mail(shape(answer).encode()).kind is Kind.ACCEPTED


@pytest.mark.parametrize("method", ["REQUEST", "COUNTER", "PUBLISH"])
def test_what_asks_something_is_for_the_editor(method: str) -> None:
    """Somebody invites the newsletter, or proposes another time."""
    mail = head("Aino <aino@example.org>", "Toinen aika") + part(
        f"text/calendar; method={method}", reply("DECLINED", method=method)
    )

    assert read_mail(mail.encode()).kind is Kind.REPLY


@pytest.mark.parametrize(
    "calendar",
    [
        reply("x", attendee="SUMMARY:PARTSTAT=DECLINED"),
        reply("x", attendee='ATTENDEE;CN="PARTSTAT=DECLINED":mailto:a@x.fi'),
        reply("DECLINED", uid=""),
        "METHOD:REPLY\r\n" * 50_000,
        "UID" + ";" * 60_000,
        "ATTENDEE" + ";PARTSTAT=DECLINED" * 5_000,
        "",
    ],
    ids=["no attendee", "a name", "no entry", "long", "signs", "one line", "empty"],
)
def test_what_only_looks_like_a_refusal_declines_nothing(calendar: str) -> None:
    mail = head("Eve <eve@example.org>", "Declined") + part("text/calendar; method=REPLY", calendar)

    assert read_mail(mail.encode()).kind is not Kind.DECLINED
