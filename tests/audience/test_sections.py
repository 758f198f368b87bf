"""Titles inside a list, rows that a sheet hides or strikes out, and notes never pass in silence."""

import io
import re
from collections.abc import Sequence
from zipfile import ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font

from newsletter.audience.entries import Entry
from newsletter.audience.standings import is_about_leaving
from newsletter.audience.vocabulary import LEAVING_VALUES, MAY_SAY_LEFT, SAYS_LEFT
from tests.audience.reading import asked, entries_in, fault_of, people_in, refusals_in


def standings_in(text: str | bytes, name: str = "people.csv", **wishes: object) -> dict[str, str]:
    """Return the standing of each person of a list by the letters before the “@”."""
    rows = entries_in(text, name, **wishes)
    return {row.address.partition("@")[0]: row.standing or "active" for row in rows}


# --- titles -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "title",
    ["Perunut:", "Poistuneet", "Avanmälda", "Unsubscribed", "Eivät halua kirjettä", "PERUNEET;;",
     "Ei enää postia näille", "Lopettaneet jäsenet", ";Poistetut", "Perunut;3 kpl;2026", "Left",
     "Entiset tilaajat", "Former subscribers", "Vill inte ha brev", "Avslutade", "Opt-outs",
     "Bounced", "Palautuneet", "Kieltäneet", "Do not mail", "Tidigare prenumeranter",
     "Uppsagda", "Passiiviset", "Kuolleet", "*** Eronneet ***", "Perujat", "Nämä pois",
     "Näille ei", "EI", "Arkisto", "Passivoidut", "Bounssanneet", "Vainajat", "Edesmenneet", "Bort",
     "Entinen hallitus", "Ei vahvistaneet", "Pending", "Utgångna", "Döda", "Slutade", "Returer",
     "Dead addresses", "Not interested", "--- POIS ---", "Ei-tilaajat", "Nej", "Inte",
     '"Poistuneet\n2026"'],
)  # fmt: skip
def test_a_title_of_leavers_inside_a_list_is_asked_about(title: str) -> None:
    text = f"email;name;alue\na@saatio.fi;A;x\n{title}\nb@saatio.fi;B;y\n"

    (question,) = people_in(text).questions
    id = question.id

    assert (id.partition(":")[0], question.lines) == ("title", (3,))
    assert list(question.choices) == ["left", "skip", "rows"]
    assert standings_in(text, answers={id: "left"}) == {"a": "active", "b": "unsubscribed"}
    assert [row.line for row in refusals_in(text, answers={id: "skip"})][-1] > 3
    assert [row.line for row in refusals_in(text, answers={id: "rows"})] == [3]


@pytest.mark.parametrize(
    "row",
    ["Lappi", "Uusimaa;;", "Aino Aalto;ei ole;", "ei ole", "ei-osoite", "not an address",
     "ei sähköpostia;Aino;Lappi", "no e-mail;Aino", "Yhteensä;3", "Osallistujat", "12",
     "email;name;alue"],
)  # fmt: skip
def test_any_other_row_without_an_address_is_refused_alone(row: str) -> None:
    text = f"email;name;alue\na@saatio.fi;A;x\n{row}\nb@saatio.fi;B;y\n"

    assert [refusal.line for refusal in refusals_in(text)] == [3]


def test_each_title_decides_for_the_rows_down_to_the_next() -> None:
    text = "email\na@x.fi\nPerunut:\nb@x.fi\nPalautuneet\nc@x.fi\nTilaajat\nd@x.fi\n"
    answers = {"title:Perunut": "left", "title:Palautuneet": "rows", "title:Tilaajat": "rows"}

    assert asked(text) == list(answers)
    found = [row for row in people_in(text, answers=answers) if isinstance(row, Entry)]
    assert [row.standing for row in found] == [None, "unsubscribed", None, None]


def test_a_title_above_the_header_is_asked_about_too() -> None:
    text = "Uutiskirjeen peruneet 2026\n\nemail\na@saatio.fi\n"

    assert asked(text) == ["title:Uutiskirjeen peruneet 2026"]
    answers = {"title:Uutiskirjeen peruneet 2026": "left"}
    assert standings_in(text, answers=answers) == {"a": "unsubscribed"}


