"""No form of a secret is left in a text that passed through the mask."""

import base64
import html
import json
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import NewsletterError, ProviderError, Verdict
from newsletter.language import say
from newsletter.masking import STARS, forget_secrets, keep_secret, mask, mask_values, show_fault
from newsletter.providers.base import one_line

KEY = "xkeysib-0a+b/c%2~d\"e'f\\g<h>&i j-q7Z"


def forms(secret: str) -> list[str]:
    """Return how a server may say a secret back."""
    raw = secret.encode()
    return [
        secret,
        quote(secret, safe=""),
        quote(secret),
        quote_plus(secret),
        quote(secret, safe="").lower(),
        json.dumps({"key": secret}),
        json.dumps(json.dumps(secret)),
        html.escape(secret),
        repr(secret),
        raw.hex(),
        *(base64.b64encode(b"x" * n + raw + b"y" * m).decode() for n in range(4) for m in range(3)),
        base64.urlsafe_b64encode(b"api:" + raw).decode(),
        base64.b64encode(b"\0user\0" + raw).decode(),
    ]


@pytest.mark.parametrize("form", forms(KEY))
def test_a_known_secret_is_masked_in_every_form(form: str) -> None:
    keep_secret(KEY)

    told = mask(f"the key {form} is wrong")

    assert STARS in told
    assert form not in told


@given(secret=st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=12))
def test_any_secret_is_masked_in_every_form(secret: str) -> None:
    forget_secrets()
    keep_secret(secret)

    for form in forms(secret):
        assert secret not in mask(form)
        assert STARS in mask(form)


def test_a_key_of_several_parts_is_masked_part_by_part() -> None:
    keep_secret("AKIAEXAMPLE:topsecret/value:token-1234")

    assert mask("topsecret/value, token-1234") == f"{STARS}, {STARS}"


def test_a_short_password_is_masked_only_where_it_stands_alone() -> None:
    keep_secret("kissa")

    assert mask("535 kissa: kissanpoika") == f"535 {STARS}: kissanpoika"


def test_a_text_without_secrets_stays_the_very_same() -> None:
    keep_secret(KEY)
    text = "".join(["nothing ", "here"])

    assert mask(text) is text


def test_errors_and_providers_words_are_masked_before_they_are_cut() -> None:
    keep_secret(KEY)
    filler = "x" * 185

    said = say("said {words}", words=KEY)

    error = ProviderError(said, provider="brevo", verdict=Verdict.STOP)

    assert str(error) == f"said {STARS}"
    assert str(NewsletterError(said)) == f"said {STARS}"
    assert KEY[:8] not in one_line(f"{filler} {KEY}")


def test_json_keeps_its_names_and_loses_its_secrets() -> None:
    keep_secret("provider")

    masked = mask_values({"provider": ["the provider", 1, None, {"reason": "provider"}]})

    assert masked == {"provider": [f"the {STARS}", 1, None, {"reason": STARS}]}


def test_tracebacks_are_masked(capsys: pytest.CaptureFixture[str]) -> None:
    keep_secret(KEY)
    try:
        try:
            raise ValueError(KEY)
        except ValueError as err:
            raise TypeError("while asking") from err
    except TypeError as err:
        show_fault(err)

    told = capsys.readouterr().err
    assert "ValueError" in told
    assert "TypeError: while asking" in told
    assert KEY not in told
