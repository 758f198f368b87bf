"""The settings of the mailbox say where readers leave by mail, and what is wrong with them."""

from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.settings import Settings, load_settings
from tests.test_config import GOOD


def load(folder: Path, *rows: str) -> Settings:
    """Return settings with a mailbox."""
    (folder / "newsletter.toml").write_text(
        "\n".join([GOOD, "[mailbox]", *rows, ""]), encoding="utf-8"
    )
    return load_settings(folder)


def test_a_reader_leaves_by_an_address_with_a_key_behind_a_plus(tmp_path: Path) -> None:
    mailbox = load(tmp_path, 'unsubscribe = "eroa@työ.fi"').mailbox

    assert mailbox.leave_to == "eroa+*@xn--ty-gka.fi"
    assert not mailbox.is_read


def test_a_host_without_plus_addresses_gets_the_key_in_the_subject_alone(tmp_path: Path) -> None:
    mailbox = load(tmp_path, 'unsubscribe = "eroa@example.org"', "plus = false").mailbox

    assert mailbox.leave_to == "eroa@example.org"


def test_bounces_have_an_address_of_their_own(tmp_path: Path) -> None:
    assert load(tmp_path, 'bounces = "palaa@example.org"').mailbox.return_to == (
        "palaa+*@example.org"
    )
    assert load(tmp_path).mailbox.return_to == ""


def test_a_mailbox_is_read_where_it_is_named(tmp_path: Path) -> None:
    mailbox = load(tmp_path, 'host = "imap.example.org"', 'username = "eroa@example.org"').mailbox

    assert mailbox.is_read
    assert (mailbox.imap_port, mailbox.folder) == (993, "INBOX")


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ('unsubscribe = "eroa"', "An email address must have an @-sign"),
        (f'unsubscribe = "{"a" * 32}@example.org"', "too long for a reader's key"),
        ('unsubscribe = "a+b@example.org"', "without a plus sign"),
        ('bounces = "a+b@example.org"', "without a plus sign"),
        ('host = "imap.example.org"\nsecurity = "none"', "where others can read it"),
        ('sign_in = "yahoo"', "sign_in"),
    ],
)
def test_a_faulty_mailbox_is_told_with_its_line(tmp_path: Path, row: str, words: str) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        load(tmp_path, row)

    assert "newsletter.toml:" in str(caught.value)


def test_a_long_address_will_do_where_no_key_follows_it(tmp_path: Path) -> None:
    address = f"{'a' * 32}@example.org"

    assert load(tmp_path, "plus = false", f'unsubscribe = "{address}"').mailbox.leave_to == address
