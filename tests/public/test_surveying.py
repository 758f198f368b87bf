"""A survey is answered page by page, without a script; nothing is counted before the last press."""

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode
from zoneinfo import ZoneInfo

import lxml.html
import pytest
from sqlalchemy import select
from starlette.types import ASGIApp

from newsletter import surveys
from newsletter.consent import Way, leave
from newsletter.ledger import Ledger, ballots, people, wishes
from newsletter.ledger.survey_tables import answered
from newsletter.links import MemberLinks, SurveyLinks
from newsletter.model import (
    Option,
    Purpose,
    Question,
    QuestionKind,
    Subscriber,
    Survey,
    SurveyKind,
    SurveyPage,
)
from newsletter.public import ContributionForm
from tests.conftest import REPOSITORY
from tests.ledger.blank import open_blank
from tests.public.asking import app_of, ask, site_at
from tests.questionnaires import TOPICS, YES_NO, survey_of
from tests.serving import Answer

SECRET = "so long that nobody guesses it"  # noqa: S105 - of tests
NOW = dt.datetime(2027, 5, 3, 9, tzinfo=dt.UTC)
LATER = dt.datetime(2027, 5, 31, 23, 59)  # noqa: DTZ001 - on the readers' clock
HELSINKI = ZoneInfo("Europe/Helsinki")
FORM = "application/x-www-form-urlencoded"
NETWORK = Question(
    id="net", kind=QuestionKind.ONE, words={"fi": "Onko verkostoa?"}, options=YES_NO,
    is_required=True,
)  # fmt: skip
WHICH = Question(
    id="which", kind=QuestionKind.TEXT, words={"fi": "Mikä verkosto?"}, is_required=True,
    show_if="net = yes",
)  # fmt: skip
LAST = Question(id="free", kind=QuestionKind.TEXT, words={"fi": "Vapaa sana"}, is_long=True)
TABLE = Question(
    id="t", kind=QuestionKind.MATRIX, words={"fi": "Mitä mieltä?"}, options=YES_NO,
    rows=(Option(id="a", words={"fi": "Rakenne"}), Option(id="b", words={"fi": "Sisältö"})),
    is_required=True,
)  # fmt: skip


def paged(kind: SurveyKind = SurveyKind.ANONYMOUS, **own: object) -> Survey:
    """Return a survey of three pages, of which the second is not for everybody."""
    pages = tuple(
        SurveyPage(id=id, titles={}, leads={}, questions=questions)
        for id, questions in (("first", (NETWORK,)), ("second", (WHICH,)), ("third", (LAST, TABLE)))
    )
    titles, thanks = {"fi": "Verkoston kysely"}, {"fi": "Tulokset *kesäkuussa*."}
    return Survey(id="kysely", kind=kind, titles=titles, thanks=thanks, pages=pages, **own)  # type: ignore[arg-type]


@dataclass
class Hall:
    """A public service with surveys, and whom it knows."""

    ledger: Ledger
    app: ASGIApp

    def open(self, survey: Survey) -> None:
        surveys.open_survey(self.ledger, survey, zone=HELSINKI, now=NOW)

    def get(self, path: str, method: str = "GET") -> Answer:
        return ask(self.app, path, method, accept="text/html")

    def post(self, path: str, fields: Mapping[str, str | Sequence[str]]) -> Answer:
        body = urlencode(fields, doseq=True).encode()
        return ask(self.app, path, "POST", body, content_type=FORM, accept="text/html")

    def press(self, page: Answer, turn: str, **typed: str) -> Answer:
        """Fill in the form of a page, and press one of its buttons."""
        form = form_of(page)
        values = {**dict(form.form_values()), **{n.replace("__", "."): v for n, v in typed.items()}}
        assert turn in form.xpath(".//button/@value")
        return self.post(str(form.get("action")), {**values, "turn": turn})


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """A service whose list has three people."""
    ledger = open_blank(tmp_path / "newsletter.db")
    with ledger.write() as connection:
        crowd = [
            Subscriber(address=f"{name}@example.org", key=name, language="fi")
            for name in ("aino", "eino", "elsa")
        ]
        people.add_subscribers(connection, crowd, NOW)
    site = site_at(REPOSITORY, ledger, SECRET, NOW, ContributionForm())
    yield Hall(ledger, app_of(site))
    ledger.close()


