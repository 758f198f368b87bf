"""An issue with what somebody sent in has no finding that its editor did not cause."""

import datetime as dt
import io
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from PIL import Image

from newsletter.content.escaping import plain_line
from newsletter.contributions import Decision, Shelf, accept
from newsletter.contributions.write_ups import clean_text, write_passage
from newsletter.ledger import Ledger
from newsletter.model import Finding
from newsletter.press import read_manuscript
from newsletter.reviewing import review_unlisted
from newsletter.settings import Settings, load_settings
from tests.conftest import make_site
from tests.content.test_escaping import TEXTS, every_evil
from tests.contributions.offers import NOW, SECRET, kept, offer, send_in

NEWS = replace(offer().contribution, id=7, digest="abcdef0123")
HEADS = {
    "fi": "subject: Kuulumisia verkostosta\n"
    "preheader: Mitä verkostossa on tehty, ja mitä on tulossa ensi vuonna.\n",
    "sv": "subject: Nytt från nätverket\n"
    "preheader: Vad som har gjorts i nätverket och vad som är på gång.\n"
    "segment: language=sv\n",
}
HELLO = {"fi": "Hei!\n\nTässä kuulumisia.", "sv": "Hej!\n\nHär är nytt från nätverket."}
SENTENCE = "Kokeilimme työpajassa uutta tapaa etsiä työpaikkoja yhdessä työnantajien kanssa. "


@pytest.fixture(scope="module")
def own(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """A newsletter."""
    return load_settings(make_site(tmp_path_factory.mktemp("checked") / "site").root)


def found_in(own: Settings, passage: str, language: str = "fi") -> list[Finding]:
    """Check an issue that has nothing but a greeting, and a passage."""
    for file in (own.root / "issues").glob("*.md"):
        file.unlink()
    front = f"---\n{HEADS[language]}date: 2026-12-15\nlang: {language}\n---\n"
    text = f"{front}{HELLO[language]}\n\n{passage}"
    name = "2026-12.md" if language == "fi" else f"2026-12.{language}.md"
    (own.root / "issues" / name).write_text(text, encoding="utf-8")
    report = review_unlisted(own, read_manuscript(own, "2026-12"), now=NOW - dt.timedelta(days=1))
    return list(report.findings)


def passage_of(ledger: Ledger, folder: Path, typed: Mapping[str, Any], picture: bytes = b"") -> str:
    """Return what stands in the material of an issue once something is accepted."""
    send_in(ledger, offer(picture=picture, **typed))
    shelf = Shelf(folder=folder, issue="2026-12", head="")
    shelf.path.unlink(missing_ok=True)
    accept(ledger, kept(ledger)[-1].id, shelf, Decision(now=NOW, secret=SECRET))
    return shelf.path.read_text(encoding="utf-8").lstrip()


def photograph() -> bytes:
    out = io.BytesIO()
    Image.linear_gradient("L").resize((1200, 800)).convert("RGB").save(out, "JPEG")
    return out.getvalue()


@pytest.mark.parametrize(
    "typed",
    {
        "addresses": {"text": "Lue https://www.example.org/a_b?c=1&utm_source=x, www.example.org."},
        "an address to write to": {"text": "Kirjoita: aino_esimerkki@example.org tai soita."},
        "a link": {"text": "Katso.", "link": "https://www.example.org/paja?a=1&b=2"},
        "headings": {"title": "# Uusi paja", "text": "## Ensin\n\nAlku\n=====\n\nLoppu\n---"},
        "front matter": {"text": "---\nsubject: x\nfoo: bar\n---\n\nTeksti: näin."},
        "quotations": {"text": '> Lainaus\n\n"Näin" hän sanoi. »Siis» ’niin’.'},
        "slots of many": {
            "text": "Hei {{ name }}, ${name} *|FNAME|* %recipient.name% [unsubscribe]"
        },
        "a block": {"text": "::: only region=Lappi\nsalaa\n:::\n\n- [ ] tehtävä"},
        "a footnote": {"text": "Viite[^1].\n\n[^1]: https://www.example.org\n\n*[HTML]: kieli"},
        "lists": {"text": "- yksi\n- kaksi\n1. kolme\n3. joulukuuta\n    koodi"},
        "HTML": {"text": "<b>x</b> <!-- y --> &nbsp; 1 < 2 && 3 > 2"},
        "Swedish": {
            "title": "Nytt från verkstaden",
            "text": "Vi provade något nytt – det gick ”riktigt” bra.\nKom med!",
            "region": "Nyland",
            "language": "sv",
        },
    }.items(),
    ids=lambda one: one[0],
)
def test_what_is_accepted_raises_no_finding(
    ledger: Ledger, own: Settings, typed: tuple[str, Mapping[str, str]]
) -> None:
    given = dict(typed[1])

    passage = passage_of(ledger, own.root / "material", given)

    assert [one.words for one in found_in(own, passage, given.get("language", "fi"))] == []


def test_a_picture_raises_none(ledger: Ledger, own: Settings) -> None:
    passage = passage_of(ledger, own.root / "material", {"text": SENTENCE * 4}, photograph())

    assert "![Työpaja](../material/2026-12/contribution-" in passage
    assert [one.words for one in found_in(own, passage)] == []


@every_evil
@example(text="\\{{ ")
@given(text=TEXTS)
@settings(max_examples=5)
def test_whatever_is_typed_raises_none(own: Settings, text: str) -> None:
    if plain_line(text):
        typed = clean_text(f"Näin: {text}\n\n{text}")

        passage = write_passage(replace(NEWS, text=typed))

        assert [one.words for one in found_in(own, passage)] == []


@pytest.mark.parametrize(
    ("edited", "rule"),
    [
        ("Kokeilimme {{ nmae }} uutta.", "slot-unknown"),
        ("Kokeilimme TODO uutta.", "fm-draft"),
        ("Kokeilimme uutta.\n\n## Oma\n\nLue ::: button https://www.example.org", "marks-left"),
        ("Kokeilimme uutta.\n\n## Oma otsikko\n\nLue https://www.example.org", "link-bare"),
    ],
)
def test_what_the_editor_writes_into_it_does(
    ledger: Ledger, own: Settings, edited: str, rule: str
) -> None:
    theirs = "Kokeilimme uutta.\n\nHe kirjoittivat ::: näin."
    passage = passage_of(ledger, own.root / "material", {"text": theirs})

    found = found_in(own, passage.replace("Kokeilimme uutta.", edited))

    assert rule in {one.id for one in found}
