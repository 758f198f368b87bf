"""A mailbox is read over IMAP as it is, untouched, and what is wrong is told with its cure."""

from collections.abc import Iterator

import pytest

from newsletter.errors import ConfigError, MailboxError
from newsletter.mailbox import Access, Cursor, read_new
from tests.servers.imap import Mailbox, serving


@pytest.fixture
def mailbox() -> Iterator[Mailbox]:
    """Serve a mailbox with three mails."""
    with serving(Mailbox()) as box:
        for number in range(1, 4):
            box.add(b"Subject: %d\r\n\r\nHei\r\n" % number)
        yield box


def access_to(box: Mailbox, **named: object) -> Access:
    """Return how a mailbox is reached."""
    known = {
        "host": "127.0.0.1",
        "port": box.port,
        "security": "none",
        "username": box.username,
        "password": box.password,
        "folder": box.folder,
        "timeout": 5.0,
    }
    return Access(**(known | named))  # type: ignore[arg-type]


def test_what_is_new_is_read_once_and_nothing_is_marked_or_changed(mailbox: Mailbox) -> None:
    access = access_to(mailbox)

    first = read_new(access, None, bytes)
    again = read_new(access, first.cursor, bytes)
    mailbox.add(b"Subject: 4\r\n\r\n")
    then = read_new(access, again.cursor, bytes)

    assert [raw[:10] for raw in first.mails] == [b"Subject: 1", b"Subject: 2", b"Subject: 3"]
    assert (again.mails, again.cursor) == ([], first.cursor)
    assert [raw[:10] for raw in then.mails] == [b"Subject: 4"]
    assert mailbox.seen == set()
    verbs = {command.split()[0] for command in mailbox.commands}
    assert verbs <= {"CAPABILITY", "LOGIN", "EXAMINE", "UID", "LOGOUT"}
    assert not any("CHARSET" in command or "STORE" in command for command in mailbox.commands)


def test_an_empty_mailbox_is_read_too() -> None:
    with serving(Mailbox()) as box:
        batch = read_new(access_to(box), None, bytes)

    assert (batch.mails, batch.cursor) == ([], Cursor(validity=1, uid=0))


def test_a_mailbox_that_is_numbered_anew_is_read_from_its_beginning(mailbox: Mailbox) -> None:
    mailbox.validity = 2

    batch = read_new(access_to(mailbox), Cursor(validity=1, uid=3), bytes)

    assert (len(batch.mails), batch.is_reset) == (3, True)
    assert batch.cursor == Cursor(validity=2, uid=3)


def test_of_a_full_mailbox_only_the_newest_mails_are_read_at_first(mailbox: Mailbox) -> None:
    batch = read_new(access_to(mailbox), None, bytes, most=2)

    assert ([raw[:10] for raw in batch.mails], batch.skipped) == (
        [b"Subject: 2", b"Subject: 3"],
        1,
    )


def test_of_many_new_mails_the_oldest_come_first_and_the_rest_next_time(mailbox: Mailbox) -> None:
    first = read_new(access_to(mailbox), Cursor(validity=1, uid=1), bytes, most=1)

    assert (first.cursor.uid, first.is_whole) == (2, False)
    assert read_new(access_to(mailbox), first.cursor, bytes).cursor.uid == 3


def test_a_huge_mail_is_read_as_far_as_its_report_goes(mailbox: Mailbox) -> None:
    mailbox.add(b"Subject: big\r\n\r\n" + b"x" * 3_000_000)

    batch = read_new(access_to(mailbox), Cursor(validity=1, uid=3), len)

    assert batch.mails == [1_000_000]


def test_a_mail_that_is_deleted_meanwhile_is_passed_over(mailbox: Mailbox) -> None:
    read: list[bytes] = []

    def take(raw: bytes) -> None:
        read.append(raw)
        mailbox.mails.pop(2, None)

    batch = read_new(access_to(mailbox), None, take)

    assert (len(read), batch.cursor.uid) == (2, 3)


@pytest.mark.parametrize(("user", "password"), [("käyttäjä", "salasana"), ("eroa", 'sala"sa\\na')])
def test_any_name_and_password_signs_in(user: str, password: str) -> None:
    with serving(Mailbox(username=user, password=password)) as box:
        box.add(b"x")
        if user.isascii():
            box.password = password.replace("\\", "\\\\").replace('"', '\\"')
        access = access_to(box, password=password)

        assert len(read_new(access, None, bytes).mails) == 1


