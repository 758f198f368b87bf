"""Whatever is posted to a public page is answered by a page, in the reader's language."""

import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from urllib.parse import urlencode

import lxml.html
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.types import Receive, Scope, Send

from newsletter.links import PreferenceLinks, UnsubscribeLinks
from newsletter.model.meeting import Meeting
from newsletter.model.region import Region
from newsletter.public import ContributionForm
from newsletter.public.app import LINKED
from tests.public.asking import app_of, ask, site_at
from tests.public.hall import PublicHall, open_hall
from tests.public.people import FORM, SECRET

POSTED = [one.path for one in LINKED if "POST" in (one.methods or ()) and one.path[:3] != "/w/"]
WORDS = {"fi": "Avaa sivu uudelleen", "sv": "Öppna sidan igen", "en": "Open the page again"}
HALF = b'------x\r\nContent-Disposition: form-data; name="title"\r\n\r\nPaja'
BODIES = [
    ("", b""),
    (FORM, b"pressed=yes"),
    (FORM, b"a=1&" * 200),
    (FORM, b"x" * 80_000),
    (FORM, b"pressed=yes&email=%00%ff%FE\xff&name=%0d%0aBcc:+x&months=1e9&draft=AAAA"),
    ("application/json", b'{"pressed": "yes"}'),
    ("multipart/form-data", HALF),
    ("multipart/form-data; boundary=----x", HALF),
    ("multipart/form-data; boundary=----x", b"\xff" * 70_000),
]


@pytest.fixture(scope="module")
def hall(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublicHall]:
    """A service with meetings and members."""
    found = open_hall(tmp_path_factory.mktemp("refusing") / "site")
    yield found
    found.ledger.close()


def filled(path: str, hall: PublicHall, *, is_ours: bool) -> str:
    """Return a path with a name in each place: one that there is, or any."""
    links = UnsubscribeLinks if path.startswith("/u/") else PreferenceLinks
    token = links("", SECRET).link_for(hall.keys["aino"]).rpartition("/")[2]
    ours = {"meeting": "teemapaiva", "token": token}
    return re.sub(r"\{(\w+)\}", lambda f: ours.get(f[1], "x") if is_ours else "nobody", path)


@pytest.mark.parametrize("path", POSTED)
@given(
    posted=st.tuples(st.sampled_from([FORM, "text/plain", ""]), st.binary(max_size=60)),
    language=st.sampled_from(["fi", "sv", "en"]),
    is_ours=st.booleans(),
)
@settings(max_examples=3)  # each with all bodies
def test_what_is_refused_is_told_by_a_page_in_the_language_of_the_reader(
    hall: PublicHall, path: str, posted: tuple[str, bytes], language: str, is_ours: bool
) -> None:
    for kind, body in (posted, *BODIES):
        place = f"/kirje{filled(path, hall, is_ours=is_ours)}"
        answer = ask(hall.app, place, "POST", body, content_type=kind, accept_language=language)

        assert answer.status < 500
        if answer.status >= 400:
            page = lxml.html.fromstring(answer.body)
            assert page.get("lang") == language
            assert page.xpath("//main//h1")
            assert page.xpath("//link[@rel='stylesheet']")
            assert b"Traceback" not in answer.body


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize(
    ("path", "body", "status", "back"),
    [
        ("/subscribe", "a=1&" * 200, 400, "/subscribe"),
        ("/links", "x" * 80_000, 413, "/links"),
        ("/contribute", "a=1&" * 200, 400, "/contribute"),
        ("/p/{token}/pause", "months=99", 400, "/p/{token}"),  # the page that has the button
        ("/c/nobody/new", None, 405, "/c/nobody"),
    ],
)
def test_a_way_leads_back_to_the_page_of_the_form(
    hall: PublicHall, language: str, path: str, body: str | None, status: int, back: str
) -> None:
    place, back = (f"/kirje{filled(one, hall, is_ours=True)}" for one in (path, back))
    asked = urlencode({"lang": language})

    answer = ask(
        hall.app,
        f"{place}?{asked}",
        "GET" if body is None else "POST",
        (body or "").encode(),
        content_type=FORM,
        accept="text/html",
    )

    page = lxml.html.fromstring(answer.body)
    [way] = page.xpath("//main//a[@class='button secondary']")
    assert (answer.status, way.get("href")) == (status, f"{back}?{asked}")
    assert way.text_content() == WORDS[language]


def test_the_page_of_a_fault_needs_none_of_the_files_that_may_have_failed(
    hall: PublicHall,
) -> None:
    def meetings() -> list[Meeting]:
        raise OSError(5, "Input/output error")

    def regions() -> list[Region]:
        raise OSError(5, "Input/output error")

    site = site_at(hall.root, hall.ledger, SECRET, hall.now, ContributionForm())
    app = app_of(replace(site, meetings=meetings, regions=regions))

    async def served(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(OSError):  # the server has it after the answer went out
            await app(scope, receive, send)

    for path in ("/kirje/meetings", "/kirje/links", "/kirje/nothing-here"):
        answer = ask(served, path, accept="text/html", accept_language="fi")

        page = lxml.html.fromstring(answer.body)
        assert (answer.status, page.get("lang")) == (500, "fi")
        assert page.xpath("//main//h1")
