"""Fine type: signs and spaces by language, in prose alone, and not where the author says no."""

import re
import time
from collections.abc import Iterator
from dataclasses import asdict

import lxml.html
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from newsletter.content.characters import changed, find_changes
from newsletter.errors import FindingsError
from newsletter.markup.breaks import with_ends
from newsletter.model import Image, Issue, Occasion, Prose, Table
from tests.content.conftest import FRONT, Read

HELD = "\u00a0"
LITERAL = f"{FRONT}\nliteral: true"
COMPOUND = "Lentokonesuihkuturbiinimoottoriapumekaanikkoaliupseerioppilas"

# What an author types, by language, and what readers see; ~ is a space that does not break.
TEXTS = [
    # spaces
    ("fi", "97 % ja 12 345 € klo 9.30, ks. s. 5", "97~% ja 12~345~€ klo~9.30, ks.~s.~5"),
    ("fi", "3. joulukuuta 2026 ja 3.–5. JOULUKUUTA", "3.~joulukuuta 2026 ja 3.–5.~JOULUKUUTA"),
    ("fi", "5 kg, 10 km:n, 3 h 15 min, 5 §:n", "5~kg, 10~km:n, 3~h 15~min, 5~§:n"),
    ("fi", "J. K. Paasikivi ja A. Aalto", "J.~K.~Paasikivi ja A.~Aalto"),
    ("fi", "1 234 567 asukasta, 2,5 milj. euroa", "1~234~567 asukasta, 2,5~milj. euroa"),
    ("fi", "20 °C ja Nro 6", "20~°C ja Nro~6"),
    ("sv", "den 3 december kl. 9, s. 5 och 12 000 kr", "den 3~december kl.~9, s.~5 och 12~000~kr"),
    ("en", "Dr. Smith, 3 December, December 3, 5 kg", "Dr.~Smith, 3~December, December~3, 5~kg"),
    ("fi", "3 000 000 € - 4 000 000 €", "3~000~000~€ - 4~000~000~€"),
    ("fi", 'joko/tai... ja "a.pdf" -- /a/b', "joko/tai… ja ”a.pdf”~– /a/b"),
    ("de", "97 % und 5 kg", "97~% und 5~kg"),
    # dashes and dots
    ("fi", "Näin -- kuten aina -- on...", "Näin~– kuten aina~– on…"),
    ("sv", "Så -- som alltid", "Så~– som alltid"),
    ("en", "So -- as always; or so---he said---it is", "So~– as always; or so—he said—it is"),
    ("en", "pages 3--5", "pages 3–5"),
    ("fi", "Oulu – Kemi", "Oulu~– Kemi"),
    # marks
    ("fi", "\"Hän: 'tule tänne' ja lähti\", vaa'an", "”Hän: ’tule tänne’ ja lähti”, vaa’an"),
    ("sv", "Hon sa: \"Säg 'hej'!\"", "Hon sa: ”Säg ’hej’!”"),
    ("en", "\"She said 'no' to the students' plan.\"", "“She said ‘no’ to the students’ plan.”"),
    ("en", "the '90s, 'tis the dogs' day; don't", "the ’90s, ’tis the dogs’ day; don’t"),
    ("en", '"\'Inner\' first" ("in brackets")', "“‘Inner’ first” (“in brackets”)"),
    ("fi", '"Mitä?" "Tätä!" ("suluissa")', "”Mitä?” ”Tätä!” (”suluissa”)"),
    ("fi", 'näyttö on 24" ja 5\' 10"', 'näyttö on 24" ja 5\' 10"'),
    ("fi", '"a 24" näyttö" ja "vuonna 2026" "2027"', '”a 24" näyttö” ja ”vuonna 2026” ”2027”'),
    ("de", '"Ja" -- sagte er', '"Ja"~– sagte er'),  # marks of a language that has others stay
]

