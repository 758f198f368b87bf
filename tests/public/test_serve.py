"""What mails link to is answered, from the network as from a proxy, and nothing else is told."""

import datetime as dt
import re
import signal
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import LEDGER, Site
from tests.servers.forked import Forked
from tests.serving import Service, mailed_pictures, make_public_site, serving
from tests.waiting import read_until

_PRIVATE = ("person0", "subscribers", "newsletter.db", "sqlite", "Traceback")
_SHIELD = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}
# Nothing at all, and what a page has of the service itself: no script, nothing of others.
_NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_OWN = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service whose newsletter has mailed a picture."""
    site = make_public_site(tmp_path_factory.mktemp("public") / "site")
    # Started here and not by the site: a test would end that.
    process = Forked(
        ("-C", str(site.root), "serve", "--port", "0"), environment=site.full_environment
    )
    line = read_until(process.stderr, "Serving")
    yield Service(site, process, int(line.partition("http://127.0.0.1:")[2].split(".")[0]))
    process.end()


# --- pictures -----------------------------------------------------------------------------


def test_every_picture_that_a_mail_links_to_is_shown_in_both_densities(service: Service) -> None:
    paths = mailed_pictures(service.site)
    assert len(paths) == 2

    for path in paths:
        answer = service.ask(path)
        digest = path.rpartition("/")[2].partition(".")[0]
        assert answer.status == 200
        assert answer.headers["content-type"] in ("image/png", "image/jpeg")
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert answer.headers["etag"] == f'"{digest}"'
        assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
        assert int(answer.headers["content-length"]) == len(answer.body) > 1000


def test_a_picture_is_asked_about_without_being_fetched(service: Service) -> None:
    path = min(mailed_pictures(service.site))
    whole = service.ask(path)

    head = service.ask(path, "HEAD")
    again = service.ask(path, If_None_Match=f'W/"other", {whole.headers["etag"]}')
    changed = service.ask(path, If_None_Match='"other"')

    assert (head.status, head.body) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]
    assert (again.status, again.body, again.headers["etag"]) == (304, b"", whole.headers["etag"])
    assert changed.body == whole.body


@pytest.mark.parametrize(
    "path",
    [
        "/kirje/pictures/0123456789abcdef0123.png",  # nobody mailed it
        "/kirje/pictures/0123456789abcdef0123",
        "/kirje/pictures/",
        "/kirje/pictures/../../newsletter.toml",
        "/kirje/pictures/..%2f..%2fnewsletter.toml",
        "/kirje/pictures/%2e%2e/%2e%2e/newsletter.toml",
        "/kirje/pictures/....//newsletter.toml",
        "/kirje/pictures/0123456789abcdef0123.png%00",
        "/kirje/pictures/0123456789ABCDEF0123.png",
        "/newsletter.toml",
        "//example.com/",
        "/",
        "/kirje/pictures/0123456789abcdef0123.png/",
        "/health/live/",
        "/openapi.json",
    ],
)
def test_nothing_else_is_there_and_the_page_says_so_in_the_newsletters_language(
    service: Service, path: str
) -> None:
    answer = service.ask(path)

    page = answer.body.decode()
    assert answer.status == 404
    assert '<html lang="fi">' in page
    assert "Täällä ei ole mitään" in page
    assert "Kuukausikirje" in page or "kirje" in page
    assert answer.headers["cache-control"] == "no-store"


def test_a_picture_of_another_kind_than_its_name_says_is_not_shown(service: Service) -> None:
    path = min(mailed_pictures(service.site))
    kind = path.rpartition(".")[2]

    wrong = service.ask(path.removesuffix(kind) + ("jpg" if kind == "png" else "png"))

    assert wrong.status == 404


# --- what every answer carries ------------------------------------------------------------


@pytest.mark.parametrize("path", ["/health/live", "/health/ready", "/nothing", "/kirje/pictures/x"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "DELETE", "OPTIONS"])
def test_every_answer_forbids_what_pages_need_not(service: Service, path: str, method: str) -> None:
    answer = service.ask(path, method)

    assert answer.status in (200, 404, 405)
    assert answer.headers.items() >= _SHIELD.items()
    is_page = answer.headers["content-type"].startswith("text/html")
    assert answer.headers["content-security-policy"] == (_OWN if is_page else _NOTHING)
    assert "camera=()" in answer.headers["permissions-policy"]
    assert "server" not in answer.headers
    assert not [word for word in _PRIVATE if word in answer.body.decode()]


def test_only_a_proxy_that_is_trusted_says_that_it_is_asked_by_https(site: Site) -> None:
    with serving(site) as near, serving(site, "--proxy", "192.0.2.0/24") as far:
        trusted = near.ask("/health/live", X_Forwarded_Proto="https")
        plain = near.ask("/health/live")
        stranger = far.ask("/health/live", X_Forwarded_Proto="https", X_Forwarded_For="192.0.2.1")

    assert trusted.headers["strict-transport-security"] == "max-age=31536000"
    assert "strict-transport-security" not in plain.headers
    assert "strict-transport-security" not in stranger.headers


@pytest.mark.parametrize("word", ["*", "everybody", "10.0.0.0/64"])
def test_everybody_is_no_proxy(site: Site, word: str) -> None:
    said = site.run("serve", "--port", "0", "--proxy", word, code=2).stderr

    assert "expected an address such as 10.0.0.5, or a network such as 10.0.0.0/8" in said


def test_pages_bring_their_own_look_and_nothing_of_others(service: Service) -> None:
    page = service.ask("/nothing").body.decode()

    named = re.findall(r'(?:href|src|srcset)="(/[^"]*)"', page)
    answers = {path: service.ask(path) for path in named if "/look/" in path}
    assert len(answers) == 2
    for answer in answers.values():
        assert answer.status == 200
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert not re.findall(r"<(?:script|iframe|style)|style=|https?://", page)


@pytest.mark.parametrize("path", ["/kirje/look/face.css", "/kirje/look/..%2fface.css"])
def test_only_files_of_the_look_are_shown(service: Service, path: str) -> None:
    assert service.ask(path).status == 404


@pytest.mark.parametrize(
    ("asked", "heading"),
    [
        ({"Accept_Language": "sv-FI,sv;q=0.9"}, "Här finns ingenting"),
        ({"Accept_Language": "de"}, "Täällä ei ole mitään"),
    ],
)
def test_a_page_is_in_the_visitors_language(
    service: Service, asked: dict[str, str], heading: str
) -> None:
    assert heading in service.ask("/nothing", **asked).body.decode()
    assert "There is nothing here" in service.ask("/nothing?lang=en", **asked).body.decode()


def test_whoever_finds_a_fault_of_the_service_is_told_where_to_report_it(service: Service) -> None:
    answer = service.ask("/.well-known/security.txt")

    fields = dict(line.split(": ", 1) for line in answer.body.decode().splitlines())
    assert fields["Contact"].startswith("mailto:")
    left = dt.datetime.fromisoformat(fields["Expires"]) - dt.datetime.now(dt.UTC)
    assert dt.timedelta(days=30) < left < dt.timedelta(days=365)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"


def test_crawlers_are_asked_to_leave_personal_places_alone(service: Service) -> None:
    said = service.ask("/robots.txt").body.decode()

    assert "Disallow: /kirje/u/\n" in said
    assert "Disallow: /\n" not in said


# --- health -------------------------------------------------------------------------------


def test_it_is_ready_while_its_ledger_answers_and_lives_without(site: Site) -> None:
    with serving(site) as running:
        well = running.ask("/health/ready")
        _spoil(site.root / LEDGER)
        ill, alive = running.ask("/health/ready"), running.ask("/health/live")
        picture = running.ask("/pictures/0123456789abcdef0123.png")

    assert (well.status, well.body) == (200, b"ready\n")
    assert (ill.status, ill.body) == (503, b"not ready\n")
    assert (alive.status, alive.body) == (200, b"live\n")
    assert (picture.status, picture.body) == (503, b"not now\n")
    assert ill.headers["retry-after"] == picture.headers["retry-after"] == "30"


def _spoil(file: Path) -> None:
    """Let a ledger no longer be one, for connections that are open, too."""
    for path in file.parent.glob(f"{file.name}*"):
        with path.open("r+b") as spoiled:
            spoiled.write(b"spoiled" * 3000)


def test_a_ledger_that_a_newer_version_has_changed_is_not_ready(site: Site) -> None:
    with serving(site) as running:
        with sqlite3.connect(site.root / LEDGER) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.close()

        answer = running.ask("/health/ready")

    assert answer.status == 503


# --- its beginning and its end ------------------------------------------------------------


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_it_ends_tidily_when_it_is_asked_to(site: Site, number: signal.Signals) -> None:
    with serving(site) as running:
        running.ask("/health/live")
        running.process.send_signal(number)

        assert running.process.wait() == 0
        assert "Ended" in running.process.stderr.read()


def test_a_port_that_is_taken_is_told(site: Site) -> None:
    with serving(site) as running:
        said = site.run("serve", "--port", str(running.port), code=2).stderr

    assert "cannot listen at 127.0.0.1" in said
    assert "choose another --host or --port" in said


def test_it_says_that_no_mail_links_to_it_where_that_is_so(site: Site) -> None:
    with serving(site) as running:
        assert "public_url is not set" in read_until(running.process.stderr, "No mail")


def test_it_says_that_no_reader_gets_to_this_machine_once_mail_leaves_it(site: Site) -> None:
    site.settings(
        language='language = "fi"\npublic_url = "http://localhost:8080"', name='name = "brevo"'
    )

    with serving(site) as running:
        assert "localhost:8080" in read_until(running.process.stderr, "No reader gets here")


def test_it_says_why_its_archive_is_empty(site: Site) -> None:
    site.environment["NEWSLETTER_SECRET"] = "so long that nobody guesses it"  # noqa: S105
    site.settings(language='language = "fi"\npublic_url = "https://news.example.org"')

    with serving(site) as running:
        assert "nothing was mailed" in read_until(running.process.stderr, "The archive is empty")
        shown = running.ask("/archive?lang=en").body.decode()

    assert "No issue has been sent yet." in shown
    assert "search" not in shown  # in what?


def test_a_single_process_serves_and_does_the_background_work(site: Site) -> None:
    site.people(3)
    with serving(site, "--worker") as service:
        assert service.ask("/health/ready").status == 200

        said = site.run("send", "2026-06", "--yes").stderr

        assert "Done" in said
        assert len(list((site.root / "outbox").glob("*/*.eml"))) == 3
        service.process.send_signal(signal.SIGTERM)
        told = "".join(service.process.communicate())
        assert "3 decided" in told, told
        assert service.process.returncode == 0


def test_a_service_whose_worker_cannot_send_says_so_at_once(site: Site) -> None:
    site.settings(name='name = "brevo"')

    refused = site.run("serve", "--worker", "--port", "0", code=3)

    assert "NEWSLETTER_API_KEY" in refused.stderr
