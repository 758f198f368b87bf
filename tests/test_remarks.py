"""What a record tells is told in words, and in the newsletter's time zone."""

from zoneinfo import ZoneInfo

import pytest

from newsletter.language.catalogs import say_in
from newsletter.model import By, Happened, Record, Way, Why, remarks_on, source_of

HELSINKI = ZoneInfo("Europe/Helsinki")


@pytest.mark.parametrize(
    ("detail", "told"),
    [
        ({"until": "2027-01-31T22:30:00+00:00"}, "päättyy 1.2.2027 klo 0.30"),
        ({"basis": "consent", "evidence": "Lupa: kyllä", "line": "7", "agreed": "2026-02-01"},
         "peruste: suostumus, näyttö: Lupa: kyllä, rivi 7, suostui 1.2.2026"),
        ({"standing": "paused"}, "tauolla"),
        ({"tracking": "denied"}, "ei sallittu"),
        ({"fields": "language, name, region"}, "kieli, nimi, region"),
        ({"wording": "0" * 64, "language": "sv"}, "kieli: sv"),
        ({"status": "5.1.1"}, "status=5.1.1"),
    ],
)  # fmt: skip
def test_a_detail_is_told_in_words_and_in_local_time(detail: dict[str, str], told: str) -> None:
    record = Record(key="k", what=Happened.CHANGED, detail=detail)

    assert ", ".join(say_in("fi", remark) for remark in remarks_on(record, HELSINKI)) == told


@pytest.mark.parametrize("why", Why)
def test_a_word_of_why_somebody_left_is_told_as_the_page_asks_it(why: Why) -> None:
    record = Record(key="k", what=Happened.EXPLAINED, by=By.PERSON, source=Way.PAGE, reason=why)

    assert remarks_on(record, HELSINKI) == [why.words]
    assert say_in("fi", record.what.words) == "kertoi lähdön syyn"
    assert "page" not in say_in("fi", source_of(record))