@pytest.mark.parametrize(
    "title",
    ["Markkinointikiellot 2026", "Tiedotuskiellossa olevat", "Perujat",
     "Medlemmar som lämnat föreningen 2025"],
)  # fmt: skip
def test_titles_above_the_header_speak_of_leaving_in_many_words(title: str) -> None:
    assert asked(f"{title}\n\nemail\na@saatio.fi\n") == [f"title:{title}"]


def test_headers_that_mean_something_else_further_down_are_asked_about() -> None:
    text = "Email,Suostun\na@saatio.fi,x\nEmail,Perunut\nb@saatio.fi,x\n"

    (question,) = people_in(text).questions

    assert (question.id, list(question.choices)) == ("title:Email Perunut", ["left", "skip"])
    answers = {"title:Email Perunut": "left"}
    assert standings_in(text, answers=answers) == {"a": "active", "b": "unsubscribed"}
    assert asked(text, answers={"title:Email Perunut": "rows"}) == ["title:Email Perunut"]


def test_who_says_so_is_shown_of_those_below_a_title() -> None:
    text = "email\nPerunut:\na@saatio.fi\n"

    assert entries_in(text, answers={"title:Perunut": "left"})[0].evidence == "“Perunut” above"


# --- sheets -------------------------------------------------------------------------------


