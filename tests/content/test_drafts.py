"""Drafts that start from an issue there is keep all of it but what must be new."""

import datetime as dt
from pathlib import Path

import pytest
import yaml

from newsletter.content.drafts import draft_translation, renew_issue
from newsletter.model import BlockKind, Kinds, Parameter
from tests.conftest import REPOSITORY
from tests.content.conftest import read_bytes

NOVEMBER, DECEMBER = dt.date(2026, 11, 17), dt.date(2027, 12, 15)


def renew(front: str, *, language: str = "fi", body: str = "Hei\n") -> str:
    """Renew an issue of November 2026 for December 2027."""
    return renew_issue(
        f"---\n{front}\n---\n{body}",
        old_date=NOVEMBER,
        date=DECEMBER,
        number=12,
        language=language,
    )


def front_of(text: str) -> dict[str, object]:
    """Return the front matter of a text."""
    values: dict[str, object] = yaml.safe_load(text.split("---")[1])
    return values


@pytest.mark.parametrize(
    ("language", "subject", "renewed"),
    [
        ("fi", "Marraskuu 2026: uutisia", "(päivitä) Joulukuu 2027: uutisia"),
        ("fi", "Mitä marraskuussa 2026 tapahtuu", "(päivitä) Mitä joulukuussa 2027 tapahtuu"),
        ("fi", "Kysely 2026", "(päivitä) Kysely 2026"),  # a year alone may mean anything
        ("sv", "Novemberbrevet", "(uppdatera) Decemberbrevet"),
        ("sv", "Det novembermörka året", "(uppdatera) Det novembermörka året"),
        ("en", "News of November 2026", "(update) News of December 2027"),
    ],
)
def test_the_month_of_a_subject_is_renewed(language: str, subject: str, renewed: str) -> None:
    text = renew(f'subject: "{subject}"\ndate: 2026-11-17', language=language)

    assert front_of(text)["subject"] == renewed


@pytest.mark.parametrize(
    "front",
    [
        'subject: "Kirje"\npreheader: "Sana"',
        "subject: Kirje\npreheader: Sana",
        "subject: 'Kirje'\npreheader: >-\n  Sana",
        "subject: |\n  Kirje\npreheader: 'Sana'",
    ],
)
def test_subject_and_preheader_are_marked_however_yaml_writes_them(front: str) -> None:
    values = front_of(renew(f"{front}\ndate: 2026-11-17"))

    assert str(values["subject"]).strip() == "(päivitä) Kirje"
    assert str(values["preheader"]).strip() == "(päivitä) Sana"


def test_date_and_number_are_new_the_tag_goes_and_the_rest_stays() -> None:
    front = (
        "subject: x\ndate: 2026-11-17\nnumber: 11\ntemplate: invitation\nsegment: region=Lappi\n"
        "provider_tag: november"
    )

    values = front_of(renew(front))

    assert values == {
        "subject": "(päivitä) x",
        "date": DECEMBER,
        "number": 12,
        "template": "invitation",
        "segment": "region=Lappi",
    }


def test_an_issue_without_a_number_gets_none_and_one_without_a_date_gets_one() -> None:
    assert front_of(renew("subject: x")) == {"subject": "(päivitä) x", "date": DECEMBER}


def test_the_body_stays_to_the_letter() -> None:
    body = "## Marraskuu 2026\n\n---\n\ndate: 2026-11-17\n\n::: divider\n  \n"

    assert renew("subject: x\ndate: 2026-11-17", body=body).endswith(f"\n---\n{body}")


# --- translation --------------------------------------------------------------------------

FINNISH = """\
---
subject: "Kysely"
date: 2026-12-15
lang: fi
---
Hei {{ name|"lukija" }}!
Rivi kaksi.

## Otsikko

1. yksi
2. *kaksi*

| Osuus | |
| :-- | --: |
| Muut | 22 % |
| 41 % | 3 |

![kuva](2021-06/kysely.png)

::: button https://www.example.org/
Ilmoittaudu
:::

> Lainaus

```
koodi {{ name }}
```

<!-- muistiinpano -->
"""

SWEDISH = """\
---
subject: "(översätt) Kysely"
date: 2026-12-15
lang: sv
---
(översätt) Hei {{ name|"lukija" }}!
Rivi kaksi.

## (översätt) Otsikko

1. (översätt) yksi
2. (översätt) *kaksi*

| (översätt) Osuus | |
| :-- | --: |
| (översätt) Muut | 22 % |
| 41 % | 3 |

![(översätt) kuva](2021-06/kysely.png)

::: button https://www.example.org/
(översätt) Ilmoittaudu
:::

> (översätt) Lainaus

```
koodi {{ name }}
```

<!-- muistiinpano -->
"""


def test_each_passage_is_marked_once_and_nothing_else_changes() -> None:
    assert draft_translation(FINNISH, language="sv") == SWEDISH


def test_the_titles_of_events_are_marked_as_well() -> None:
    events = "events:\n  paiva:\n    title: Teemapäivä\n    start: 2026-12-09 09:00\n"

    translated = draft_translation(f"---\nsubject: x\n{events}---\n", language="sv")

    assert translated == (
        "---\nsubject: (översätt) x\n" + events.replace("Teema", "(översätt) Teema") + "---\n"
    )


def test_what_abbreviations_stand_for_is_marked_and_they_are_not() -> None:
    text = "---\nsubject: x\n---\nTHL ja EU.\n\n*[THL]: Terveyden laitos\n*[EU]: EU\n"

    translated = draft_translation(text, language="sv")

    assert "*[THL]: (översätt) Terveyden laitos\n*[EU]: (översätt) EU\n" in translated


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("::: tip Ennen kuin", "::: tip (översätt) Ennen kuin"),
        ("::: tip warning Ennen kuin", "::: tip warning (översätt) Ennen kuin"),
        ("::: tip title=Ennen link=https://example.org/ennen",
         '::: tip title="(översätt) Ennen" link=https://example.org/ennen'),
        ("::: tip link=https://example.org/ title='Ennen \"nyt\"'",
         "::: tip link=https://example.org/ title='(översätt) Ennen \"nyt\"'"),
        ("::: tip “Ennen”", "::: tip “(översätt) Ennen”"),
        ("::: tip", "::: tip"),
        ("::: box Ennen", "::: box Ennen"),
    ],
)  # fmt: skip
def test_texts_of_arguments_are_marked_and_nothing_else_of_them(line: str, marked: str) -> None:
    parameters = (Parameter(name="title", unnamed=True), Parameter(name="link", sort="address"))
    kinds = Kinds(
        own=(BlockKind(name="tip", parameters=parameters),), variants=(("tip", ("warning",)),)
    )
    text = f"---\nsubject: x\n---\n{line}\nA\n:::\n"

    assert f"\n{marked}\n" in draft_translation(text, language="sv", kinds=kinds)


@pytest.mark.parametrize("name", ["2021-05.md", "2021-06.md"])
def test_a_translation_has_the_structure_of_what_it_translates(name: str, issues: Path) -> None:
    (issues / "2021-06").mkdir()
    (issues / "2021-06/kysely.png").write_bytes(
        (REPOSITORY / "issues/2021-06/kysely.png").read_bytes()
    )
    text = (REPOSITORY / "issues" / name).read_text(encoding="utf-8")

    translated = draft_translation(text, language="sv")

    assert translated.replace("(översätt) ", "") == text
    one, other = read_bytes(issues, text.encode()), read_bytes(issues, translated.encode())
    assert [b.kind for b in one.blocks] == [b.kind for b in other.blocks]
    assert [b.line for b in one.blocks] == [b.line for b in other.blocks]
