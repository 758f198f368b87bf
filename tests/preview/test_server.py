"""Who the preview lets in, what a request may do, and that only a form with its secret sends."""

import http.client
import json
import re
import signal
from collections.abc import Iterator
from contextlib import closing
from itertools import islice
from typing import Any

import pytest

from newsletter.ledger import contributions, open_ledger
from tests.conftest import ISSUE, LEDGER, Site, make_site
from tests.contributions.offers import offer
from tests.previewing import Preview, previewing
from tests.waiting import PATIENCE

READABLE = [
    "/",
    "/issues/2026-06",
    "/issues/2026-06/grid",
    "/issues/2026-06/compare",
    "/shelf",
    "/blank",
    "/issues/2026-06/mail",
    "/issues/2026-06/parts",
    "/issues/2026-06/message.eml",
    "/issues/2026-06/readers",
    "/issues/2026-06/readers?find=a",
    "/issues/2026-06/weight",
    "/issues/2026-06/sides?with=2026-06",
    "/static/preview.js",
]
_TEST = "/issues/2026-06/test"


@pytest.fixture(scope="module")
def preview(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview on this machine's own loopback."""
    site = make_site(tmp_path_factory.mktemp("preview") / "site")
    broken = ISSUE.replace("[verkkosivut](https://www.example.org/)", "[](https://www.example.org)")
    site.write("issues/2026-07.md", broken + "\nHei {{ nimi }}!\n")
    site.people(2)
    with closing(open_ledger(site.root / LEDGER)) as ledger, ledger.write() as connection:
        contributions.add_contribution(connection, offer().contribution, None)
    with previewing(site) as running:
        yield running


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Preview]:
    """A preview that other devices may reach."""
    site = make_site(tmp_path_factory.mktemp("shared") / "site")
    with previewing(site, "--host", "0.0.0.0") as running:  # noqa: S104 - what is tested
        yield running


# --- what waits ---------------------------------------------------------------------------


def test_the_list_says_how_much_that_people_sent_in_waits(
    preview: Preview, shared: Preview
) -> None:
    _, _, waiting = preview.ask("/")
    _, _, nothing = shared.ask("/")

    assert "1 juttuvinkki tai pyyntö odottaa sinua" in waiting
    assert "<code>newsletter contributions list</code>" in waiting
    assert 'class="waiting"' not in nothing


# --- who is let in ------------------------------------------------------------------------


@pytest.mark.parametrize("path", READABLE)
def test_on_this_machine_everything_can_be_read(preview: Preview, path: str) -> None:
    status, headers, _ = preview.ask(path)

    assert status == 200
    assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", ""])
def test_a_name_that_was_pointed_here_is_refused(preview: Preview, host: str) -> None:
    for path in ("/", "/static/preview.js", "/issues/2026-06/readers?find=a"):
        status, headers, _ = preview.ask(path, headers={"Host": host})
        assert status == 421
        assert "frame-ancestors 'none'" in headers["content-security-policy"]


@pytest.mark.parametrize("path", READABLE)
def test_other_devices_need_the_token_for_everything(shared: Preview, path: str) -> None:
    assert "token=" in shared.url

    assert shared.ask(path)[0] == 403
    wrong = f"{path}{'&' if '?' in path else '?'}token=wrong"
    assert shared.ask(wrong)[0] == 403
    assert shared.ask(path, headers={"Cookie": f"newsletter_preview_{shared.port}="})[0] == 403


def test_the_token_is_traded_for_a_cookie_and_leaves_the_address(shared: Preview) -> None:
    token = shared.url.partition("token=")[2]

    status, headers, _ = shared.ask(f"/issues/2026-06?token={token}&scheme=dark")

    assert (status, headers["location"]) == (303, "/issues/2026-06?scheme=dark")
    cookie = headers["set-cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=strict" in cookie
    assert shared.ask("/", headers={"Cookie": cookie.partition(";")[0]})[0] == 200


@pytest.mark.parametrize(
    "path", ["//evil.example", "/\\evil.example", "///evil", "http://evil.example"]
)
def test_the_token_never_leads_to_another_server(shared: Preview, path: str) -> None:
    token = shared.url.partition("token=")[2]

    status, headers, _ = shared.ask(f"{path}/?token={token}")

    assert status == 303
    assert re.match(r"/[^/\\]", headers["location"])


def test_a_shared_preview_answers_to_addresses_but_not_to_foreign_names(shared: Preview) -> None:
    token = shared.url.partition("token=")[2]

    def ask(host: str) -> int:
        return shared.ask(f"/?token={token}", headers={"Host": f"{host}:{shared.port}"})[0]

    assert ask("192.168.1.20") == 303
    assert ask("evil.example") == 421


def test_only_a_shared_preview_shows_a_code(preview: Preview, shared: Preview) -> None:
    token = shared.url.partition("token=")[2]
    cookie = {"Cookie": f"newsletter_preview_{shared.port}={token}"}

    status, headers, text = shared.ask("/qr.svg?path=/issues/2026-06", headers=cookie)

    assert (status, headers["content-type"]) == (200, "image/svg+xml")
    assert "<svg" in text
    assert preview.ask("/qr.svg")[0] == 404
    assert shared.ask(f"/qr.svg?path=/{'a' * 5000}", headers=cookie)[0] == 404  # too much for one


# --- what can be read ---------------------------------------------------------------------


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/static/..%2f..%2fconfig.py",
        "/static//etc/passwd",
        "/pictures/..%2f..%2fnewsletter.toml",
        "/issues/..%2f..%2fnewsletter",
        "/issues/..%2fnewsletter.toml/mail",
        "/issues/*/mail",
        "/issues/2026-0%3f/mail",
        "/issues/unknown",
    ],
)
def test_no_path_leads_out_of_the_newsletter(preview: Preview, path: str) -> None:
    status, _, text = preview.ask(path)

    assert status == 404
    assert "NewsletterError" not in text
    assert "[newsletter]" not in text