def me(key: str = "aino") -> str:
    """Return what the link of somebody's mail says of them."""
    return f"me={MemberLinks(SECRET).link_for(key)}"


def own(survey: str = "kysely", key: str = "aino") -> str:
    """Return what somebody's own link to a survey says of them."""
    return f"me={SurveyLinks(SECRET, survey).link_for(key)}"


def form_of(page: Answer) -> lxml.html.FormElement:
    [form] = lxml.html.document_fromstring(page.body.decode()).forms
    return form


def text_of(page: Answer) -> str:
    return " ".join(lxml.html.document_fromstring(page.body.decode()).text_content().split())


def votes(hall: Hall, survey: str = "aiheet") -> dict[str, object]:
    with hall.ledger.read() as connection:
        return {key: said for key, _, said in ballots.list_replies(connection, survey)}


def count(hall: Hall, survey: str = "kysely") -> int:
    with hall.ledger.read() as connection:
        return ballots.count_answers(connection, survey)


# --- pages --------------------------------------------------------------------------------


def test_a_survey_is_answered_page_by_page_and_skips_what_is_not_asked(hall: Hall) -> None:
    hall.open(paged())

    first = hall.get(f"/kirje/surveys/kysely?{me()}")
    third = hall.press(first, "next", q__net="no")
    sent = hall.press(third, "send", q__free="Kiitos", q__t__a="yes", q__t__b="no")

    assert "Mikä verkosto?" not in text_of(third)
    assert sent.status == 303
    done = hall.get(sent.headers["location"])
    assert "Tulokset kesäkuussa." in text_of(done)
    assert "me=" not in sent.headers["location"]
    assert count(hall) == 1
    with hall.ledger.read() as connection:
        assert connection.execute(select(answered.c.subscriber_key)).scalars().all() == ["aino"]


def test_what_was_typed_on_earlier_pages_is_kept_on_the_way_back(hall: Hall) -> None:
    hall.open(paged())
    first = hall.get(f"/kirje/surveys/kysely?{me()}")
    second = hall.press(first, "next", q__net="yes")
    third = hall.press(second, "next", q__which="Lapin verkosto")

    back = hall.press(third, "back", q__free="Puolet")
    again = hall.press(back, "next")

    assert form_of(back).fields["q.which"] == "Lapin verkosto"
    assert form_of(again).fields["q.free"].strip() == "Puolet"
    assert form_of(hall.press(back, "back")).fields["q.net"] == "yes"


def test_no_answer_stands_in_an_address_or_a_cookie_or_in_the_clear(hall: Hall) -> None:
    hall.open(paged())
    second = hall.press(hall.get(f"/kirje/surveys/kysely?{me()}"), "next", q__net="yes")
    third = hall.press(second, "next", q__which="Salainen verkosto")

    assert b"Salainen" not in third.body
    assert "set-cookie" not in third.headers
    assert "net" not in dict(parse_qsl(str(form_of(third).get("action")).partition("?")[2]))
    assert third.headers["referrer-policy"] == "no-referrer"
    token = MemberLinks(SECRET).link_for("aino")
    assert token not in dict(form_of(third).form_values()).values()  # it is no field


def test_pages_that_a_form_led_to_can_be_gone_back_to(hall: Hall) -> None:
    hall.open(paged())
    first = hall.get(f"/kirje/surveys/kysely?{me()}")

    second = hall.press(first, "next", q__net="yes")

    assert second.headers["cache-control"] == "private, no-cache"  # so a browser keeps it
    assert first.headers["cache-control"] == "no-store"
    lost = hall.get(str(form_of(second).get("action")))
    assert lost.status == 303
    assert lost.headers["location"].startswith("/kirje/surveys/kysely?")