# What stays as it is: numbers that name something, addresses, code, what is left open.
KEPT = [
    "2026-12-03 3-5 15.12.2026 24. 12.",
    "FI21 1234 5600 0007 85 ja 1234567-8",
    "050-123 4567, 040 123 456, +358 40 123 456, (09) 123 456, puh. 601 234 567",
    "viite 123 456 789",
    "08-123 456 78",
    "--help ja -x, pitkä .... ja ../a ja a/...",
    "https://example.org/a--b'c...d ja a'b--c@example.org, example.org/a--b",
    # paths and names of files, also those within brackets or at the end of a sentence
    "/opt/ohjelma--uusi/raportti--2026.pdf, ./a--b ja (../a--b), ~/ohjaajan'/a.",
    "raportit/2026--12/x.pdf ja kansio/osa...loput ja raportti--2026.pdf, Liisa's...1.docx",
    # fields, with or without a mistake in them
    '{{ name"hyvä \'lukija\'" }} ja { { a--b } } ja {% if a == "b" %} ja {{ "a"',
    # derivatives and seconds
    "f''(x), x'' ja 5''",
    '"o\'brien"@example.org ja ("o\'brien"@example.org)',
    "C:\\kansio\\a--b ja \\\\palvelin\\a--b",
    "`12 345 € -- \"a\"...` ja <code>5 % -- 'b'</code>",
    "5&#32;% ja \\\"suora\\\" ja \\'yksi\\' ja \\.\\.\\. ja a \\-- b",
    '"',
]


@pytest.mark.parametrize(("language", "written", "shown"), TEXTS)
def test_each_language_has_its_signs_and_spaces(
    language: str, written: str, shown: str, read: Read
) -> None:
    issue = read(f"Alku. {written} loppu", front=f"{FRONT}\nlang: {language}")

    assert text_of(issue) == f"Alku. {shown} loppu".replace("~", HELD)


@pytest.mark.parametrize("written", KEPT)
def test_what_may_be_something_else_stays(written: str, read: Read) -> None:
    assert text_of(read(f"a {written} z")) == text_of(read(f"a {written} z", front=LITERAL))


def test_a_line_of_the_source_may_end_within_what_belongs_together(read: Read) -> None:
    assert text_of(read("Tule 3.\njoulukuuta klo\n9!")) == f"Tule 3.{HELD}joulukuuta klo{HELD}9!"


def test_signs_are_seen_across_markup(read: Read) -> None:
    issue = read('"**Tule** *3.* joulukuuta" [klo](https://example.org/) 9[^1]\n\n[^1]: x')

    assert text_of(issue).startswith(f"”Tule 3.{HELD}joulukuuta” klo{HELD}9")


def test_a_passage_in_another_language_has_the_type_of_that_language(read: Read) -> None:
    inline = read('"Hän" <span lang="en">"he -- \'she\'"</span> "se"')
    block = read('"a"\n\n<div lang="en">\n\n"b"\n\n</div>\n\n"c"')

    assert text_of(inline) == f"”Hän” “he{HELD}– ‘she’” ”se”"
    assert text_of(block).split() == ["”a”", "“b”", "”c”"]


def test_the_language_of_an_element_ends_with_it_whatever_ends_are_left_out(read: Read) -> None:
    issue = read('<ul lang="en">\n<li><code>a\n<li>b\n</ul>\n\n"c"')

    assert text_of(issue).endswith("”c”")


def test_fine_type_is_switched_off_for_an_issue(read: Read) -> None:
    front = "subject: \"Kysely -- 'a'\"\ndate: 2026-12-15\npreheader: b...\nliteral: true"
    written = f'"Suora" -- 5 %... {COMPOUND}'

    issue = read(written, front=front)

    assert (issue.subject, issue.preheader, issue.headline) == ("Kysely -- 'a'", "b...", "")
    assert html_of(issue) == f"<p>{written}</p>"


def test_fine_type_is_switched_off_for_a_passage(read: Read) -> None:
    issue = read(f'"a"\n\n::: literal\n## "b" -- 5 %\n\n{COMPOUND}\n:::\n\n"c"')

    before, heading, within, after = (getattr(block, "html", "") for block in issue.blocks)
    assert (before, after) == ("<p>”a”</p>", "<p>”c”</p>")
    assert (heading, within) == ('"b" -- 5 %', f"<p>{COMPOUND}</p>")


def test_what_is_literal_is_laid_out_as_if_no_colons_were_around_it(read: Read) -> None:
    plain = read("## a\n\nb\n\n- c", front=LITERAL)
    within = read("::: literal\n## a\n\nb\n\n- c\n:::")

    shown = [(block.kind, getattr(block, "anchor", "")) for block in within.blocks]
    assert shown == [(block.kind, getattr(block, "anchor", "")) for block in plain.blocks]