@pytest.mark.parametrize(
    "sign", ["%00", "%ED%A0%80", "%FF", "%F0%9F%98%80", "a" * 9000, "%0d%0aX:1"]
)
def test_no_sign_in_an_address_is_a_fault_of_the_program(preview: Preview, sign: str) -> None:
    names = ("find", "reader", "scheme", "with", "path", "pictures", "token")
    query = "&".join(f"{name}={sign}" for name in names)
    for path in READABLE:
        assert preview.ask(f"{path.partition('?')[0]}?{query}")[0] < 500
    assert json.loads(preview.ask(f"/issues/2026-06/readers?find={sign}")[2]) == {"found": []}
    for page in ("", "/mail", "/parts", "/message.eml", "/readers", "/sides"):
        assert preview.ask(f"/issues/{sign}{page}")[0] == 404


def test_a_mail_can_run_nothing_and_a_page_only_its_own(preview: Preview) -> None:
    page = preview.ask("/issues/2026-06")[1]["content-security-policy"]
    mail = preview.ask("/issues/2026-06/mail")[1]["content-security-policy"]
    listened = preview.ask("/blank")[1]["content-security-policy"]

    assert "script-src 'self';" in page
    assert "unsafe" not in page
    assert mail.endswith("; sandbox allow-same-origin")
    assert listened == f"{mail} allow-scripts"  # without which WebKit hears nothing
    for policy in (mail, listened):
        assert "default-src 'none'" in policy
        assert "script-src 'none'" in policy


@pytest.mark.parametrize("path", [*READABLE, "/static/icon.svg", "/static/no.js", "/no"])
def test_a_mails_frame_can_be_led_to_nothing_that_runs(preview: Preview, path: str) -> None:
    """Its sandbox allows scripts, so whatever it may show must forbid them by itself."""
    policy = preview.ask(path)[1]["content-security-policy"]

    assert "frame-ancestors 'none'" in policy or "script-src 'none'" in policy


def test_events_begin_with_the_mail_and_then_its_findings(preview: Preview) -> None:
    path = "/issues/2026-06/events?reader=fi:hostile&scheme=dark"

    (first, mail), (second, report) = _events(preview, path, 2)

    assert (first, second) == ("mail", "report")
    assert mail["spoken"] == report["spoken"] == "fi"
    assert "&lt;b&gt;" in str(mail["html"])
    assert "prefers-color-scheme" not in str(mail["html"])
    assert report["number"] == mail["number"]


def test_the_list_of_issues_is_told_at_once_to_look_again(preview: Preview) -> None:
    """A check that ended between the page and its line would be missed else."""
    assert _events(preview, "/events", 1) == [("issues", {"spoken": "fi"})]


def test_pages_name_the_newsletter_in_the_language_they_speak(site: Site) -> None:
    settings = (site.root / "newsletter.toml").read_text(encoding="utf-8")
    titles = 'titles = { sv = "Nyhetsbrevet" }\nlanguage = "sv"'
    site.write("newsletter.toml", settings.replace('language = "fi"', titles))

    with previewing(site) as preview:
        assert "<title>Nummer · Nyhetsbrevet</title>" in preview.ask("/")[2]


def _events(preview: Preview, path: str, count: int) -> list[tuple[str, dict[str, Any]]]:
    """Return the first events of a stream, those that say “checking” left out."""
    events = (event for event in preview.events(path) if event[0] != "checking")
    return list(islice(events, count))


# --- what sends ---------------------------------------------------------------------------