def test_what_is_missing_is_told_and_the_rest_is_kept(hall: Hall) -> None:
    hall.open(paged())
    third = hall.press(hall.get(f"/kirje/surveys/kysely?{me()}"), "next", q__net="no")

    again = hall.press(third, "send", q__free="Hei", q__t__a="yes")

    assert again.status == 422
    page = lxml.html.document_fromstring(again.body.decode())
    [link] = page.xpath("//*[@role='alert']//a")
    assert (link.get("href"), link.text_content()) == ("#q.t.b", "Sisältö Valitse jokin.")
    assert page.xpath("//fieldset[@id='q.t.b']//*[@autofocus]")
    assert page.findtext(".//title", "").startswith("Virhe")
    assert form_of(again).fields["q.free"].strip() == "Hei"
    assert form_of(again).fields["q.t.a"] == "yes"
    assert count(hall) == 0


def test_an_answer_that_a_later_one_hides_is_not_counted(hall: Hall) -> None:
    hall.open(paged(SurveyKind.NAMED))
    second = hall.press(hall.get(f"/kirje/surveys/kysely?{own()}"), "next", q__net="yes")
    first = hall.press(second, "back", q__which="Vanha")
    third = hall.press(first, "next", q__net="no")

    hall.press(third, "send", q__t__a="yes", q__t__b="yes")

    [said] = votes(hall, "kysely").values()
    assert set(said) == {"net", "t"}  # type: ignore[call-overload]


def test_a_draft_that_somebody_changed_is_refused(hall: Hall) -> None:
    hall.open(paged())
    third = hall.press(hall.get(f"/kirje/surveys/kysely?{me()}"), "next", q__net="no")
    form = form_of(third)
    values = {**dict(form.form_values()), "turn": "send"}

    forged = hall.post(str(form.get("action")), {**values, "draft": values["draft"][:-4] + "AAA="})

    assert forged.status == 400
    assert count(hall) == 0


# --- who ----------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", [SurveyKind.ANONYMOUS, SurveyKind.NAMED])
def test_who_has_answered_is_thanked_and_shown_nothing(kind: SurveyKind, hall: Hall) -> None:
    hall.open(survey_of(LAST, id="kysely", kind=kind))
    link = f"/kirje/surveys/kysely?{own()}"
    page = hall.get(link)
    hall.press(page, "send", q__free="Oma asia")

    again, second = hall.get(link), hall.press(page, "send", q__free="Toinen")

    for answer in (again, second):
        assert "Kiitos, olet vastannut" in text_of(answer)
        assert b"Oma asia" not in answer.body
        assert b"<form" not in answer.body
    assert count(hall) == 1


def test_a_link_of_an_issue_that_was_passed_on_answers_nothing_in_its_readers_name(
    hall: Hall,
) -> None:
    hall.open(survey_of(LAST, id="kysely", kind=SurveyKind.NAMED))
    hall.open(survey_of(LAST, id="toinen", kind=SurveyKind.NAMED))
    filled = {"q.free": "Toisen sanat", "turn": "send"}

    before = hall.get(f"/kirje/surveys/kysely?{me()}")
    sent = [
        hall.post(f"/kirje/surveys/kysely/1?{link}", filled) for link in (me(), own("toinen"), "")
    ]
    hall.post(f"/kirje/surveys/kysely/1?{own()}", {**filled, "q.free": "Omat sanat"})
    after = hall.get(f"/kirje/surveys/kysely?{me()}")

    assert votes(hall, "kysely") == {"aino": {"free": {"text": "Omat sanat"}}}
    assert before.body == after.body  # so it does not tell that aino has answered
    assert b"q.free" not in b"".join(page.body for page in (before, *sent))


def test_who_has_the_link_of_an_issue_has_the_reader_mailed_their_own_by_a_press(
    hall: Hall,
) -> None:
    hall.open(survey_of(LAST, id="kysely", kind=SurveyKind.NAMED))
    place = f"/kirje/surveys/kysely?{me()}&lang=sv"

    [action] = re.findall(r'action="([^"]+)"', hall.get(place).body.decode())
    hall.post(place, {})  # a scanner's
    assert wished(hall) == []
    for _ in range(2):
        pressed = hall.post(action.replace("&amp;", "&"), {"pressed": "yes"})

    told = hall.get(pressed.headers["location"])
    assert wished(hall) == [("aino@example.org", "sv", {"survey": "kysely"})]
    assert b"q.free" not in told.body
    assert "a…@example.org" in text_of(told)