def book_of(*sheets: Sequence[str]) -> Workbook:
    """Return a workbook of sheets that have these addresses each."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for number, letters in enumerate(sheets, start=1):
        sheet = book.create_sheet(f"S{number}")
        sheet.append(["email", "name"])
        for letter in letters:
            sheet.append([f"{letter}@saatio.fi", letter])
    return book


def saved(book: Workbook) -> bytes:
    """Return a workbook as a file."""
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def hidden() -> bytes:
    """Return a workbook with rows that a filter hides."""
    book = book_of("abc")
    book.worksheets[0].row_dimensions[3].hidden = True
    return saved(book)


def struck() -> bytes:
    """Return a workbook in which an address is struck through."""
    book = book_of("abc")
    book.worksheets[0]["A3"].font = Font(strike=True)
    return saved(book)


def struck_in_part() -> bytes:
    """Return a workbook in which the letters of a cell are struck through, as Excel writes it."""
    strings = (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><r><rPr><strike/></rPr><t>b</t></r></si></sst>"
    )
    changes = {
        "xl/worksheets/sheet1.xml": (r'<c r="B3"[^>]*>.*?</c>', '<c r="B3" t="s"><v>0</v></c>'),
        "[Content_Types].xml": (
            "</Types>",
            '<Override PartName="/xl/sharedStrings.xml" ContentType="application/vnd.openxmlformats'
            '-officedocument.spreadsheetml.sharedStrings+xml"/></Types>',
        ),
    }
    out = io.BytesIO()
    with ZipFile(io.BytesIO(saved(book_of("abc")))) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            old, new = changes.get(name, ("$^", ""))
            target.writestr(name, re.sub(old, new, source.read(name).decode()))
        target.writestr("xl/sharedStrings.xml", strings)
    return out.getvalue()


def changed(old: str, new: str) -> bytes:
    """Return a workbook with a change in the XML of its sheet."""
    out = io.BytesIO()
    with ZipFile(io.BytesIO(saved(book_of("abc")))) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            text, count = source.read(name).decode(), 0
            if name == "xl/worksheets/sheet1.xml":
                text, count = re.subn(old, new, text)
                assert count, text
            target.writestr(name, text)
    return out.getvalue()


def hidden_by_default() -> bytes:
    """Return a workbook whose rows are hidden but for those of which more is said."""
    shown = changed(r'<row r="([124])"', r'<row r="\1" ht="15" customHeight="1"')
    with ZipFile(io.BytesIO(shown)) as source:
        sheet = source.read("xl/worksheets/sheet1.xml").decode()
    height = re.search(r"<sheetFormatPr[^>]*>", sheet)
    assert height
    rows = re.sub(r"(<sheetFormatPr)", r'\1 zeroHeight="1"', sheet)
    out = io.BytesIO()
    with ZipFile(io.BytesIO(shown)) as source, ZipFile(out, "w") as target:
        for name in source.namelist():
            is_sheet = name == "xl/worksheets/sheet1.xml"
            target.writestr(name, rows if is_sheet else source.read(name))
    return out.getvalue()


STRUCK_INLINE = (
    r'<c r="B3"[^>]*>.*?</c>',
    '<c r="B3" t="inlineStr"><is><r><rPr><strike/></rPr><t>b</t></r></is></c>',
)
MARKED = {
    "hidden": (hidden(), "hidden"),
    "of no height": (changed(r'<row r="3"', '<row r="3" ht="0" customHeight="1"'), "hidden"),
    "hidden by default": (hidden_by_default(), "hidden"),
    "struck": (struck(), "struck"),
    "struck in part": (struck_in_part(), "struck"),
    "struck in part, written inline": (changed(*STRUCK_INLINE), "struck"),
}


@pytest.mark.parametrize(("book", "id"), MARKED.values(), ids=MARKED)
def test_rows_that_a_sheet_hides_or_strikes_out_are_asked_about(book: bytes, id: str) -> None:
    (question,) = people_in(book, "p.xlsx").questions

    assert (question.id, question.lines) == (id, (3,))
    left = {"a": "active", "b": "unsubscribed", "c": "active"}
    assert standings_in(book, "p.xlsx", answers={id: "left"}) == left
    assert [row.line for row in refusals_in(book, "p.xlsx", answers={id: "skip"})] == [3]
    keep = dict.fromkeys("abc", "active")
    assert standings_in(book, "p.xlsx", answers={id: "keep"}) == keep


def ruled(font: Font) -> bytes:
    """Return a workbook with a rule that gives rows a font."""
    book = book_of("abc")
    rule = FormulaRule(formula=['$C2="poistunut"'], font=font)  # type: ignore[no-untyped-call]
    book.worksheets[0].conditional_formatting.add("A2:B90", rule)
    return saved(book)


def ruled_by_an_extension() -> bytes:
    """Return a workbook with a rule in the form that Excel writes since 2010."""
    return changed(
        "</worksheet>",
        '<extLst><ext uri="{78C0D931-6437-407d-A8EE-F0AAD7539E65}" '
        'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main">'
        "<x14:conditionalFormattings><x14:conditionalFormatting><x14:cfRule><x14:dxf><font>"
        "<strike/></font></x14:dxf></x14:cfRule></x14:conditionalFormatting>"
        "</x14:conditionalFormattings></ext></extLst></worksheet>",
    )


@pytest.mark.parametrize(
    ("book", "range"),
    [(ruled(Font(strike=True)), "A2:B90"), (ruled_by_an_extension(), "?")],
    ids=["as Excel always did", "by an extension"],
)
def test_a_rule_that_strikes_rows_through_is_asked_about(book: bytes, range: str) -> None:
    (question,) = people_in(book, "p.xlsx").questions

    assert (question.id, list(question.choices)) == ("rule", ["keep"])
    assert f"rows of {range};" in question.text
    keep = dict.fromkeys("abc", "active")
    assert standings_in(book, "p.xlsx", answers={"rule": "keep"}) == keep


def test_a_rule_that_only_colours_is_not_asked_about() -> None:
    assert people_in(ruled(Font(color="FF0000")), "p.xlsx").questions == ()


def test_a_column_that_is_hidden_says_who_left_and_is_named() -> None:
    book = book_of("ab")
    sheet = book.worksheets[0]
    for number, cell in enumerate(("Tila", "tilaaja", "perunut"), start=1):
        sheet.cell(number, 4, cell)
    sheet.column_dimensions["D"].hidden = True

    people = people_in(saved(book), "p.xlsx")

    assert "columns that the sheet hides are read as any other: “Tila”" in people.notes
    assert standings_in(saved(book), "p.xlsx") == {"a": "active", "b": "unsubscribed"}


def test_of_two_sheets_with_addresses_it_is_asked_which_is_read() -> None:
    book = saved(book_of("ab", "c"))

    (question,) = people_in(book, "p.xlsx").questions

    assert (question.id, dict(question.choices)) == ("sheet", {"1": "“S1”", "2": "“S2”"})
    assert set(standings_in(book, "p.xlsx", answers={"sheet": "1"})) == {"a", "b"}
    assert set(standings_in(book, "p.xlsx", answers={"sheet": "2"})) == {"c"}
    assert asked(book, "p.xlsx", answers={"sheet": "3"}) == ["sheet"]


def test_a_hidden_sheet_with_addresses_and_one_without_a_header_count_too() -> None:
    book = book_of("ab", "c", "")
    book.worksheets[1].sheet_state = "hidden"
    book.worksheets[2].delete_rows(1)
    book.worksheets[2].append(["d@saatio.fi"])

    (question,) = people_in(saved(book), "p.xlsx").questions

    assert list(question.choices.values()) == ["“S1”", "“S2 (hidden)”", "“S3”"]
    assert "no header" in fault_of(saved(book), "p.xlsx", answers={"sheet": "3"})


# --- notes --------------------------------------------------------------------------------

TELLING = """
    please no more mail; ei enää postia; lopettanut; poistettu 3/2026; inte mer post; Ei postia;
    Ei uutiskirjeitä kiitos; poistettava; ei halua kirjettä; Ei halua enää; älä lähetä mitään;
    perui 2.3.; perunut tilauksen; jäi eläkkeelle 2025; ei enää töissä täällä; kuollut 2024;
    Aino Aalto (perunut); osoite ei toimi; posti palautuu; vill inte ha nyhetsbrev; inga utskick;
    avslutat sin prenumeration; ta bort från listan; slutat 2025; do not mail; stop mailing;
    Don't send anything; no longer works here; unsubscribed by phone; opted out 2025; gdpr-poisto;
    asked to be removed; takes no newsletters; left the organisation; passed away; otettu pois;
    pois listalta; kieltänyt sähköpostit; ej längre med; skicka inte; lopeta lähettäminen;
    pyytänyt poistoa; haluaa pois listalta; EI SPOSTIA; no e-mails; doesn't want mail; tas bort;
    entinen jäsen; irtisanoutunut; peruutus 1.2.; har avlidit; avregistrering begärd; vip, perunut;
    tietosuojapyyntö 3/26; suostumus vedetty pois; ei suoramarkkinointia; poisto 3/2026; ei lupaa;
    ei suostumusta; peruutti tilauksen; haluaisi pois; lopetettu; palautuu; virheellinen osoite;
    lakkautettu 2024; konkurssissa;
    menehtyi; † 2025; vainaja; kuolinpesä; en kiitos; älä kontaktoi; ei vahvistanut; ei tiedotteita;
    Haluaisin perua tilaukseni; Voisitteko poistaa yhteystietoni?; markkinointikielto; eroaa 31.12.;
    Ette saa lähettää minulle mitään.; voi poistaa; vahvistamatta; siirtynyt muihin tehtäviin;
    bouncaa; passivoitu 2024; ei kiinnostunut; lupa umpeutunut; toivoo ettei lähetetä; ent. jäsen;
    återkallat samtycke; kontakta inte; nej tack; vill slippa; raderad enligt GDPR; gått bort;
    studsar; fel adress; jobbar inte kvar; fd medlem; f.d. medlem; får ej kontaktas; inte kvar;
    Jag vill säga upp prenumerationen; ej samtycke; lämnat föreningen; kommer i retur; slutade 2024;
    consent withdrawn; please remove; no consent; not interested; left company; email bad; RIP;
    never confirmed; subscription cancelled; requested deletion; no such user; GDPR erasure; left;
    Please delete my details; Take my name off your list; no marketing; wrong address; died 2024;
    † Bo Berg; Bo Berg (vainaja); Bo Berg (POIS); BO BERG EI; Dödsbo efter Bo Berg; Bo (k. 2024)
