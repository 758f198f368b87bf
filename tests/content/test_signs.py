"""Signs of prose at the start of a line are told where Markdown takes them, and there alone."""

import pytest

from tests.content.conftest import Read


def lines_told(read: Read, body: str) -> list[int]:
    """Return the lines of a body, counted from 1, on which a sign is told."""
    first = read("a\n\n*[HTML]: b").findings[0].line or 0
    found = [f for f in read(body).findings if f.id == "sign-misread"]
    return [(f.line or 0) - first + 3 for f in found]


@pytest.mark.parametrize(
    ("body", "line"),
    [
        ("Soita:\n\n+ 358 40 123 4567", 3),
        ("+ (0)40 123 4567", 1),
        ("- 20 % tammikuussa", 1),
        ("Avoinna kello 9\n- 15 joka päivä", 2),
        ("Hän lähti\n- niin kuin aina - kotiin.", 2),
        (">18-vuotiaat pääsevät", 1),
        (">=18 vuotta", 1),
        ("Kokous huoneessa\n# 5 tai 6", 2),
        ("Tervetuloa kaikki mukaan.\n---\nToinen.", 1),
        ("Yksi rivi\ntoinen rivi\n===", 1),
        ("Hei.\n\n    Tässä alkaa sisennetty kappale", 3),
        ("Hei.\n\n\tTässä alkaa sisennetty kappale", 3),
        ("Hei.\n\n    Kokous 3.12. (klo 9) alkaa Oulussa", 3),
        ("Hei.\n\n    Kokous on kello 9; kahvia on!", 3),
        (
            "Hei.\n\n    Lue: <https://example.org/a_b>\n    Kokous alkaa yhdeksältä.\n    Tule!",
            3,
        ),
        ("Hei.\n\n~~~\nKaikki loppu on koodia", 3),
        ("::: box\nKokous alkaa kello 9\n- 15 joka päivä\n:::", 3),
    ],
)
def test_a_sign_of_prose_is_told_on_its_line(body: str, line: int, read: Read) -> None:
    assert lines_told(read, body) == [line]


@pytest.mark.parametrize(
    "body",
    [
        "+ yksi\n+ kaksi",
        "\\+ 358 40 123 4567 ja +358 40",
        "- 20 % yksi\n- 30 % kaksi",
        "Ohjelmassa:\n- kahvia",
        "Ohjelmassa on\n- kahvia\n- pullaa",
        "Ohjelma.\n- kahvia",
        "- Oulu, torstaina\n    * [Ilmoittaudu](https://x.org)\n- Lahti\n  - kahvia",
        "> 18 vuotta sitten\n\n>Lainaus",
        "# 5 asiaa\n\nHuone #5\n#6",
        "Otsikko\n---\n\nOtsikko\n=====\n\nTeksti.\n\n---",
        "Hei.\n\n    x = laske(y)\n\n    koodi",
        "Hei.\n\n    # ensin asennetaan tämä ohjelma\n    pip install newsletter",
        "```\nkoodia tai tavallista tekstiä\n```\n\n> ~~~\n> koodia tai tavallista tekstiä\n> ~~~",
        "- yksi\n\n    tavallista tekstiä kohdan sisällä",
        "&copy 2026 ja #työpaja",
    ],
)
def test_what_is_meant_as_markdown_is_not_told(body: str, read: Read) -> None:
    assert lines_told(read, body) == []
