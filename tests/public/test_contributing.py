"""The forms for news and requests: what is typed is kept or told, and nothing of it runs."""

import datetime as dt
from collections.abc import Iterator, Mapping
from pathlib import Path

import lxml.html
import pytest
from starlette.types import ASGIApp

from newsletter.consent import TRAP, Step, stamp_form
from newsletter.contributions import MOST_BYTES, Quotas
from newsletter.ledger import Ledger, contributions
from newsletter.model import Contribution, ContributionKind
from newsletter.public import ContributionForm
from tests.conftest import make_site
from tests.contributions.conftest import book, ledger  # noqa: F401 - fixtures
from tests.contributions.offers import MINUTE, NOW, SECRET, SVG, archive, bomb, photograph
from tests.public.asking import app_of, ask, parts_of, post, site_at
from tests.serving import Answer

FORM = ContributionForm(regions=("Lappi", "Uusimaa"), deadline_day=10)
HOSTILE = "\"><script>alert(1)</script> {{ name }} ' onfocus=alert(1)"
NEWS = {
    "stamp": stamp_form(SECRET, Step.FIRST, NOW - MINUTE),
    "title": "Työpajan kuulumiset",
    "text": "Ensin.\n\nSitten.",
    "link": "https://www.example.org/paja",
    "region": "Lappi",
    "name": "Aino Esimerkki",
    "email": "aino@example.org",
    "picture_words": "Työpaja",
    "consent": "yes",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A newsletter."""
    return make_site(tmp_path_factory.mktemp("contributing") / "site").root


@pytest.fixture
def app(root: Path, ledger: Ledger) -> ASGIApp:  # noqa: F811 - the fixture
    """Its public service."""
    return app_of(site_at(root, ledger, SECRET, NOW, FORM))


def kept(ledger: Ledger) -> list[Contribution]:  # noqa: F811
    with ledger.read() as connection:
        return contributions.list_contributions(connection)


def values_of(answer: Answer) -> Mapping[str, str]:
    """Return what stands in the fields of a page."""
    page = lxml.html.fromstring(answer.body)
    [form] = page.xpath("//form[@method='post']")
    shown = {name: value for name, value in form.fields.items() if value is not None}
    return shown | {"text": shown["text"].removeprefix("\n")}  # as browsers read a text area


def faults_of(answer: Answer) -> list[str]:
    """Return the fields that a page names as wrong."""
    page = lxml.html.fromstring(answer.body)
    return [link.lstrip("#") for link in page.xpath("//div[@role='alert']//li/a/@href")]


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
@pytest.mark.parametrize("place", ["contribute", "request"])
def test_each_field_has_a_label_and_no_page_has_a_script(
    app: ASGIApp, place: str, language: str
) -> None:
    page = lxml.html.fromstring(ask(app, f"/kirje/{place}?lang={language}").body)

    assert page.get("lang") == language
    assert page.xpath("//script") == []
    for field in page.xpath("//form//input[not(@type='hidden')]|//form//textarea|//form//select"):
        assert page.xpath("//label[@for=$id]|//label[.//*[@id=$id]]", id=field.get("id"))
        for told in (field.get("aria-describedby") or "").split():
            assert page.xpath("//*[@id=$id]", id=told)


def test_regional_networks_are_offered_in_the_language_of_the_page(
    tmp_path: Path,
    ledger: Ledger,  # noqa: F811 - the fixture
) -> None:
    root = make_site(tmp_path / "site").root
    (root / "regions.toml").write_text(
        '[regions.lappi]\nname = { fi = "Lapin verkosto", sv = "Nätverket i Lappland" }\n'
        'areas = ["Lappi"]\n',
        encoding="utf-8",
    )
    app = app_of(site_at(root, ledger, SECRET, NOW, ContributionForm()))

    page = ask(app, "/kirje/contribute?lang=sv").body.decode()
    sent = {**NEWS, "region": "Lapin verkosto"}
    post(app, "/kirje/contribute?lang=sv", parts_of(sent))

    assert '<option value="Lapin verkosto">Nätverket i Lappland</option>' in page
    assert [one.region for one in kept(ledger)] == ["Lapin verkosto"]


def test_the_deadline_of_the_next_issue_is_shown(app: ASGIApp) -> None:
    assert "10. tammikuuta 2027" in ask(app, "/kirje/contribute?lang=fi").body.decode()


def test_news_with_a_picture_is_taken_in(app: ASGIApp, ledger: Ledger) -> None:  # noqa: F811
    answer = post(app, "/kirje/contribute?lang=sv", parts_of(NEWS, photograph(300, 200)))

    [found] = kept(ledger)
    assert (answer.status, answer.headers["location"]) == (
        303,
        "/kirje/contribute?sent=yes&lang=sv",
    )
    assert (found.title, found.text) == ("Työpajan kuulumiset", "Ensin.\n\nSitten.")
    assert (found.region, found.language, found.picture_type) == ("Lappi", "sv", "image/jpeg")
    thanks = ask(app, answer.headers["location"]).body.decode()
    assert "Innan dess kommer inget mejl" in thanks


def test_a_request_is_taken_in_by_an_ordinary_form(app: ASGIApp, ledger: Ledger) -> None:  # noqa: F811
    asked = NEWS | {"dates": "keväällä", "place": "Rovaniemi"}
    answer = post(app, "/kirje/request?lang=fi", parts_of(asked))

    [found] = kept(ledger)
    assert answer.status == 303
    assert found.kind is ContributionKind.REQUEST
    assert (found.dates, found.place, found.link) == ("keväällä", "Rovaniemi", "")


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        pytest.param({"title": "", "name": " "}, ["title", "name"], id="missing"),
        pytest.param({"text": "x" * 4001}, ["text"], id="too long"),
        pytest.param({"consent": ""}, ["consent"], id="no consent"),
        pytest.param({"email": "nobody"}, ["email"], id="no address"),
        pytest.param({"link": "javascript:alert(1)"}, ["link"], id="a link that runs"),
        pytest.param({"name": "Win at https://x.example"}, ["name"], id="an address in a name"),
        pytest.param({"title": "Katso www.example.com"}, ["title"], id="one in a title"),
    ],
)
def test_what_was_typed_is_kept_when_something_is_wrong(
    app: ASGIApp,
    ledger: Ledger,  # noqa: F811 - the fixture
    changed: Mapping[str, str],
    faults: list[str],
) -> None:
    given = {**NEWS, **changed}

    answer = post(app, "/kirje/contribute?lang=fi", parts_of(given))

    assert answer.status == 422
    assert faults_of(answer) == faults
    shown = values_of(answer)
    assert {n: shown.get(n, "") for n in given if n not in ("stamp", "name")} == {
        n: v for n, v in given.items() if n not in ("stamp", "name")
    }
    assert kept(ledger) == []


def test_hostile_words_are_words(app: ASGIApp) -> None:
    answer = post(app, "/kirje/contribute?lang=fi", parts_of({n: HOSTILE for n in NEWS}))

    page = lxml.html.fromstring(answer.body)
    assert page.xpath("//script|//*[@onfocus]") == []
    assert values_of(answer)["text"] == HOSTILE
    assert "script" not in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("picture", "says"),
    [
        pytest.param(SVG, "SVG-piirroksia", id="SVG"),
        pytest.param(archive(), "ei ole kuva", id="a zip named .jpg"),
        pytest.param(bomb(), "kuvapisteitä", id="a bomb of pixels"),
    ],
)
def test_a_picture_that_is_none_is_refused_in_a_plain_sentence(
    app: ASGIApp,
    ledger: Ledger,  # noqa: F811 - the fixture
    picture: bytes,
    says: str,
) -> None:
    answer = post(app, "/kirje/contribute?lang=fi", parts_of(NEWS, picture))

    assert (answer.status, faults_of(answer)) == (422, ["picture"])
    assert says in answer.body.decode()
    assert values_of(answer)["text"] == NEWS["text"]
    assert kept(ledger) == []


def test_a_picture_is_asked_for_again_as_browsers_do_not_keep_it(app: ASGIApp) -> None:
    given = NEWS | {"title": ""}
    answer = post(app, "/kirje/contribute?lang=fi", parts_of(given, photograph(30, 20)))

    assert faults_of(answer) == ["title", "picture"]


def megabytes(count: int) -> Iterator[bytes]:
    """Yield a form with a picture of so many megabytes, piece by piece."""
    whole = parts_of(NEWS, b"\xff\xd8\xff")
    head, end = whole[: whole.index(b"\xff\xd8\xff")], whole[-40:]
    yield head
    for _ in range(count):
        yield b"\0" * 1_000_000
    yield end


def test_of_forty_megabytes_nothing_is_kept_but_what_was_typed(
    app: ASGIApp,
    ledger: Ledger,  # noqa: F811 - the fixture
) -> None:
    answer = post(app, "/kirje/contribute?lang=fi", megabytes(40))

    assert (answer.status, faults_of(answer)) == (422, ["picture"])
    assert f"enintään {MOST_BYTES // 10**6} Mt" in answer.body.decode()
    assert values_of(answer)["text"] == NEWS["text"]
    assert kept(ledger) == []


def test_nobody_reads_on_for_ever(app: ASGIApp) -> None:
    read = []

    def endless() -> Iterator[bytes]:
        for piece in megabytes(1000):
            read.append(len(piece))
            yield piece

    assert post(app, "/kirje/contribute?lang=fi", endless()).status == 422
    assert sum(read) < 7 * MOST_BYTES


@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param(b"no parts at all", 400, id="no parts"),
        pytest.param(parts_of({f"f{n}": "x" for n in range(60)}), 400, id="many parts"),
        pytest.param(parts_of({"": "x"}), 400, id="a part without a name"),
        pytest.param(parts_of({"text": "x" * 100_000}), 413, id="a long text"),
        pytest.param(parts_of(NEWS)[:300], 400, id="cut off"),
        pytest.param(b"", 400, id="nothing"),
    ],
)
def test_what_is_no_form_is_refused(app: ASGIApp, body: bytes, status: int) -> None:
    assert post(app, "/kirje/contribute", body).status == status


def test_a_program_has_to_press_once_more(app: ASGIApp, ledger: Ledger) -> None:  # noqa: F811
    doubted = post(app, "/kirje/contribute?lang=fi", parts_of(NEWS | {TRAP: "x"}))
    again = values_of(doubted)
    sent = post(app, "/kirje/contribute?lang=fi", parts_of({**NEWS, "stamp": again["stamp"]}))

    assert doubted.status == 200
    assert again["text"] == NEWS["text"]
    assert sent.status == 303
    assert len(kept(ledger)) == 1


def app_with(root: Path, open_ledger: Ledger, quotas: Quotas, *, is_open: bool = True) -> ASGIApp:
    form = ContributionForm(quotas=quotas, is_open=is_open)
    return app_of(site_at(root, open_ledger, SECRET, NOW, form))


def test_in_a_flood_the_same_form_asks_for_a_proof_or_patience(
    root: Path,
    ledger: Ledger,  # noqa: F811 - the fixture
) -> None:
    app = app_with(root, ledger, Quotas(network_hour=0))

    flooded = post(app, "/kirje/contribute?lang=fi", parts_of(NEWS))
    page = lxml.html.fromstring(flooded.body)
    waits = {**NEWS, "stamp": values_of(flooded)["stamp"], "way": "slow"}
    waited = post(app, "/kirje/contribute?lang=fi", parts_of(waits))

    assert page.xpath("//input[@name='proof']/@data-challenge")
    assert page.xpath("//script/@src") == ["/kirje/subscribe/proof.js"]
    assert values_of(flooded)["text"] == NEWS["text"]
    assert "script-src 'self'" in flooded.headers["content-security-policy"]
    assert waited.status == 303
    assert [one.is_slow for one in kept(ledger)] == [True]


@pytest.mark.parametrize(
    ("quotas", "status", "says"),
    [
        (Quotas(network_day=0), 429, "Yritä uudelleen huomenna"),
        (Quotas(waiting=0), 503, "emme ehdi lukea enempää"),
    ],
)
def test_what_cannot_be_taken_in_is_told_and_not_lost(
    root: Path,
    ledger: Ledger,  # noqa: F811 - the fixture
    quotas: Quotas,
    status: int,
    says: str,
) -> None:
    answer = post(app_with(root, ledger, quotas), "/kirje/contribute?lang=fi", parts_of(NEWS))

    assert answer.status == status
    assert says in answer.body.decode()
    assert "toimitus@example.org" in answer.body.decode()
    assert values_of(answer)["text"] == NEWS["text"]


def test_closed_forms_take_nothing_in(root: Path, ledger: Ledger) -> None:  # noqa: F811
    app = app_with(root, ledger, Quotas(), is_open=False)

    answer = post(app, "/kirje/contribute?lang=fi", parts_of(NEWS))

    assert "toimitus@example.org" in answer.body.decode()
    assert lxml.html.fromstring(answer.body).xpath("//form") == []
    assert kept(ledger) == []


def test_a_day_that_is_over_is_no_deadline(root: Path, ledger: Ledger) -> None:  # noqa: F811
    form = ContributionForm(deadline=dt.date(2026, 12, 14))
    app = app_of(site_at(root, ledger, SECRET, NOW, form))

    assert "14. joulukuuta" not in ask(app, "/kirje/contribute?lang=fi").body.decode()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("link", "https://bank.fi@evil.example/"),
        ("link", "https://user:pass@host.example"),
        ("link", "https://evil.example\\@bank.fi"),
        ("link", "https://p\u0430ypal.com/"),
        ("link", "https://localhost/"),
        ("name", "Aino bank.fi@evil.example"),
        ("organisation", "evil.example\\x"),
        ("title", "Katso https:\\\\evil.example"),
    ],
)
def test_an_address_that_hides_where_it_leads_is_refused(
    app: ASGIApp,
    ledger: Ledger,  # noqa: F811 - the fixture
    field: str,
    typed: str,
) -> None:
    answer = post(app, "/kirje/contribute?lang=fi", parts_of({**NEWS, field: typed}))

    assert (answer.status, faults_of(answer)) == (422, [field])
    assert values_of(answer)[field] == typed
    assert kept(ledger) == []