def wished(hall: Hall) -> list[tuple[str, str, Mapping[str, str]]]:
    with hall.ledger.read() as connection:
        found = wishes.list_wishes_of(connection, "aino", [Purpose.SURVEY])
    return [(one.address, one.language, one.attributes) for one in found]


@pytest.mark.parametrize("query", ["", "me=aino.forged", f"{me()}x", me("nobody")])
def test_a_stranger_is_told_to_use_their_own_mail(query: str, hall: Hall) -> None:
    hall.open(survey_of(TOPICS))

    shown = hall.get(f"/kirje/surveys/aiheet?{query}")
    sent = hall.post(f"/kirje/surveys/aiheet/1?{query}", {"q.topic": "law", "turn": "send"})

    for page in (shown, sent):
        assert "omassa viestissäsi" in text_of(page)
    assert votes(hall) == {}


def test_a_survey_that_is_closed_takes_nothing(hall: Hall) -> None:
    hall.open(survey_of(TOPICS))
    page = hall.get(f"/kirje/surveys/aiheet?{me()}")
    surveys.close_survey(hall.ledger, "aiheet", secret=SECRET, now=NOW)

    sent = hall.press(page, "send", q__topic="law")

    assert "on suljettu" in text_of(sent)
    assert votes(hall) == {}
    assert hall.get("/kirje/surveys/unknown").status == 404


def test_anybody_answers_a_survey_that_is_open_to_all_but_no_program_at_once(hall: Hall) -> None:
    hall.open(survey_of(LAST, id="kysely", kind=SurveyKind.ANONYMOUS, is_open_to_all=True))

    page = hall.get("/kirje/surveys/kysely")
    doubted = hall.press(page, "send", q__free="Hei")  # within a second
    assert count(hall) == 0
    sent = hall.press(doubted, "send")

    assert sent.status == 303
    assert count(hall) == 1
    assert form_of(doubted).fields["q.free"].strip() == "Hei"


# --- polls --------------------------------------------------------------------------------


def test_a_link_in_a_mail_makes_its_answer_ready_and_a_press_counts_it(hall: Hall) -> None:
    hall.open(survey_of(TOPICS, closes=LATER))

    page = hall.get(f"/kirje/surveys/aiheet?{me()}&lang=fi&choice=methods")
    assert form_of(page).fields["q.topic"] == "methods"
    assert votes(hall) == {}
    hall.press(page, "send")

    assert votes(hall) == {"aino": {"topic": {"chosen": ["methods"]}}}
    assert "mutta et nimettömästi" in text_of(page)
    assert "31. toukokuuta 2027" in text_of(page)


def test_a_vote_can_be_changed_by_the_same_link_which_never_shows_it(hall: Hall) -> None:
    hall.open(survey_of(TOPICS, closes=LATER))
    link = f"/kirje/surveys/aiheet?{me()}"
    hall.press(hall.get(link), "send", q__topic="law")

    again = hall.get(link)
    assert form_of(again).fields["q.topic"] is None
    done = hall.get(hall.press(again, "send", q__topic="methods").headers["location"])

    assert votes(hall) == {"aino": {"topic": {"chosen": ["methods"]}}}
    [change] = re.findall(r'href="([^"]*surveys/aiheet[^"]*me=[^"]*)"', done.body.decode())
    assert hall.get(change.replace("&amp;", "&")).status == 200


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_a_scanner_that_follows_every_link_of_everybody_votes_for_nothing(
    method: str, hall: Hall
) -> None:
    hall.open(survey_of(TOPICS))
    hall.open(paged())

    for key in ("aino", "eino", "elsa"):
        for choice in ("law", "methods", "else", "forged"):
            hall.get(f"/kirje/surveys/aiheet?lang=fi&{me(key)}&choice={choice}", method)
        for place in ("kysely", "kysely/first", "kysely/third"):
            hall.get(f"/kirje/surveys/{place}?lang=fi&{me(key)}", method)

    assert votes(hall) == {}
    assert count(hall) == 0


def test_who_left_the_list_still_has_a_page_that_says_what_to_do(hall: Hall) -> None:
    hall.open(survey_of(TOPICS))
    leave(hall.ledger, "aino", Way.PAGE, NOW)

    assert hall.get(f"/kirje/surveys/aiheet?{me()}").status == 200
