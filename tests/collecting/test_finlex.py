"""New statutes come from Finlex by its open interface, each fetched once, whatever it answers."""

import datetime as dt
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from newsletter.collecting import Cache, Harvest, Source, gather
from tests.collecting.conftest import FeedServer, Reply

SINCE = dt.date(2026, 11, 1)
STATUTE = """<?xml version="1.0" encoding="UTF-8"?>
<akomaNtoso xmlns="http://docs.oasis-open.org/legaldocml/ns/akn/3.0"><act name="main"><meta>
<identification source="#finlex"><FRBRWork><FRBRdate date="{issued}" name="dateIssued"/>
<FRBRdate date="{published}" name="datePublished"/></FRBRWork></identification></meta>
<preface><p><docNumber>1/2026</docNumber><docTitle>{title}</docTitle></p></preface><body/>
</act></akomaNtoso>"""


class Finlex:
    """The interface, as it is described: pages of ten, newest first, no total."""

    def __init__(self, server: FeedServer, language: str = "fin") -> None:
        self.base = f"{server.url}/v1"
        self._server, self._language = server, language
        self.uris: list[str] = []

    def publish(self, number: int, title: str, day: str = "2026-11-20", body: str = "") -> None:
        path = f"/v1/akn/fi/act/statute/2026/{number}/{self._language}@"
        text = body or STATUTE.format(title=title, issued="2026-11-19", published=day)
        self._server.put(path, text, headers={"Content-Type": "application/xml"})
        self.uris.insert(0, f"https://opendata.finlex.fi/finlex/avoindata{path}")

    def list(self) -> None:
        """Have the pages of the list answered."""
        for page in range(1, len(self.uris) // 10 + 2):
            query = (
                f"format=json&page={page}&limit=10&startYear=2026&langAndVersion={self._language}"
                "%40&publishedSince=2026-11-01T00%3A00%3A00Z"
            )
            entries = [
                {"akn_uri": uri, "status": "NEW"} for uri in self.uris[page * 10 - 10 : page * 10]
            ]
            self._server.put(f"/v1/akn/fi/act/statute/list?{query}", json.dumps(entries))


def ask(finlex: Finlex, folder: Path, language: str = "fi") -> Harvest:
    source = Source(url=finlex.base, name="Finlex", kind="finlex", language=language)
    [harvest] = gather([source], Cache(folder), SINCE, allow_internal=True, zone=dt.UTC)
    return harvest


def test_statutes_have_title_number_day_and_a_page_for_people(
    server: FeedServer, tmp_path: Path
) -> None:
    finlex = Finlex(server)
    finlex.publish(987, "Laki työvoimapalveluiden <b>järjestämisestä</b>")
    finlex.list()

    [item] = ask(finlex, tmp_path).items

    assert item.title == "Laki työvoimapalveluiden järjestämisestä (987/2026)"
    assert item.link == "https://www.finlex.fi/fi/lainsaadanto/saadoskokoelma/2026/987"
    assert (item.date, item.source) == (dt.date(2026, 11, 20), "Finlex")


def test_all_pages_are_read_and_each_statute_is_fetched_once(
    server: FeedServer, tmp_path: Path
) -> None:
    finlex = Finlex(server)
    for number in range(100, 125):
        finlex.publish(number, f"Asetus {number}")
    finlex.list()

    first, asked = ask(finlex, tmp_path), len(server.asked)
    again = ask(finlex, tmp_path)

    assert [item.title for item in first.items] == [
        f"Asetus {n} ({n}/2026)" for n in range(124, 99, -1)
    ]
    assert again.items == first.items
    assert asked == 3 + 25
    assert len(server.asked) == asked + 3  # the list alone
    assert all("newsletter" in headers["User-Agent"] for _, headers in server.asked)


def test_what_was_published_before_is_left_out_though_the_list_has_it_as_changed(
    server: FeedServer, tmp_path: Path
) -> None:
    finlex = Finlex(server)
    finlex.publish(1, "Vanha laki", day="2026-10-31")
    finlex.publish(2, "Uusi laki", day="2026-11-01")
    finlex.list()

    assert [item.title for item in ask(finlex, tmp_path).items] == ["Uusi laki (2/2026)"]


def test_a_statute_that_cannot_be_read_is_told_and_tried_again(
    server: FeedServer, tmp_path: Path
) -> None:
    finlex = Finlex(server)
    bomb = '<!DOCTYPE a [<!ENTITY b "x">]><a>&b;</a>'
    for number, body in enumerate(["<akomaNtoso", bomb, "<a/>", "x" * 3_000_000], 1):
        finlex.publish(number, "", body=body)
    finlex.publish(5, "Laki")
    finlex.list()

    harvest = ask(finlex, tmp_path)

    assert [item.title for item in harvest.items] == ["Laki (5/2026)"]
    assert harvest.notes == ("4 statutes could not be read; collecting again tries them again",)
    for number in range(1, 5):
        finlex.publish(number, f"Laki {number}")
    assert len(ask(finlex, tmp_path).items) == 5


def test_a_list_that_is_none_is_told(server: FeedServer, tmp_path: Path) -> None:
    for body in ('{"no": "list"}', "[1]", '[{"akn": 1}]', "<html>", ""):
        finlex = Finlex(server)
        finlex.list()
        [path] = [path for path in server.replies if "/list?" in path]
        server.replies[path] = Reply(body.encode())

        assert ask(finlex, tmp_path).error == "its list of statutes cannot be read"


def test_addresses_of_the_list_lead_nowhere_else(server: FeedServer, tmp_path: Path) -> None:
    finlex = Finlex(server)
    finlex.uris = [
        "http://127.0.0.1:9/akn/fi/act/statute/2026/../../fin@",
        f"{server.url}/elsewhere",
        "https://other.example/akn/fi/act/statute/2026/7/fin@",
    ]
    finlex.list()

    assert ask(finlex, tmp_path).items == ()
    asked = [urlsplit(path).path for path in server.paths()]
    assert asked == ["/v1/akn/fi/act/statute/list", "/v1/akn/fi/act/statute/2026/7/fin@"]


def test_swedish_statutes_are_asked_for_in_swedish(server: FeedServer, tmp_path: Path) -> None:
    finlex = Finlex(server, "swe")
    finlex.publish(12, "Lag om ändring")
    finlex.list()

    [item] = ask(finlex, tmp_path, "sv").items

    assert item.link.endswith("/sv/lagstiftning/forfattningssamling/2026/12")
    assert parse_qs(urlsplit(server.paths()[0]).query)["langAndVersion"] == ["swe@"]
