"""Secrets come from outside the settings and never show."""

import json
import traceback
from pathlib import Path

import pytest

from newsletter.errors import ConfigError
from newsletter.language import say
from newsletter.settings import Secret, load_secret
from tests.test_config import GOOD, fault_of, write

SECRET = "hunter2-topsecret"  # noqa: S105 - invented


@pytest.fixture
def no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NEWSLETTER_API_KEY", raising=False)


def test_a_secret_comes_from_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEWSLETTER_API_KEY", SECRET)

    secret = load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))

    assert secret.reveal() == SECRET


def test_a_secret_comes_from_the_file_beside_the_settings(tmp_path: Path, no_key: None) -> None:
    (tmp_path / ".env").write_text(f"NEWSLETTER_API_KEY={SECRET}\n", encoding="utf-8")

    secret = load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))

    assert secret.reveal() == SECRET


def test_the_environment_wins_over_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("NEWSLETTER_API_KEY=other\n", encoding="utf-8")
    monkeypatch.setenv("NEWSLETTER_API_KEY", SECRET)

    secret = load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))

    assert secret.reveal() == SECRET


def test_a_secret_comes_from_the_file_that_a_variable_names(
    tmp_path: Path, no_key: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / ".env").write_text("NEWSLETTER_API_KEY=other\n", encoding="utf-8")
    (tmp_path / "key").write_text(f"{SECRET}\n", encoding="utf-8")
    monkeypatch.setenv("NEWSLETTER_API_KEY_FILE", str(tmp_path / "key"))

    secret = load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))

    assert secret.reveal() == SECRET


@pytest.mark.parametrize("content", [None, b"\xff\xfe", b"x" * 20_000_000])
def test_a_file_that_holds_no_secret_is_told_with_the_variable_that_names_it(
    tmp_path: Path, no_key: None, monkeypatch: pytest.MonkeyPatch, content: bytes | None
) -> None:
    if content is not None:
        (tmp_path / "key").write_bytes(content)
    monkeypatch.setenv("NEWSLETTER_API_KEY_FILE", str(tmp_path / "key"))

    with pytest.raises(ConfigError, match=r"NEWSLETTER_API_KEY_FILE names .*key, which cannot"):
        load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))


@pytest.mark.parametrize("text", ["", "NEWSLETTER_API_KEY=\n", "# NEWSLETTER_API_KEY=x\n"])
def test_a_missing_secret_names_the_variable_its_purpose_and_the_cure(
    tmp_path: Path, no_key: None, text: str
) -> None:
    (tmp_path / ".env").write_text(text, encoding="utf-8")

    with pytest.raises(ConfigError) as caught:
        load_secret(
            tmp_path,
            "NEWSLETTER_API_KEY",
            purpose=say("sending through {provider}", provider="brevo"),
        )

    assert "sending through brevo needs NEWSLETTER_API_KEY" in str(caught.value)
    assert str(tmp_path / ".env") in str(caught.value)


def test_a_secret_is_never_read_from_the_settings(tmp_path: Path, no_key: None) -> None:
    text = GOOD + f'[provider]\napi_key = "{SECRET}"\n'

    fault = fault_of(write(tmp_path, text))

    assert "provider.api_key" in fault
    assert SECRET not in fault


def test_a_file_of_secrets_that_is_not_utf8_is_a_fault_of_configuration(
    tmp_path: Path, no_key: None
) -> None:
    (tmp_path / ".env").write_bytes("# hyvä\nNEWSLETTER_API_KEY=x\n".encode("latin-1"))

    with pytest.raises(ConfigError, match=r"\.env"):
        load_secret(tmp_path, "NEWSLETTER_API_KEY", purpose=say("sending"))


def test_a_secret_never_shows_itself() -> None:
    secret = Secret(SECRET)

    shown = [repr(secret), str(secret), f"{secret}", f"{secret!r}", "%s" % secret]  # noqa: UP031
    shown += [repr([secret]), json.dumps({"key": secret}, default=str)]

    assert [text for text in shown if SECRET in text] == []
    assert all("****" in text for text in shown)


def test_a_traceback_never_shows_a_secret() -> None:
    secret = Secret(SECRET)

    try:
        assert secret  # a value of the frame that the traceback shows
        raise ConfigError(say("refused"))
    except ConfigError as err:
        shown = traceback.TracebackException.from_exception(err, capture_locals=True)

    assert SECRET not in "".join(shown.format())
