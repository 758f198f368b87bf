"""Long issues to be weighed: the words of the sample issue, over and over, in many blocks."""

import re
from collections.abc import Iterator
from itertools import cycle

from tests.conftest import REPOSITORY

_FRONT = '---\nsubject: "Kuukauden kuulumiset"\npreheader: "{}"\ndate: 2026-11-15\nnumber: 7\n---\n'
_PARAGRAPH = 55  # words
_PICTURES = ("jarvi", "polku", "vaarat", "sumu", "ruska")
_BUTTON = "::: button https://www.example.org/ilmoittaudu\nIlmoittaudu mukaan\n:::"


class _Words:
    """Hands out words of Finnish prose, and counts them."""

    def __init__(self) -> None:
        text = (REPOSITORY / "issues" / "2021-06.md").read_text(encoding="utf-8")
        paragraphs = [line for line in text.splitlines() if len(line) > 120 and line[0].isupper()]
        plain = re.sub(r"\[\^1\]|\[(.*?)\]\(.*?\)", r"\1", " ".join(paragraphs))
        self._words = cycle(plain.split())
        self.count = 0

    def take(self, number: int) -> str:
        """Return so many words."""
        self.count += number
        return " ".join(next(self._words) for _ in range(number))

    def heading(self) -> str:
        """Return a heading of a section."""
        return f"## {self.take(4).rstrip('.,:')}"

    def paragraph(self) -> str:
        """Return a paragraph with a link."""
        link = f"[{self.take(3)}](https://www.example.org/uutiset/{self.count})"
        return f"{self.take(_PARAGRAPH)} {link} {self.take(6)}"


def plain_issue(*, words: int = 2300, sections: int = 14) -> str:
    """Return an issue of nothing but headings and paragraphs."""
    text = _Words()
    parts = [_FRONT.format(text.take(9)), text.take(40)]
    for number in range(1, sections + 1):
        parts.append(text.heading())
        while (left := words * number // sections - text.count) > 0:
            parts.append(text.take(min(_PARAGRAPH, left)))
    return "\n\n".join(parts) + "\n"


def rich_issue(*, words: int = 2500) -> str:
    """Return an issue with pictures, tables, lists, links, quotes, columns and two buttons."""
    text = _Words()
    picture = f"::: figure every_block/jarvi.jpg\n{text.take(5)}\n\n{text.take(9)}\n:::"
    sections: list[str] = []
    blocks = _blocks(text)
    while text.count < words:
        parts = (text.heading(), text.paragraph(), next(blocks), text.paragraph(), next(blocks))
        sections.append("\n\n".join(parts))
    sections.insert(len(sections) // 2, _BUTTON)
    return "\n\n".join([_FRONT.format(text.take(9)), picture, *sections, _BUTTON]) + "\n"


def month_issue(*, words: int = 786) -> str:
    """Return the issue that shows every kind of block, with more words in it."""
    source = (REPOSITORY / "tests" / "browser" / "every_block.md").read_text(encoding="utf-8")
    head, *sections = re.split(r"(?m)^(?=## )", source)
    more = (words - len(source.partition("---\n:::")[2].split())) // len(sections)
    text = _Words()
    longer = (section.replace("\n\n", f"\n\n{text.take(more)}\n\n", 1) for section in sections)
    return "".join([head, *longer])


def _blocks(text: _Words) -> Iterator[str]:
    for name in cycle(_PICTURES):
        yield "\n".join(f"- **{text.take(2)}** {text.take(9)}" for _ in range(4))
        yield f"::: image every_block/{name}.jpg\n{text.take(6)}\n:::"
        rows = "".join(f"| {text.take(2)} | {text.take(1)} | {n} % |\n" for n in range(11, 15))
        yield f"| Alue | Kuka | Osuus |\n| :--- | :--- | ---: |\n{rows}"
        yield f"::: quote\n{text.take(18)}\n\n— Osallistuja\n:::"
        cells = (f"### {text.take(2)}\n\n{text.take(20)}\n\n" for _ in range(2))
        yield "::: columns\n" + "---\n\n".join(cells) + ":::"