def test_subject_preheader_events_and_alt_texts_have_the_same_signs(read: Read) -> None:
    events = "events:\n  a:\n    title: \"Ilta 'kodissa'\"\n    start: 2026-12-15 18:00"
    front = "subject: '\"Kysely\" -- 5 %...'\ndate: 2026-12-15\npreheader: \"'Lue'\"\n" + events

    issue = read('![talo -- "koti"](https://example.org/a.png)\n\n::: event a\n:::', front=front)

    image, occasion = issue.blocks
    assert (issue.subject, issue.preheader) == ("”Kysely” – 5 %…", "’Lue’")
    assert issue.front_html["headline"] == f"”Kysely”{HELD}– 5{HELD}%…"
    assert isinstance(image, Image)
    assert image.alt == f"talo{HELD}– ”koti”"
    assert isinstance(occasion, Occasion)
    assert occasion.title == "Ilta ’kodissa’"


def test_a_slot_is_a_word_and_stays_whole(read: Read) -> None:
    issue = read(f'"{{{{ name|"lukija" }}}}" ja {{{{ name }}}}{COMPOUND.lower()}')

    [first, second] = issue.slots
    assert f"”{first.marker}” ja {second.marker}lento" in html_of(issue)


# --- places to break ----------------------------------------------------------------------


def test_long_words_and_addresses_may_break_and_no_letter_is_added(read: Read) -> None:
    address = "https://www.example.org/uutiskirje/2026/joulukuu/"
    issue = read(f"{COMPOUND} ja <{address}> ja MT84MALT011000012345MTLCAST001S.")

    assert html_of(issue).count("<wbr>") == 3 + 3 + 7
    assert f'href="{address}"' in html_of(issue)
    assert text_of(issue) == f"{COMPOUND} ja {address} ja MT84MALT011000012345MTLCAST001S."
    assert "\u00ad" not in html_of(issue)


def test_what_fits_a_wide_screen_is_divided_on_phones_alone(read: Read) -> None:
    issue = read("Kehittämistoimenpidesuunnitelma\n\n## Kehittämistoimenpidesuunnitelma")

    divided = '<wbr class="seam">'.join(["Kehittämis", "toimen", "pide", "suunnitelma"])
    prose, heading = (getattr(block, "html", "") for block in issue.blocks)
    assert (prose, heading) == (f"<p>{divided}</p>", divided)


def test_a_cell_and_a_column_may_be_too_narrow_on_any_screen(read: Read) -> None:
    table, columns = read(
        "| a | b |\n|---|---|\n| Työhönvalmentajat | b |\n\n"
        f"::: columns\n{COMPOUND}\n\n---\n\nb\n:::"
    ).blocks

    assert isinstance(table, Table)
    assert table.rows[0][0] == "Työhön<wbr>valmentajat"
    assert "<wbr>" in repr(columns)
    assert "seam" not in repr(columns)


def test_a_headline_may_break_sooner_for_it_is_large(read: Read) -> None:
    issue = read("a", front="subject: Työhönvalmentajille & <b>\ndate: 2026-12-15")

    assert issue.front_html["headline"] == 'Työhön<wbr class="seam">valmentajille &amp; &lt;b&gt;'
    assert issue.subject == "Työhönvalmentajille & <b>"


def test_a_word_that_fits_its_line_on_every_phone_stays_whole(read: Read) -> None:
    """As no hyphen shows where a line ends within a word, and balanced lines end where they may."""
    issue = read(
        "Kumppaniorganisaatioiden kesken.",
        front="subject: Kysely 2021 valtakunnallista toimijaa\ndate: 2026-12-15",
    )

    assert issue.front_html["headline"] == "Kysely 2021 valtakunnallista toimijaa"
    assert "<wbr" not in html_of(issue)


def test_hundreds_of_places_in_a_paragraph_nest_nothing(read: Read) -> None:
    html = html_of(read(" ".join([COMPOUND] * 300)))

    root = lxml.html.fragment_fromstring(with_ends(html), create_parent="div")

    assert root.text_content() == " ".join([COMPOUND] * 300)
    assert max(len(list(element.iterancestors())) for element in root.iter()) == 2


# --- whatever is typed --------------------------------------------------------------------