"""
ORDINARY = """
    valmentaja; työhönvalmentaja; toiminnanjohtaja; eläkkeellä; eläkeläinen; opiskelija; Kela;
    Suomen Posti; Postinkantaja; Sininauhasäätiö sr; Kuntoutussäätiö; Poistoputki Oy; Postipuu;
    Palautuspiste Oy; Eroakatemia; Elämä eläkkeellä ry; Lopetuspalvelu; Stop Huumeille ry;
    Irti Huumeista ry; TE-toimisto; Helsingin kaupunki; Pohjois-Pohjanmaan hyvinvointialue;
    ei tietoa; ei ole; ei osoitetta; -; Samfundet Folkhälsan; Steg för steg rf; arbetscoach;
    pensionär; Brevduvan Ab; Posten Ab; Ingen Mission Ab; Nej till våld; Left Bank Ltd;
    No Isolation AS; Never Alone ry; Newsletter Oy; The Mailing House; Removal Services Ltd;
    vegaani; ei pähkinää; ei maitoa; ingen fisk; inte laktos; no nuts; not applicable;
    tuli kurssilta 2024; ei osallistunut kurssille; kiinnostunut yhteistyöstä;
    haluaa lisätietoja; soita ennen kymmentä; äitiyslomalla; lomalla 3/2026; aloittanut 2020;
    Peruna ja juures ry; Erosen Tuote Oy; Peruskoulu; Kieltenopettaja; Pois tieltä ry;
    Lähetysseura; Lähetystyön tekijä; Kirjekerho; Uutiskirje; Nyhetsbrevet; Tila-auto Oy;
    kaipaa lisää postia; Fick en inbjudan per e-post; har bytt e-post; jobbcoach i Vasa;
    Matti Pois; peruttu lounas; perui ilmoittautumisensa seminaariin; poistettu tuplarivi; Quit Oy;
    lisätty postituslistalta; saatu seminaarin osallistujalistalta; ei lähetetä laskua; slutat röka;
    haluaa uutiskirjeen, ei muuta postia; avbeställt lunchen; avslutade studier; Estetty-hanke;
    kieltänyt kuvauksen; faktura inte per e-post; Toivo Palola; Felix Didriksen; Riikka R. Musta;
    halusi lisätietoja; Delivery Manager;
    Borttagningsverksamhet; poista@saatio.fi; info@peruttu.fi; Nej; ei; kyllä
