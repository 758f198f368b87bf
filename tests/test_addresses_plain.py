"""The quick way to check an address says what the validator says."""

import pytest
from email_validator import SPECIAL_USE_DOMAIN_NAMES, EmailNotValidError, validate_email
from hypothesis import example, given
from hypothesis import strategies as st

from newsletter.addresses import check_address
from newsletter.errors import AudienceError

locals_ = st.text(st.sampled_from("aZ0_.+-'é "), max_size=70)
labels = st.text(st.sampled_from("aZ09-_ä"), max_size=66)
domains = st.lists(labels, max_size=4).map(".".join) | st.sampled_from(
    [
        "example.org",
        "EXAMPLE.org",
        "x.test",
        "localhost",
        "a.invalid",
        "xn--4ca.fi",
        "a--b.fi",
        "1.2.3.4",
    ]
)


def validated(text: str) -> str | None:
    """Return what the validator makes of an address; None when it refuses it."""
    try:
        return validate_email(
            text.strip(), check_deliverability=False, allow_smtputf8=False, strict=True
        ).normalized
    except EmailNotValidError:
        return None


@given(locals_, domains)
@example("a" * 64, "example.org")
@example("a" * 65, "example.org")
@example("a" * 64, ".".join(["b" * 62] * 3) + ".fi")
@example("a" * 64, "b" * 63 + ".fi")
@example("a" * 64, "b" * 64 + ".fi")
@example(".a", "example.org")
@example("a", "example.123")
def test_the_quick_way_agrees_with_the_validator(local: str, domain: str) -> None:
    address = f"{local}@{domain}"

    try:
        checked = check_address(address)
    except AudienceError:
        checked = None

    assert checked == validated(address)


@pytest.mark.parametrize("name", SPECIAL_USE_DOMAIN_NAMES)
def test_names_that_no_mail_reaches_are_refused(name: str) -> None:
    with pytest.raises(AudienceError):
        check_address(f"aino@example.{name}")
