"""Keys that mails carry lead back to whom they were made for, and cannot be made by others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import LinkError
from newsletter.links import new_keys
from newsletter.mailkeys import (
    LETTERS,
    DeliveryKeys,
    Keyring,
    LeavingKeys,
    place_for_key,
    with_key,
)

SEND, OTHER = "0123456789abcdef" * 2, "0123456789abcdee" * 2
SECRET = "long enough to be a secret"  # noqa: S105 - of the tests alone
RING = Keyring(secret=SECRET, sends={SEND[:8]: SEND})


@given(st.integers(1, 2**40 - 1))
def test_a_delivery_is_found_again_by_its_key(delivery: int) -> None:
    key = DeliveryKeys(SEND).key_for(delivery)

    assert len(key) == LETTERS
    assert list(RING.deliveries(f"<{key.upper()}@example.org>")) == [f"{SEND[:8]}-{delivery}"]
    assert str(delivery) not in key or delivery < 10**6  # none of its digits but by chance


@pytest.mark.parametrize("subscriber", ["new", "QUlOT0FJTk9BSU5P", "test"])
def test_a_subscriber_is_found_again_by_the_key_to_leave(subscriber: str) -> None:
    [new] = new_keys(1)
    subscriber = new if subscriber == "new" else subscriber
    key = LeavingKeys(SECRET).key_for(subscriber)

    assert len(key) == LETTERS
    assert list(RING.leavers(f"letter+{key.upper()}@example.org")) == [subscriber]


@given(st.integers(1, 10**9), st.integers(0, LETTERS - 1), st.sampled_from("0123456789abcdef"))
def test_a_changed_key_of_a_delivery_leads_nowhere(delivery: int, place: int, letter: str) -> None:
    key = DeliveryKeys(SEND).key_for(delivery)
    forged = key[:place] + letter + key[place + 1 :]

    assert forged == key or list(RING.deliveries(forged)) == []


@given(st.integers(0, LETTERS - 1), st.sampled_from("abcdefghijklmnopqrstuvwxyz234567"))
def test_a_changed_key_to_leave_leads_nowhere(place: int, letter: str) -> None:
    key = LeavingKeys(SECRET).key_for("QUlOT0FJTk9BSU5PQUlO")
    forged = key[:place] + letter + key[place + 1 :]

    assert forged == key or list(RING.leavers(forged)) == []


def test_a_key_is_found_in_the_address_that_a_mail_offers() -> None:
    key = LeavingKeys(SECRET).key_for("QUlOT0FJTk9BSU5PQUlO")

    header = f"<mailto:eroa@example.org?subject=Peruuta%20tilaus%20{key}>"

    assert list(RING.leavers(header)) == ["QUlOT0FJTk9BSU5PQUlO"]


def test_keys_of_another_send_or_secret_lead_nowhere() -> None:
    other = Keyring(secret="another secret", sends={SEND[:8]: OTHER})  # noqa: S106

    assert list(other.deliveries(DeliveryKeys(SEND).key_for(7))) == []
    assert list(other.leavers(LeavingKeys(SECRET).key_for("QUlOT0FJTk9BSU5PQUlO"))) == []
    assert list(Keyring().leavers(LeavingKeys(SECRET).key_for("QUlOT0FJTk9BSU5PQUlO"))) == []


def test_nobody_leaves_by_a_key_without_a_secret() -> None:
    with pytest.raises(LinkError, match="NEWSLETTER_SECRET"):
        LeavingKeys("")


def test_an_address_with_a_key_is_one_that_any_server_takes() -> None:
    address = place_for_key("tyohonvalmennus.uutiskirje@example.org")

    filled = with_key(address, LeavingKeys(SECRET).key_for("QUlOT0FJTk9BSU5PQUlO"))

    assert filled.startswith("tyohonvalmennus.uutiskirje+")
    assert len(filled.partition("@")[0]) <= 64  # RFC 5321, section 4.5.3.1.1