_PIECES = r"""
"¦'¦...¦--¦---¦....¦ -- ¦24"¦5'¦don't¦"a"¦'b'¦–¦“¦ ¦ ¦ ¦97 %¦12 345 €¦3. joulukuuta¦klo 9
¦J. K. Aalto¦`a -- "b"`¦**c**¦*d*¦[e "f"](https://example.org/--'a)¦<br>¦\"¦&quot;¦5 §¦https://example.org/a--b...c
¦a'b@example.org¦<https://example.org/--'>¦<span lang="en">¦</span>¦<code>¦</code>¦{{ name }}
¦040 123 456¦~~g~~¦\¦ä¦1¦[^1]¦![h 'i'](https://example.org/a.png)¦*[a]¦|¦#
"""
PIECES = st.sampled_from(
    [*_PIECES.replace("\n¦", "¦").strip("\n").split("¦"), "\n", HELD, COMPOUND]
)
BODIES = st.lists(st.one_of(PIECES, PIECES, st.text("ab1 \"'-.…", max_size=4)), max_size=24)
# What may stand for what: the named rules, and nothing else.
_RULES: dict[str, tuple[str, ...]] = {
    HELD: (" ", "\n"),
    "…": ("...",),
    "–": ("--", "---"),
    "—": ("--", "---"),
}
_RULES |= dict.fromkeys("“”", ('"',)) | dict.fromkeys("‘’", ("'",))


@settings(max_examples=120, deadline=None)
@given(body=BODIES.map("".join), language=st.sampled_from(["fi", "sv", "en", "de"]))
@example(body='<span lang="en">"a', language="fi")
def test_no_visible_sign_changes_but_by_the_named_rules(
    body: str, language: str, read: Read
) -> None:
    """Code, links and addresses stay to the letter, and nothing is added or lost."""
    try:
        literal = read(f"{body}\n\n[^1]: z", front=f"{LITERAL}\nlang: {language}")
    except FindingsError:
        return
    fine = read(f"{body}\n\n[^1]: z", front=f"{FRONT}\nliteral: false\nlang: {language}")

    assert not difference(shown_in(literal), shown_in(fine))
    for kept in (r"<code>.*?</code>", r'\s(?:href|src|lang)="[^"]*"', r"https?://[\w./-]*\w"):
        assert re.findall(kept, bare(fine), re.S) == re.findall(kept, bare(literal), re.S)


@settings(max_examples=120)
@given(text=BODIES.map("".join), language=st.sampled_from(["fi", "sv", "en", "other"]))
def test_set_once_more_nothing_changes(text: str, language: str) -> None:
    once = changed(text, find_changes(text, language))

    assert changed(once, find_changes(once, language)) == once


@pytest.mark.parametrize(
    "piece",
    ["a' ", '"a ', '1" ', "'", '"', "--", "...", ". ", "1 234 ", "a@", "www.", "A. ", "aä", "/a"],
)
def test_time_grows_with_the_length_of_a_line_and_no_faster(piece: str, read: Read) -> None:
    def cost(count: int) -> float:
        text = piece * (count // len(piece))
        start = time.process_time()
        read(f"x {text}")
        return time.process_time() - start

    cost(1_000)
    once, thrice = min(cost(30_000) for _ in range(2)), min(cost(90_000) for _ in range(2))

    assert thrice < 6 * once + 0.1


def html_of(issue: Issue) -> str:
    """Return the HTML of all prose."""
    return "\n".join(b.html for b in issue.blocks if isinstance(b, Prose))


def text_of(issue: Issue) -> str:
    """Return the text of all prose, on one line."""
    root = lxml.html.fragment_fromstring(with_ends(html_of(issue)), create_parent="div")
    return str(root.text_content()).replace("\n", " ").strip()


def bare(issue: Issue) -> str:
    """Return everything that readers get, without places to break."""
    parts = (asdict(block) for block in issue.for_readers(frozenset()).blocks)
    return re.sub(r"<wbr[^>]*>", "", issue.readable("\n".join(_texts(list(parts)))))


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _texts(part)


def shown_in(issue: Issue) -> str:
    """Return the same, spaces and marks as they are rather than as HTML writes them."""
    return bare(issue).replace("&nbsp;", HELD).replace("&quot;", '"')


def difference(literal: str, fine: str) -> str:
    """Return where two texts differ otherwise than by the rules; empty if they do not."""
    at = n = 0
    while n < len(fine):
        sign = fine[n]
        if at < len(literal) and sign == literal[at]:
            at += 1
        else:
            meant = sorted(_RULES.get(sign, ()), key=len, reverse=True)
            found = next((text for text in meant if literal.startswith(text, at)), None)
            if found is None:
                return f"{literal[at : at + 20]!r} is {fine[n : n + 20]!r}"
            at += len(found)
        n += 1
    return literal[at:]
