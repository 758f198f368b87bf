"""An address has one form in which it is compared, and a reason when it is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.addresses import check_address, mail_address
from newsletter.errors import AudienceError

IDN, PUNYCODE = "aino@työ.example.org", "aino@xn--ty-gka.example.org"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" aino@example.org\t\n", "aino@example.org"),  # blanks around it
        ("\u00a0aino@example.org", "aino@example.org"),  # the blank that word processors leave
        ("aino@EXAMPLE.Org", "aino@example.org"),  # the domain in lower case
        ("Aino.Aalto@example.org", "Aino.Aalto@example.org"),  # the local part as it is
        ("aino+kirje@example.org", "aino+kirje@example.org"),  # a sub-address
        ("o'brien_2-x@a-b.example.org", "o'brien_2-x@a-b.example.org"),  # all usual characters
    ],
)
def test_an_address_is_brought_into_one_form(text: str, expected: str) -> None:
    assert check_address(text) == expected


@pytest.mark.parametrize(
    "text", [IDN, PUNYCODE, "aino@TYÖ.example.org", "aino@tyo\u0308.example.org"]
)
def test_all_forms_of_a_domain_beyond_ascii_are_equal(text: str) -> None:
    assert check_address(text) == check_address(IDN)


@pytest.mark.parametrize(
    "text",
    [
        "",  # nothing
        "   ",  # only blanks
        "aino",  # no sign
        "@example.org",  # no local part
        "aino@",  # no domain
        "aino@example",  # a domain without a dot
        "aino@localhost",  # this machine
        "aino@@example.org",  # two signs
        "aino@example..org",  # two dots
        ".aino@example.org",  # a dot at the beginning
        "aino.@example.org",  # a dot at the end
        "ai no@example.org",  # a blank inside
        "aino@exam ple.org",  # a blank in the domain
        "aino@example.org, bo@example.org",  # two addresses
        "Aino <aino@example.org>",  # a name as well
        "aino@[192.0.2.1]",  # a number instead of a domain
        "aino@-example.org",  # a hyphen at the beginning of a label
        "aino\r\nBcc: bo@example.org",  # a second header
        "a" * 250 + "@example.org",  # more than 254 characters
        "aino@" + "a" * 64 + ".org",  # a label that is too long
        "aino\x00@example.org",  # a control character
    ],
)
def test_a_malformed_address_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(AudienceError) as caught:
        check_address(text)

    assert len(str(caught.value)) > 10


@pytest.mark.parametrize("text", ["äinö@example.org", "用户@example.org"])
def test_a_local_part_beyond_ascii_is_refused(text: str) -> None:
    with pytest.raises(AudienceError, match=r"(?i)ascii|internationalized"):
        check_address(text)


@given(st.text())
def test_no_text_whatever_breaks_the_check(text: str) -> None:
    try:
        address = check_address(text)
    except AudienceError:
        return

    assert check_address(address) == address


@given(st.text(min_size=1, max_size=20))
def test_no_domain_whatever_breaks_the_check(domain: str) -> None:
    try:
        address = check_address(f"aino@{domain}.example.org")
    except AudienceError:
        return

    assert mail_address(address).isascii()
    assert check_address(mail_address(address)) == address


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("Aino@example.org", "Aino@example.org"),  # nothing to do
        (IDN, PUNYCODE),  # letters beyond ASCII
    ],
)
def test_an_address_stands_in_mail_in_ascii(address: str, expected: str) -> None:
    assert mail_address(check_address(address)) == expected


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("a b@example.org", "a space"),
        ("a\u00a0b@example.org", "a space"),
        ("a\u200bb@example.org", "the invisible sign U+200B"),
        ("a\x07b@example.org", "the invisible sign U+0007"),
        ("a'(b@example.org", "'('"),
    ],
)
def test_a_sign_that_may_not_be_there_is_shown_as_people_know_it(address: str, shown: str) -> None:
    with pytest.raises(AudienceError, match=re.escape(shown)):
        check_address(address)
