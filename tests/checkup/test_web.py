"""The public service is looked at from outside, with a key of nobody: nothing can change."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from newsletter.checkup import Diagnosis
from newsletter.checkup.diagnoses import of_clock
from newsletter.checkup.web import look_at_web
from newsletter.language import say
from newsletter.lookout import way_out_of
from newsletter.settings import Settings, parse_settings
from tests.conftest import REPOSITORY
from tests.servers.smtp import make_certificate
from tests.servers.web import Page, WebServer

FORM = Page(body=b"<form method=post><button>Peruuta tilaus</button></form>")
LIVE = Page(body=b"live\n", media_type="text/plain")
UNSIGNED = Page(status=401)
NOW = dt.datetime.now(dt.UTC)


class Site(dict[str, Page]):
    """The pages of a service, by the beginnings of their paths."""

    def get(self, path: object, default: object = None) -> Page:
        """Return the page."""
        found = (page for begin, page in self.items() if str(path).startswith(begin))
        return next(found, Page(status=404))


USUAL = {"/health/live": LIVE, "/u/": FORM, "/w/": UNSIGNED}


@pytest.fixture
def web() -> Iterator[WebServer]:
    """A service as ours is."""
    with WebServer({}) as served:
        served.pages = Site(USUAL)
        yield served


def settings_for(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    text = (REPOSITORY / "newsletter.toml").read_text(encoding="utf-8")
    text = text.replace('name = "outbox"', 'name = "brevo"', 1)
    text = text.replace("[provider]", f'public_url = "{url}"\n[provider]', 1)
    text += "\n[check]\nallow_internal = true\n"
    (tmp_path / "newsletter.toml").write_text(text, encoding="utf-8")
    monkeypatch.setenv("NEWSLETTER_SECRET", "0123456789abcdefghijklmnopqrstuv")
    return parse_settings(tmp_path, text)


def looked(settings: Settings) -> dict[str, Diagnosis]:
    return {found.part: found for found in look_at_web(settings, now=dt.datetime.now(dt.UTC))}


def test_a_service_as_ours_is_proven(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = looked(settings_for(web.url(""), tmp_path, monkeypatch))

    assert {part: d.health.value for part, d in found.items()} == {
        "service": "good", "clock": "good", "leaving": "good", "webhook": "good",
    }  # fmt: skip
    methods = [(asked.method, asked.path.split("/")[1]) for asked in web.asked]
    assert methods == [("GET", "health"), ("GET", "u"), ("GET", "u"), ("POST", "u"), ("POST", "w")]
    assert web.asked[3].body == b"List-Unsubscribe=One-Click"
    assert web.asked[1].path == web.asked[3].path


@pytest.mark.parametrize(
    ("pages", "part", "words"),
    [
        ({"/health/live": Page(body=b"It works!")}, "service", "does not lead to"),
        ({"/health/live": Page(status=502)}, "service", "answers 502"),
        ({"/health/live": Page(breaks=True)}, "service", "breaks the connection off"),
        ({"/u/": Page(body=b"You have left.")}, "leaving", "no form"),
        ({"/u/": Page(status=302, to="/login")}, "leaving", "redirected to /login"),
        ({"/u/": Page(status=404)}, "leaving", "answers 404"),
        ({"/w/": Page(status=404)}, "webhook", "answered with 404"),
        ({"/w/": Page(status=200)}, "webhook", "answered with 200"),
        ({"/w/": Page(status=302, to="/")}, "webhook", "answered with 302"),
        ({"/w/": Page(breaks=True)}, "webhook", "breaks the connection off"),
    ],
)
def test_what_is_in_the_way_is_told_with_its_cure(
    web: WebServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    pages: Mapping[str, Page],
    part: str,
    words: str,
) -> None:
    web.pages = Site({**USUAL, **pages})

    found = looked(settings_for(web.url(""), tmp_path, monkeypatch))[part]

    assert found.health.value == "broken"
    assert words in found.message
    assert found.cure


def test_protection_against_robots_is_named(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    web.pages = Site({**USUAL, "/u/": Page(status=403, headers={"cf-mitigated": "challenge"})})

    found = looked(settings_for(web.url(""), tmp_path, monkeypatch))["leaving"]

    assert "exempt the paths /u/ and /w/" in found.message


def test_a_page_that_is_safe_but_takes_no_post_is_told(
    web: WebServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class NoPost(Site):
        asked = 0

        def get(self, path: object, default: object = None) -> Page:
            self.asked += str(path).startswith("/u/")
            return Page(status=405) if self.asked == 3 else super().get(path)

    web.pages = NoPost(USUAL)

    found = looked(settings_for(web.url(""), tmp_path, monkeypatch))["leaving"]

    assert "POST of an unsubscribe link: the server answers 405" in found.message


def test_a_certificate_that_proves_nothing_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = make_certificate(tmp_path, "www.firma.example")
    with WebServer({}, certificate=certificate) as web:
        web.pages = Site(USUAL)
        settings = settings_for(web.url(""), tmp_path, monkeypatch)

        [found] = looked(settings).values()

    assert "certificate" in found.message
    assert found.health.value == "broken"


def test_an_address_within_the_own_network_is_asked_only_where_that_is_allowed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings_for("http://10.255.255.1", tmp_path, monkeypatch)
    text = (tmp_path / "newsletter.toml").read_text("utf-8").replace("allow_internal = true", "")

    [found] = looked(parse_settings(tmp_path, text)).values()

    assert found.health.value == "doubtful"
    assert "allow_internal = true" in found.cure


@pytest.mark.parametrize(
    ("provider", "health", "words"),
    [("brevo", "broken", "no reader reaches"), ("outbox", "skipped", "do for a rehearsal")],
)
def test_an_address_of_this_machine_will_do_for_a_rehearsal_alone(
    web: WebServer,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    provider: str,
    health: str,
    words: str,
) -> None:
    settings_for(web.url(""), tmp_path, monkeypatch)
    text = (tmp_path / "newsletter.toml").read_text("utf-8").replace("allow_internal = true", "")
    text = text.replace('name = "brevo"', f'name = "{provider}"')

    settings = parse_settings(tmp_path, text)
    [found] = looked(settings).values()

    assert bool(way_out_of(settings).why_not) == (provider == "outbox")
    assert found.health.value == health
    assert words in found.message
    assert "allow_internal" not in found.cure


@pytest.mark.parametrize(
    ("seconds", "health"),
    [(0, "good"), (59, "good"), (61, "doubtful"), (-61, "doubtful"), (301, "broken")],
)
def test_a_clock_that_is_off_is_told(seconds: float, health: str) -> None:
    found = of_clock(NOW, NOW + dt.timedelta(seconds=seconds), say("brevo"))

    assert found.health.value == health
