"""What providers post is kept before it is answered; what is not theirs changes nothing."""

import asyncio
import base64
import datetime as dt
import hashlib
import hmac
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path

import pytest

from newsletter.ledger import Ledger
from newsletter.ledger.webhooks import Posting
from newsletter.public.hooks import MOST, Hooks
from tests.conftest import LEDGER, make_site
from tests.ledger.conftest import sqlite  # noqa: F401 - a fixture
from tests.providers.webhooks.shapes import shapes
from tests.servers.forked import Forked
from tests.servers.hooks import MAILGUN_KEY, Posted, key_of, posted
from tests.serving import Answer, Service
from tests.waiting import PATIENCE, read_until, wait_until

SECRET = "so long that nobody guesses it"  # noqa: S105 - invented


def path_of(provider: str) -> str:
    """Return where a provider posts, as the settings of the site make it."""
    name = f"newsletter.webhook:{provider}".encode()
    mac = hmac.new(SECRET.encode(), name, hashlib.sha256).digest()[:24]
    return f"/kirje/w/{provider}/{base64.urlsafe_b64encode(mac).decode()}"


@pytest.fixture(scope="module")
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """A service with a worker, that trusts Mailgun and SendGrid by their keys."""
    site = make_site(tmp_path_factory.mktemp("hooks") / "site")
    site.environment |= {"NEWSLETTER_SECRET": SECRET, "NEWSLETTER_WEBHOOK_KEY": MAILGUN_KEY}
    text = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    url = '[newsletter]\npublic_url = "https://news.example.org/kirje"\n'
    text = text.replace("[newsletter]\n", url, 1)
    key = f'\n[webhooks]\npublic_key = "{key_of("sendgrid")}"\n'
    site.write("newsletter.toml", text + key)
    site.people(2)
    process = Forked(
        ("-C", str(site.root), "serve", "--port", "0", "--worker"),
        environment=site.full_environment,
    )
    line = read_until(process.stderr, "Serving")
    yield Service(site, process, int(line.partition("http://127.0.0.1:")[2].split(".")[0]))
    process.end()


def post(service: Service, path: str, what: Posted, method: str = "POST") -> Answer:
    """Post as a provider does."""
    with closing(HTTPConnection("127.0.0.1", service.port, timeout=PATIENCE)) as connection:
        connection.request(method, path, body=what.body, headers=dict(what.headers))
        answer = connection.getresponse()
        told = {name.lower(): value for name, value in answer.getheaders()}
        return Answer(answer.status, told, answer.read())


def rows(service: Service) -> Mapping[str, int]:
    """Return how many requests are kept, by their state."""
    with closing(sqlite3.connect(service.site.root / LEDGER)) as ledger:
        return dict(ledger.execute("SELECT state, count(*) FROM webhooks GROUP BY state"))


def now() -> dt.datetime:
    """Return the moment that the service will have, too."""
    return dt.datetime.now(dt.UTC)


def event(provider: str, beginning: str = "") -> dict[str, object]:
    """Return an event of a provider."""
    return next(s.event for s in shapes(provider) if s.name.startswith(beginning))


def test_what_is_posted_is_kept_answered_and_then_taken_in(service: Service) -> None:
    wait_until(lambda: "waiting" not in rows(service))
    before = Counter(rows(service))
    complaint = {"event": "spam", "email": "person1@example.org", "ts_epoch": 1_796_018_400_000}

    answers = [post(service, path_of("brevo"), posted("brevo", complaint, now())) for _ in range(3)]
    others = [
        post(service, path_of(name), posted(name, event(name, "deliver"), now()))
        for name in ("mailgun", "sendgrid")
    ]
    unread = post(service, path_of("postmark"), Posted(body=b"\xffno json"))

    assert {a.status for a in (*answers, *others, unread)} == {200}
    wait_until(lambda: Counter(rows(service)) == before + Counter(taken=3, failed=1))
    said = service.site.run("subscribers", "list", "--standing", "complained").stdout
    assert "person1@example.org" in said


@pytest.mark.parametrize(
    ("path", "what", "status"),
    [
        ("/kirje/w/brevo/wrong", Posted(body=b"{}"), 401),
        ("/kirje/w/brevo/", Posted(body=b"{}"), 404),
        ("/kirje/w/outbox/x", Posted(body=b"{}"), 404),
        (path_of("brevo"), Posted(body=b"{}", headers={"Authorization": "Bearer x"}), 401),
        (path_of("postmark"), Posted(body=b"x" * (MOST + 1)), 413),
        (path_of("mailgun"), Posted(body=b"{}"), 401),
        (path_of("mailgun"), Posted(body=b"\xff"), 401),
        (path_of("sendgrid"), Posted(body=b"[]"), 401),
        (path_of("resend"), posted("resend", event("resend"), now()), 401),
        (path_of("ses"), posted("ses", event("ses"), now()), 401),
        (
            path_of("mailgun"),
            posted("mailgun", event("mailgun"), now() - dt.timedelta(hours=10)),
            401,
        ),
    ],
    ids=[
        "another address",
        "no secret",
        "no such provider",
        "another password",
        "too large",
        "unsigned",
        "unreadable",
        "unsigned list",
        "another key",
        "another topic",
        "too old",
    ],
)
def test_what_is_not_theirs_is_refused_and_changes_nothing(
    service: Service, path: str, what: Posted, status: int
) -> None:
    before = sum(rows(service).values())

    assert post(service, path, what).status == status
    assert sum(rows(service).values()) == before


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT"])
def test_nothing_is_taken_but_by_post(service: Service, method: str) -> None:
    assert post(service, path_of("brevo"), Posted(body=b""), method).status == 405


def test_a_token_that_was_used_takes_no_other_event(service: Service) -> None:
    first, other = event("mailgun", "opened"), event("mailgun", "complained")
    token = "e8f3"  # noqa: S105 - invented

    assert (
        post(service, path_of("mailgun"), posted("mailgun", first, now(), token=token)).status
        == 200
    )
    before = sum(rows(service).values())
    for again in (first, other):
        what = posted("mailgun", again, now(), token=token)
        assert post(service, path_of("mailgun"), what).status == 406

    assert sum(rows(service).values()) == before


def test_a_ledger_that_is_busy_makes_the_provider_come_again(
    sqlite: Ledger,  # noqa: F811 - a fixture
) -> None:
    hooks = Hooks(sqlite, {}, patience=0.3)
    one = Posting("brevo", b"{}", now())

    with closing(sqlite3.connect(Path(sqlite.place), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(TimeoutError):
            asyncio.run(hooks.keep(one))
        other.execute("ROLLBACK")