"""


def _listed(text: str) -> list[str]:
    return [" ".join(part.split()) for part in text.split(";")]


@pytest.mark.parametrize("value", _listed(TELLING))
def test_a_note_that_somebody_left_is_asked_about_with_its_line(value: str) -> None:
    text = f'email;Huom\na@saatio.fi;kurssilta\nb@saatio.fi;"{value}"\n'

    (question,) = people_in(text).questions

    assert (question.id, question.lines) == ("column:Huom", (3,))
    assert f"“{value}”" in question.text
    answers = {"column:Huom": "words"}
    assert standings_in(text, answers=answers) == {"a": "active", "b": "unsubscribed"}


@pytest.mark.parametrize("value", _listed(ORDINARY))
def test_ordinary_values_are_not(value: str) -> None:
    assert not is_about_leaving(value)


@pytest.mark.parametrize(
    "value",
    ["peruttu lounas ja uutiskirje", "lisätty postituslistalta, perunut", "slutat röka, inga brev",
     "Quit Oy, left 2025", "ei lähetetä laskua eikä kirjeitä", "ei lähetetä"],
)  # fmt: skip
def test_something_else_hides_no_leaving_beside_it(value: str) -> None:
    assert is_about_leaving(value)


@pytest.mark.parametrize("header", ["Nimi", "Organisaatio", "Rooli", "Alue", "Muistiinpanot"])
def test_such_words_are_seen_in_kept_and_left_out_columns(header: str) -> None:
    text = f"email;{header}\na@saatio.fi;Aino\nb@saatio.fi;Bo (ei enää postia)\n"
    id = f"column:{header}"

    assert asked(text) == [id]
    answers = {id: "words"}
    assert standings_in(text, answers=answers) == {"a": "active", "b": "unsubscribed"}
    kept = entries_in(text, answers={id: "ignore"}, columns=(header,))
    assert "Bo (ei enää postia)" in kept[1].values.values()


def test_a_value_among_others_can_be_answered_alone() -> None:
    text = "email;Huom\na@saatio.fi;lopettanut\nb@saatio.fi;ei enää postia\n"
    answers = {"column:Huom": "words", "value:Huom:lopettanut": "active"}

    assert standings_in(text, answers=answers) == {"a": "active", "b": "unsubscribed"}


def test_words_before_an_address_are_seen() -> None:
    text = "email\nAino <a@saatio.fi>\nPerunut <b@saatio.fi>\n"

    assert asked(text) == ["column:email"]
    answers = {"column:email": "words"}
    assert standings_in(text, answers=answers) == {"a": "active", "b": "unsubscribed"}


def test_a_note_far_down_among_thousands_is_seen() -> None:
    rows = "".join(f"a{n}@saatio.fi;muistiinpano {n}\n" for n in range(3000))
    text = f"email;Huom\n{rows}b@saatio.fi;pyysi poistamaan\n"

    (question,) = people_in(text).questions

    assert (question.id, question.lines) == ("column:Huom", (3002,))


@given(st.from_regex(re.compile(SAYS_LEFT.pattern, re.ASCII), fullmatch=True))
def test_the_quick_look_passes_over_no_sentence(sentence: str) -> None:
    assert any(map(MAY_SAY_LEFT.search, sentence.split()))


@pytest.mark.parametrize("value", sorted(LEAVING_VALUES))
def test_the_quick_look_passes_over_no_word(value: str) -> None:
    assert MAY_SAY_LEFT.search(value)
