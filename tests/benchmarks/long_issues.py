"""Invented issues of some forty kilobytes, as long as a busy editor could possibly write them."""

import random
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw

PICTURES = tuple(f"pictures/photo{n}.jpg" for n in range(6))
_SIZE = 40_000  # bytes of Markdown

_SUBJECTS = (
    "työhönvalmentaja työnantaja teemapäivä verkosto koordinaattori asiakas kumppani oppilaitos "
    "yhdistys kaupunki säätiö kehittämisryhmä asiantuntija kollega esihenkilö työyhteisö"
)
_VERBS = (
    "kertoo kokeilee ehdottaa järjestää kokoaa jakaa kutsuu toivoo tarjoaa suunnittelee esittelee "
    "arvioi tukee rohkaisee kuuntelee valmistelee"
)
_OBJECTS = (
    "käytännön menetelmiä uusia kuulumisia hyviä käytäntöjä yhteisen tapaamisen avoimen ohjelman "
    "kevään tulokset alueen työpajan lyhyen oppaan kokemuksia kentältä yhteistyön alkuun"
)
_PLACES = "Oulussa Turussa Kuopiossa etänä Vaasassa Joensuussa Tampereella Rovaniemellä"


def write_long_issues(root: Path, count: int) -> list[str]:
    """Write so many issues, one a month, and their pictures; return their ids."""
    folder = root / "issues"
    _write_pictures(folder)
    ids = [f"{1970 + n // 12}-{n % 12 + 1:02}" for n in range(count)]
    for number, issue_id in enumerate(ids, 1):
        text = long_issue(issue_id, number)
        (folder / f"{issue_id}.md").write_text(text, encoding="utf-8")
    return ids


def long_issue(issue_id: str, number: int) -> str:
    """Return the Markdown of an issue; the same number gives the same text."""
    chance = random.Random(number)
    parts = [
        f'---\nsubject: "Kuukauden kuulumiset {number}"\n'
        f'preheader: "{_sentence(chance)[:90]}"\ndate: {issue_id}-15\nnumber: {number}\n---\n',
        'Hei {{ name|"hyvä lukija" }}!\n',
    ]
    size = 0
    for section in _sections(chance):
        parts.append(section)
        size += len(section.encode())
        if size >= _SIZE:
            break
    return "\n".join(parts)


def _sections(chance: random.Random) -> Iterator[str]:
    kinds = (_paragraphs, _list, _table, _links, _picture, _columns)
    while True:
        heading = f"## {_sentence(chance).rstrip('.')} {chance.randrange(1000)}\n"
        chosen = chance.sample(kinds, 3)
        blocks = [_paragraphs(chance), *(kind(chance) for kind in chosen)]
        yield "\n".join([heading, *blocks])


def _one_of(words: str, chance: random.Random) -> str:
    return chance.choice(words.split())


def _sentence(chance: random.Random) -> str:
    words = [_one_of(_SUBJECTS, chance), _one_of(_VERBS, chance), _one_of(_OBJECTS, chance)]
    words += [_one_of(_SUBJECTS, chance), _one_of(_VERBS, chance), _one_of(_PLACES, chance)]
    return " ".join(words).capitalize() + "."


def _paragraphs(chance: random.Random) -> str:
    return "".join(
        " ".join(_sentence(chance) for _ in range(chance.randint(3, 6))) + "\n\n"
        for _ in range(chance.randint(1, 3))
    )


def _list(chance: random.Random) -> str:
    items = (f"- **{_one_of(_SUBJECTS, chance)}:** {_sentence(chance)}\n" for _ in range(5))
    return "".join(items)


def _table(chance: random.Random) -> str:
    rows = (
        f"| {place} | {_one_of(_SUBJECTS, chance)} | {chance.randrange(100)} % |\n"
        for place in _PLACES.split()
    )
    return "| Paikka | Kuka | Osuus |\n| :--- | :--- | ---: |\n" + "".join(rows)


def _links(chance: random.Random) -> str:
    return "".join(
        f"{_sentence(chance)} [{_sentence(chance)}]"
        f"(https://www.example.org/sivu/{chance.randrange(10_000)})\n\n"
        for _ in range(3)
    )


def _picture(chance: random.Random) -> str:
    return f"::: image {chance.choice(PICTURES)}\n{_sentence(chance)}\n:::\n"


def _columns(chance: random.Random) -> str:
    cells = (f"### {_one_of(_PLACES, chance)}\n\n{_sentence(chance)}\n" for _ in range(2))
    return "::: columns\n" + "\n---\n\n".join(cells) + ":::\n"


def _write_pictures(folder: Path) -> None:
    for n, name in enumerate(PICTURES):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        image = Image.new("RGB", (1200, 700), (40 * n, 120, 200 - 30 * n))
        draw = ImageDraw.Draw(image)
        for x in range(0, 1200, 40):
            draw.line((x, 0, 1200 - x, 700), fill=(255, 255 - x // 5, x // 5), width=3)
        image.save(path, quality=80)