def test_reading_never_sends(preview: Preview) -> None:
    for path in [*READABLE, _TEST]:
        preview.ask(path)
        preview.ask(path, method="HEAD")

    assert preview.ask(_TEST)[0] == 405
    assert not (preview.site.root / "outbox").exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},  # no origin at all
        {"Origin": "http://evil.example", "X-Preview-Secret": "SECRET"},
        {"Origin": "ORIGIN"},  # no secret
        {"Origin": "ORIGIN", "X-Preview-Secret": ""},
        {"Origin": "ORIGIN", "X-Preview-Secret": "wrong"},
        {"Origin": "null", "X-Preview-Secret": "SECRET"},
    ],
)
def test_a_form_of_another_page_sends_nothing(preview: Preview, headers: dict[str, str]) -> None:
    real = {"ORIGIN": preview.origin, "SECRET": preview.data()["secret"]}
    sent = {name: real.get(value, value) for name, value in headers.items()}

    status, _, _ = preview.ask(
        _TEST, method="POST", headers=sent, body={"addresses": ["toimitus@example.org"]}
    )

    assert status == 403
    assert not (preview.site.root / "outbox").exists()


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        (_TEST, {"addresses": ["person0@example.org"]}, 404),  # a subscriber
        (_TEST, {"addresses": ["toimitus@example.org", "x@example.com"]}, 404),
        (_TEST, {"addresses": []}, 404),
        (_TEST, ["toimitus@example.org"], 400),
        ("/issues/2026-07/test", {"addresses": ["toimitus@example.org"]}, 422),  # has errors
    ],
)
def test_a_test_goes_to_own_addresses_and_only_without_errors(
    preview: Preview, path: str, body: object, status: int
) -> None:
    assert _post(preview, path, body)[0] == status
    assert not (preview.site.root / "outbox").exists()


@pytest.mark.parametrize(
    "form",
    [
        *("", "null", "5", "NaN", "[]", "{}", "[" * 60_000, '{"addresses":' * 4_000),
        *('{"addresses":null}', '{"addresses":5}', '{"addresses":"a"}', '{"addresses":{"a":1}}'),
        *('{"addresses":["a"],"reader":5}', '{"addresses":["a"],"reader":"\\ud800"}'),
        *('{"addresses":[[]]}', '{"addresses":["\\ud800"]}', '{"addresses":[9' + "9" * 5000 + "]}"),
    ],
    ids=lambda form: form[:30],
)
def test_what_is_no_form_is_refused(preview: Preview, form: str) -> None:
    headers = {"Origin": preview.origin, "X-Preview-Secret": preview.data()["secret"]}

    assert preview.ask(_TEST, method="POST", headers=headers, form=form)[0] == 400


@pytest.mark.parametrize("length", ["99999999", "9" * 400, "-1", "1e3"])
def test_a_form_of_no_bearable_length_is_not_read(preview: Preview, length: str) -> None:
    headers = {"Origin": preview.origin, "X-Preview-Secret": preview.data()["secret"]}
    headers["Content-Length"] = length

    assert preview.ask(_TEST, method="POST", headers=headers)[0] in (400, 413)


def test_a_test_goes_out_and_counts_nowhere(preview: Preview) -> None:
    status, outcome = _post(preview, _TEST, {"addresses": ["toimitus@example.org"]})

    assert (status, outcome) == (
        200,
        {"state": "done", "lang": "fi", "reason": "", "accepted": 1, "refused": [], "skipped": []},
    )
    files = list((preview.site.root / "outbox").rglob("*.eml"))
    assert [file.stem for file in files] == ["toimitus@example.org"]
    assert json.loads(preview.site.run("status", "--json").stdout) == []
    assert json.loads(preview.site.run("stats", "--json").stdout) == []
    assert json.loads(preview.ask("/shelf")[2])["2026-06"] in ("draft", "checked")


def test_a_test_shows_what_is_in_view(site: Site) -> None:
    site.write("issues/2026-06.sv.md", ISSUE.replace("Kesäkuun kirje", "Junibrevet"))
    with previewing(site) as preview:
        body = {"addresses": ["toimitus@example.org"], "reader": "sv:empty"}

        status, _ = _post(preview, _TEST, body)

        (sent,) = (site.root / "outbox").rglob("*.eml")
        assert status == 200
        assert b"Subject: Junibrevet" in sent.read_bytes()


def _post(preview: Preview, path: str, body: object) -> tuple[int, object]:
    headers = {"Origin": preview.origin, "X-Preview-Secret": preview.data()["secret"]}
    status, _, text = preview.ask(path, method="POST", headers=headers, body=body)
    return status, json.loads(text)


# --- the end ------------------------------------------------------------------------------


def test_ctrl_c_ends_it_at_once_while_pages_are_open(site: Site) -> None:
    with previewing(site) as preview:
        connection = http.client.HTTPConnection("127.0.0.1", preview.port, timeout=PATIENCE)
        connection.request("GET", "/issues/2026-06/events")
        connection.getresponse().readline()

        preview.process.send_signal(signal.SIGINT)

        assert preview.process.wait(PATIENCE) == 0  # and not when the open page goes away
        connection.close()


def test_an_issue_that_is_not_there_is_told_before_anything_runs(site: Site) -> None:
    done = site.run("preview", "2026-6", code=2)

    assert "did you mean “2026-06”?" in done.stderr


def test_a_port_that_is_taken_is_told_with_a_cure(site: Site) -> None:
    with previewing(site) as preview:
        done = site.run("preview", "--port", str(preview.port), code=2)

    assert "choose another --host or --port" in done.stderr