def test_a_token_signs_in_by_xoauth2() -> None:
    with serving(Mailbox(token="ya29.token")) as box:  # noqa: S106 - of the tests alone
        box.add(b"x")

        batch = read_new(access_to(box, password="", token="ya29.token"), None, bytes)  # noqa: S106

    assert len(batch.mails) == 1


@pytest.mark.parametrize(
    ("refusal", "named", "cure"),
    [
        ("LOGIN failed. Basic authentication is disabled.", {}, 'sign_in = "microsoft"'),
        ("LOGIN failed. BasicAuthBlocked, see aka.ms", {}, 'sign_in = "microsoft"'),
        ("[ALERT] Application-specific password required", {}, 'sign_in = "google"'),
        ("[AUTHENTICATIONFAILED] Invalid credentials", {}, "NEWSLETTER_IMAP_PASSWORD"),
        ("[PRIVACYREQUIRED] LOGINDISABLED", {}, 'security = "starttls"'),
        ("AUTHENTICATE failed.", {"token": "old"}, "newsletter sync --sign-in"),
    ],
)
def test_a_refused_sign_in_is_told_with_its_cure(
    refusal: str, named: dict[str, str], cure: str
) -> None:
    with (
        serving(Mailbox(refusal=refusal)) as box,
        pytest.raises(ConfigError) as caught,
    ):
        read_new(access_to(box, password="wrong", **named), None, bytes)  # noqa: S106

    assert cure in str(caught.value)
    assert "eroa@example.org" in str(caught.value)


def test_a_folder_that_is_not_there_is_named(mailbox: Mailbox) -> None:
    with pytest.raises(ConfigError, match="“Arkisto”"):
        read_new(access_to(mailbox, folder="Arkisto"), None, bytes)


def test_a_mail_that_is_not_given_out_keeps_no_later_one_back(mailbox: Mailbox) -> None:
    mailbox.refused = {2}

    batch = read_new(access_to(mailbox), None, bytes)

    assert (len(batch.mails), batch.refused) == (2, [2])
    assert (batch.cursor.uid, batch.is_whole) == (3, True)


def test_a_mailbox_that_gives_nothing_out_is_read_again(mailbox: Mailbox) -> None:
    mailbox.refused = {1, 2, 3}

    with pytest.raises(MailboxError, match="does not give out mail 1"):
        read_new(access_to(mailbox), None, bytes)


def test_what_was_read_before_the_server_hung_up_is_not_read_again(mailbox: Mailbox) -> None:
    mailbox.drops_at = "UID FETCH 3"
    first = read_new(access_to(mailbox), None, bytes)
    mailbox.drops_at = ""

    rest = read_new(access_to(mailbox), first.cursor, bytes)

    assert (len(first.mails), first.is_whole) == (2, False)
    assert (len(rest.mails), rest.is_whole) == (1, True)


@pytest.mark.parametrize("number", [2**32, 10**30, 10**4000], ids=["33 bits", "long", "endless"])
def test_a_number_that_no_mailbox_may_have_is_refused(mailbox: Mailbox, number: int) -> None:
    mailbox.validity = number

    with pytest.raises(MailboxError):
        read_new(access_to(mailbox), None, bytes)


@pytest.mark.parametrize("step", ["LOGIN", "EXAMINE", "UID SEARCH", "UID FETCH"])
def test_a_server_that_hangs_up_is_away_and_that_is_told(mailbox: Mailbox, step: str) -> None:
    mailbox.drops_at = step

    with pytest.raises(MailboxError, match=r"cannot read the mailbox eroa@example\.org at 127"):
        read_new(access_to(mailbox), None, bytes)


def test_a_server_that_never_answers_is_given_up(mailbox: Mailbox) -> None:
    mailbox.hangs_at = "EXAMINE"

    with pytest.raises(MailboxError):
        read_new(access_to(mailbox, timeout=0.2), None, bytes)


def test_a_server_that_is_not_there_is_told(mailbox: Mailbox) -> None:
    with serving(Mailbox()) as gone:
        access = access_to(gone)

    with pytest.raises(MailboxError, match="check host, port and security"):
        read_new(access, None, bytes)
