"""Cases of what is merged for each reader, of watching them, and of what filters count."""

from dataclasses import replace

from newsletter.model import Edition
from tests.checking.cases.mail import add_html
from tests.checking.desk import ERROR, NOTE, PEOPLE, WARNING, Case, letter

OFF = '\n[tracking]\nopens = "off"\n'
PIXEL = '<img src="https://example.org/p.gif" alt="" width="1" height="1">'
PUBLIC = 'public_url = "https://news.example.org"\n'
MARKUP = '<b>"Aino" & Co</b>'  # of the hostile reader's name


def own_address(edition: Edition) -> Edition:
    """Put what is in each reader's link to unsubscribe into another address."""
    marker = next(slot.marker for slot in edition.slots if slot.name == "unsubscribe_url")
    before, own, after = edition.html.partition("OWN")
    assert own
    grown = len(marker) - len("OWN")
    places = ((at + grown if at > len(before) else at, line) for at, line in edition.places)
    return replace(edition, html=f"{before}{marker}{after}", places=tuple(places))


CASES = [
    # --- what is merged
    # a greeting without a name
    Case(
        id="merge-fallback", severity=WARNING, line=6,
        faulty=letter("Hei {{ name }}!"), fine=letter('Hei {{ name|"lukija" }}!'),
    ),
    # everybody has one
    Case(
        id="merge-fallback", severity=WARNING, line=6,
        faulty=letter("Hei {{ name }}!"), fine=letter("Hei {{ name }}!"), fine_audience=PEOPLE,
    ),
    # words that do not fit
    Case(
        id="merge-fallback", severity=ERROR, line=8,
        faulty=letter('Hei.\n\nHyvä {{ name|"lukija," }}, tervetuloa'),
        fine=letter('Hei.\n\nHyvä {{ name|"lukija" }}, tervetuloa'), audience=PEOPLE,
    ),
    # no words
    Case(
        id="merge-fallback", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Kysely {{ region|'' }}, vastaa"),
        fine=letter("Hei.", subject="Kysely {{ region|'Suomi' }}, vastaa"), audience=PEOPLE,
    ),
    # what a program writes for nothing
    Case(
        id="merge-fallback", severity=ERROR, line=6,
        faulty=letter('Hei {{ name|"None" }}!'), fine=letter('Hei {{ name|"Nonna" }}!'),
    ),
    # a subject that only the longest name makes too long
    Case(
        id="merge-fallback", severity=NOTE, line=2,
        faulty=letter("Hei.", subject="{{ name }} " + "x" * 40),
        fine=letter("Hei.", subject="{{ name }} " + "x" * 40),
        audience=replace(PEOPLE, longest={"name": "x" * 30}),
        fine_audience=replace(PEOPLE, longest={"name": "x" * 29}),
    ),
    # an ending
    Case(
        id="merge-inflection", severity=WARNING, line=7,
        faulty=letter('Hei.\nKirje {{ name|"sinu" }}lle'),
        fine=letter('Hei.\nKirje: {{ name|"sinä" }} – lle'),
    ),
    # one behind a colon
    Case(
        id="merge-inflection", severity=WARNING, line=6,
        faulty=letter('{{ region|"Suomi" }}:n verkosto'),
        fine=letter('{{ region|"Suomi" }}: verkosto'), audience=PEOPLE,
    ),
    # the Swedish genitive
    Case(
        id="merge-inflection", severity=NOTE, line=7,
        faulty=letter('{{ region|"Finland" }}s nätverk', more="lang: sv\n"),
        fine=letter('Nätverket i {{ region|"Finland" }}', more="lang: sv\n"), audience=PEOPLE,
    ),
    # an identity number
    Case(
        id="merge-pii-minimal", severity=ERROR, line=6,
        faulty=letter('{{ henkilotunnus|"-" }}'), fine=letter('{{ henkilosto|"-" }}'),
    ),
    # one that is only kept
    Case(
        id="merge-pii-minimal", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        audience=replace(PEOPLE, attributes=frozenset({"birth_date"})), fine_audience=PEOPLE,
    ),
    # capital letters
    Case(
        id="merge-data", severity=WARNING, line=6,
        faulty=letter('Hei {{ name|"sinä" }}!'), fine=letter("Hei!"),
        audience=replace(PEOPLE, odd_names=2),
    ),
    # --- watching
    # a picture that tells who reads
    Case(
        id="tracking-consent", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), toml=OFF,
        spoil=add_html(PIXEL), fine_spoil=add_html(PIXEL.replace('"1"', '"30"')),
    ),
    # one that is not shown
    Case(
        id="tracking-consent", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), toml=OFF, fine_toml="",
        spoil=add_html(PIXEL.replace('width="1" height="1"', 'style="display:none"')),
        fine_spoil=add_html(PIXEL),
    ),
    # an address of a page for each reader
    Case(
        id="tracking-consent", severity=ERROR, line=8,
        faulty=letter("Hei.\n\n[x](https://example.org/OWN)"),
        fine=letter("[x](https://example.org/{{ region }})"), audience=PEOPLE,
        toml=PUBLIC, spoil=own_address,
    ),
    # the reader's address in a link
    Case(
        id="link-pii", severity=ERROR, line=8,
        faulty=letter("Hei.\n\n[x](https://example.org/?e={{ email }})"),
        fine=letter("Hei.\n\n[x](mailto:a@example.org?body={{ email }})"),
    ),
    # the name
    Case(
        id="link-pii", severity=ERROR, line=6,
        faulty=letter('[x](https://example.org/?n={{ name|"x" }})'),
        fine=letter('[x](https://example.org/?n={{ region|"x" }})'), audience=PEOPLE,
    ),
    # the address, hidden badly
    Case(
        id="link-pii", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html('<a href="https://example.org/cmVhZGVyQGV4YW1wbGUub3Jn">x</a>'),
        fine_spoil=add_html('<a href="https://example.org/cmVhZGVyQGV4YW1wbGUuY29t">x</a>'),
    ),
    # the same as a sum
    Case(
        id="link-pii", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=add_html('<a href="https://example.org/b84dd9883fcd50e6c55048b17e5f3656">x</a>'),
    ),
    # a provider that measures
    Case(
        id="tracking-notice", severity=NOTE, line=None,
        faulty=letter("Hei."), fine=letter("Mittaamme, kuinka moni avaa kirjeen."),
        settings={"provider": "brevo"},
    ),
    # one that cannot
    Case(
        id="tracking-notice", severity=NOTE, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"provider": "brevo"}, fine_settings={"provider": "outbox"},
    ),
    # an offer
    Case(
        id="marketing-class", severity=NOTE, line=7,
        faulty=letter("Hei.\nKoulutukset alennuksella −50 %"),
        fine=letter("Hei.\nSaimme tarjouksen tilasta. Tuli 50 % lisää jäseniä."),
    ),
    # in Swedish
    Case(
        id="marketing-class", severity=NOTE, line=7,
        faulty=letter("Rabatt: boken 20 euro", more="lang: sv\n"),
        fine=letter("Boken kostar 20 euro", more="lang: sv\n"),
    ),
    # --- filters
    # words that spam uses
    Case(
        id="spam-phrase", severity=WARNING, line=8,
        faulty=letter("Hei.\n\nTo be removed from our mailings, write to us."),
        fine=letter("Hei.\n\nTo be removed from our list, write to us."),
    ),
    # words that filters take less ill, on the second line of a paragraph
    Case(
        id="spam-phrase", severity=NOTE, line=7,
        faulty=letter("Hei.\nDear madam, there is a **money** back guarantee."),
        fine=letter("Hei.\nDear Madame Curie, there is money."),
    ),
]  # fmt: skip
