"""The key goes to its provider alone, and never comes back into anything that is kept or shown."""

import base64
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from newsletter.errors import ProviderError
from newsletter.providers import PROVIDERS
from tests.conftest import Site
from tests.providers.forms import options
from tests.servers.answering import Answering, answering, said
from tests.stories.accounts import opened

KEY = "key-0123456789:secret/abcdef+ghij"


@pytest.fixture
def server() -> Iterator[Answering]:
    with answering() as running:
        yield running


def _echo(headers: dict[str, str]) -> bytes:
    told = f"bad key {KEY} in {headers.get('api-key')}, {base64.b64encode(KEY.encode()).decode()}"
    return said(400, f'{{"code": "invalid_parameter", "message": "{told}"}}'.encode())


def test_a_server_that_says_the_key_back_puts_it_nowhere(site: Site, server: Answering) -> None:
    server.answer = _echo
    site.settings(name=f'name = "brevo"\nbase_url = "{server.url}"')
    site.people(2)
    site.environment["NEWSLETTER_API_KEY"] = KEY

    runs = [site.run("send", "2026-06", "--yes", code=4)]
    del site.environment["NEWSLETTER_API_KEY"]
    (site.root / ".env").write_text(f"NEWSLETTER_API_KEY={KEY}\n", encoding="utf-8")
    runs += [site.run("status", *more) for more in ([], ["--json"], ["2026-06", "--recipients"])]

    assert server.asked
    kept = "\n".join(sqlite3.connect(site.root / "subscribers/newsletter.db").iterdump())
    for text in [kept, *(run.stdout + run.stderr for run in runs)]:
        for form in (KEY, KEY.partition(":")[2], base64.b64encode(KEY.encode()).decode()):
            assert form not in text
    assert "bad key ********" in runs[0].stderr


def test_a_key_that_was_wrong_until_the_first_mail_is_mended_without_a_question(site: Site) -> None:
    site.people(2)

    with opened(site, "brevo", checked=False) as account:
        key, site.environment["NEWSLETTER_API_KEY"] = site.environment["NEWSLETTER_API_KEY"], "typo"
        site.run("send", "2026-06", "--yes", code=4)
        site.environment["NEWSLETTER_API_KEY"] = key
        site.run("send", "2026-06", "--yes", code=0)

        assert len(account.messages()) == 2


def test_another_key_after_the_first_mail_is_asked_about(site: Site) -> None:
    site.people(2)

    extra = "batch_size = 1\nconcurrency = 1"
    with opened(site, "brevo", extra=extra, checked=False, faults=("2:402",)) as account:
        site.run("send", "2026-06", "--yes", code=4)
        site.environment["NEWSLETTER_API_KEY"] = "of another account"
        run = site.run("send", "2026-06", "--yes", code=3)

        assert "without --yes" in run.stderr
        assert len(account.messages()) == 1


@pytest.mark.parametrize("name", [name for name, kind in PROVIDERS.items() if kind.secret])
def test_no_other_login_takes_the_place_of_the_key(
    name: str, server: Answering, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("default login thief password theft\n", encoding="utf-8")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")  # and no detour, with the key in clear
    server.answer = lambda _: said(401, b"{}")
    region = {"ses": "eu-north-1"}.get(name, "")
    provider = PROVIDERS[name](options(base_url=server.url, api_key=KEY, region=region))

    with pytest.raises(ProviderError):
        provider.request("GET", "/x")  # type: ignore[attr-defined]
    provider.close()

    [headers] = server.asked
    thief = base64.b64encode(b"thief:theft").decode()
    assert thief not in str(headers)
