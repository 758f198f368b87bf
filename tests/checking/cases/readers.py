"""Cases of what is merged for each reader, of watching them, and of what filters count."""

from dataclasses import replace

from newsletter.model import Edition
from tests.checking.cases.mail import add_html
from tests.checking.desk import ERROR, NOTE, PEOPLE, WARNING, in_body, in_subject, without

OFF = '\n[tracking]\nopens = "off"\n'
PROVIDER = OFF.replace("off", "provider")
PIXEL = '<img src="https://example.org/p.gif" alt="" width="1" height="1">'
HOME = "https://news.example.org"
PUBLIC = f'public_url = "{HOME}"\n'
COUNTED = PUBLIC + '\n[tracking]\nopens = "consented"\n'


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
    in_body("merge-fallback", WARNING, 6, "Hei {{ name }}!", 'Hei {{ name|"lukija" }}!'),
    # everybody has one
    in_body("merge-fallback", WARNING, 6, "Hei {{ name }}!", fine_audience=PEOPLE),
    # words that do not fit
    in_body("merge-fallback", ERROR, 8,
            'Hei.\n\nHyvä {{ name|"lukija," }}, tervetuloa',
            'Hei.\n\nHyvä {{ name|"lukija" }}, tervetuloa',
            audience=PEOPLE),
    # no words
    in_subject("merge-fallback", ERROR,
               "Kysely {{ region|'' }}, vastaa", "Kysely {{ region|'Suomi' }}, vastaa",
               audience=PEOPLE),
    # what a program writes for nothing
    in_body("merge-fallback", ERROR, 6, 'Hei {{ name|"None" }}!', 'Hei {{ name|"Nonna" }}!'),
    # a subject that only the longest name makes too long
    in_subject("merge-fallback", NOTE,
               "{{ name }} " + "x" * 40,
               audience=replace(PEOPLE, longest={"name": "x" * 30}),
               fine_audience=replace(PEOPLE, longest={"name": "x" * 29})),
    # an ending
    in_body("merge-inflection", WARNING, 7,
            'Hei.\nKirje {{ name|"sinu" }}lle', 'Hei.\nKirje: {{ name|"sinä" }} – lle'),
    # one behind a colon
    in_body("merge-inflection", WARNING, 6,
            '{{ region|"Suomi" }}:n verkosto', '{{ region|"Suomi" }}: verkosto',
            audience=PEOPLE),
    # the Swedish genitive
    in_body("merge-inflection", NOTE, 7,
            '{{ region|"Finland" }}s nätverk', 'Nätverket i {{ region|"Finland" }}',
            more="lang: sv\n", audience=PEOPLE),
    # an identity number
    in_body("merge-pii-minimal", ERROR, 6, '{{ henkilotunnus|"-" }}', '{{ henkilosto|"-" }}'),
    # one that is only kept
    in_body("merge-pii-minimal", WARNING, None,
            "Hei.",
            audience=replace(PEOPLE, attributes=frozenset({"birth_date"})), fine_audience=PEOPLE),
    # capital letters
    in_body("merge-data", WARNING, 6,
            'Hei {{ name|"sinä" }}!', "Hei!",
            audience=replace(PEOPLE, odd_names=2)),
    # --- watching
    # a picture that tells who reads
    in_body("tracking-consent", ERROR, None,
            "Hei.",
            toml=OFF, spoil=add_html(PIXEL), fine_spoil=add_html(PIXEL.replace('"1"', '"30"'))),
    # one that is not shown
    in_body("tracking-consent", ERROR, None,
            "Hei.",
            toml=OFF, fine_toml=PROVIDER,
            spoil=add_html(PIXEL.replace('width="1" height="1"', 'style="display:none"')),
            fine_spoil=add_html(PIXEL)),
    # an address of a page for each reader
    in_body("tracking-consent", ERROR, 8,
            "Hei.\n\n[x](https://example.org/OWN)", "[x](https://example.org/{{ region }})",
            audience=PEOPLE, toml=PUBLIC, spoil=own_address),
    # the reader's address in a link
    in_body("link-pii", ERROR, 8,
            "Hei.\n\n[x](https://example.org/?e={{ email }})",
            "Hei.\n\n[x](mailto:a@example.org?body={{ email }})"),
    # the name
    in_body("link-pii", ERROR, 6,
            '[x](https://example.org/?n={{ name|"x" }})',
            '[x](https://example.org/?n={{ region|"x" }})',
            audience=PEOPLE),
    # the address, hidden badly
    in_body("link-pii", ERROR, None,
            "Hei.",
            spoil=add_html('<a href="https://example.org/cmVhZGVyQGV4YW1wbGUub3Jn">x</a>'),
            fine_spoil=add_html('<a href="https://example.org/cmVhZGVyQGV4YW1wbGUuY29t">x</a>')),
    # the same as a sum
    in_body("link-pii", ERROR, None,
            "Hei.",
            spoil=add_html('<a href="https://example.org/b84dd9883fcd50e6c55048b17e5f3656">x</a>')),
    # a provider that measures
    in_body("tracking-notice", NOTE, None,
            "Hei.", "Mittaamme, kuinka moni avaa kirjeen.",
            toml=PROVIDER, settings={"provider": "brevo"}),
    # one that cannot
    in_body("tracking-notice", NOTE, None,
            "Hei.",
            toml=PROVIDER,
            settings={"provider": "brevo"}, fine_settings={"provider": "outbox"}),
    # counting without a word of it, by a template that does not say so
    in_body("tracking-notice", ERROR, None,
            "Hei.",
            toml=COUNTED, spoil=without("text", "avaamiset mitataan")),
    # an address out of a mail of one's own, in an issue
    in_body("tracking-consent", ERROR, None,
            "Hei.",
            toml=COUNTED, spoil=add_html(f'<a href="{HOME}/r/xyz.1">x</a>')),
    # a picture that tells who reads, beside that of those who agreed
    in_body("tracking-consent", ERROR, None,
            "Hei.",
            toml=COUNTED, spoil=add_html(PIXEL)),
    # an offer
    in_body("marketing-class", NOTE, 7,
            "Hei.\nKoulutukset alennuksella −50 %",
            "Hei.\nSaimme tarjouksen tilasta. Tuli 50 % lisää jäseniä."),
    # in Swedish
    in_body("marketing-class", NOTE, 7,
            "Rabatt: boken 20 euro", "Boken kostar 20 euro",
            more="lang: sv\n"),
    # --- filters
    # words that spam uses
    in_body("spam-phrase", WARNING, 8,
            "Hei.\n\nTo be removed from our mailings, write to us.",
            "Hei.\n\nTo be removed from our list, write to us."),
    # words that filters take less ill, on the second line of a paragraph
    in_body("spam-phrase", NOTE, 7,
            "Hei.\nDear madam, there is a **money** back guarantee.",
            "Hei.\nDear Madame Curie, there is money."),
]  # fmt: skip
