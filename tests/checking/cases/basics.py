"""Cases of the first rules: subject, body, slots, links, pictures, words, size, footer."""

from dataclasses import replace

from tests.checking.desk import (
    ERROR,
    IMAGE,
    MAIL_TO,
    NOTE,
    PEOPLE,
    PREHEADER,
    TABLE,
    WARNING,
    WEB_IMAGE,
    Case,
    html_of_size,
    letter,
    text_of,
    unsubscribe_at,
    with_footer_link,
    without,
)

CASES = [
    # --- preheader
    # nothing follows the subject in the inbox
    Case(
        id="preheader-present", severity=WARNING, line=1,
        faulty=letter("Hei.", preheader=""), fine=letter("Hei.", preheader="x" * 40),
    ),
    # too short to fill the row
    Case(
        id="preheader-length", severity=NOTE, line=3,
        faulty=letter("Hei.", preheader="x" * 39), fine=letter("Hei.", preheader="x" * 40),
    ),
    # too long for the row
    Case(
        id="preheader-length", severity=NOTE, line=3,
        faulty=letter("Hei.", preheader="x" * 141), fine=letter("Hei.", preheader="x" * 140),
    ),
    # a slot counts as in the subject
    Case(
        id="preheader-length", severity=NOTE, line=3,
        faulty=letter("Hei.", preheader="{{ name }}" + "x" * 131),
        fine=letter("Hei.", preheader="{{ name }}" + "x" * 130),
    ),
    # --- body
    # no text at all
    Case(id="body-empty", severity=ERROR, line=1, faulty=letter(""), fine=letter("Hei.")),
    # a level is left out
    Case(
        id="a11y-headings", severity=WARNING, line=8,
        faulty=letter("## A\n\n#### B"), fine=letter("## A\n\n### B\n\n## C"),
    ),
    # the first heading is too deep
    Case(
        id="a11y-headings", severity=WARNING, line=6,
        faulty=letter("### A"), fine=letter("## A"),
    ),
    # nobody meets a condition
    Case(
        id="only-nobody", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n::: only region=Lappi\nHei.\n:::"),
        fine=letter("Hei.\n\n::: only region=Lappi\nHei.\n:::"),
        audience=PEOPLE, fine_audience=replace(PEOPLE, met={"region=Lappi": 1}),
    ),
    # --- slots
    # one person has no name
    Case(
        id="slot-unfilled", severity=ERROR, line=8,
        faulty=letter("Hei.\n\nHei {{ name }}!"), fine=letter('Hei.\n\nHei {{ name|"sinä" }}!'),
        audience=replace(PEOPLE, empty={"name": 1}),
    ),
    # everybody has one
    Case(
        id="slot-unfilled", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Hei {{ region }}!"),
        fine=letter("Hei.", subject="Hei {{ region }}!"),
        audience=replace(PEOPLE, empty={"region": 9}), fine_audience=PEOPLE,
    ),
    # a name that nobody on the list has
    Case(
        id="slot-unknown", severity=ERROR, line=7,
        faulty=letter("Hei.\n{{ regon }}"), fine=letter("Hei.\n{{ region }}"), audience=PEOPLE,
    ),
    # the same with a fallback, which everybody would get
    Case(
        id="slot-unknown", severity=WARNING, line=6,
        faulty=letter('{{ regon|"Suomi" }}'), fine=letter('{{ region|"Suomi" }}'),
        audience=PEOPLE,
    ),
    # nobody was imported yet: attributes are not known, so only a fallback is safe
    Case(
        id="slot-unknown", severity=ERROR, line=6,
        faulty=letter("{{ region }}"), fine=letter('{{ region|"Suomi" }} {{ name }}'),
    ),
    # a filter of another template language
    Case(
        id="slot-lookalike", severity=ERROR, line=6,
        faulty=letter("Hei {{ name|upper }}!"), fine=letter("Hei `{{ name|upper }}`!"),
    ),
    # a slot but for its words
    Case(
        id="slot-lookalike", severity=ERROR, line=6,
        faulty=letter('Hei {{ name|"a" + "b" }}!'), fine=letter("Hei {{ name|«a {b}» }}!"),
    ),
    # a statement of one
    Case(
        id="slot-lookalike", severity=WARNING, line=6,
        faulty=letter("{% if x %}Hei"), fine=letter("```\n{% if x %}\n```"),
    ),
    # a field of Mailchimp, in the subject
    Case(
        id="slot-lookalike", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="Hei *|FNAME|*"), fine=letter("Hei.", subject="Hei *|*"),
    ),
    # a field of Mailgun, in the preheader
    Case(
        id="slot-lookalike", severity=WARNING, line=3,
        faulty=letter("Hei.", preheader=f"{PREHEADER} %recipient.name%"),
        fine=letter("Hei.", preheader=f"{PREHEADER} 5 % recipient"),
    ),
    # a field of Salesforce, in a cell
    Case(
        id="slot-lookalike", severity=WARNING, line=10,
        faulty=letter(f"Hei.\n\n{TABLE}| %%name%% | 2 |"),
        fine=letter(f"Hei.\n\n{TABLE}| 5 %% | 2 |"),
    ),
    # a field of Mailjet, in a heading
    Case(
        id="slot-lookalike", severity=WARNING, line=6,
        faulty=letter("## Hei [[data:name]]"), fine=letter("## Hei [data]"),
    ),
    # a field in a text that stands for a picture
    Case(
        id="slot-lookalike", severity=ERROR, line=6,
        faulty=letter(f"![Kuva {{{{ name|upper }}}}]({IMAGE})"), fine=letter(f"![Kuva]({IMAGE})"),
    ),
    # what other services and templates write, and drafts
    *(
        Case(
            id="slot-lookalike", severity=severity, line=6,
            faulty=letter(f"Hei {found} nyt"), fine=letter(f"Hei {fine} nyt"),
        )
        for found, fine, severity in (
            ("{name}", "{a, b}", WARNING),
            ("${name}", "$ {1}", WARNING),
            ("{ { name } }", "{ }", WARNING),
            ("{{{ name }}}", "{{ name }}", ERROR),
            ("[NIMI]", "[THL]", WARNING),
            ("[etunimi]", "[etunimi](https://www.example.org)", WARNING),
        )
    ),
    # --- links
    # no target
    Case(
        id="link-empty", severity=ERROR, line=8,
        faulty=letter("Hei.\n\n[x]()"), fine=letter("Hei.\n\n[x](https://www.example.org)"),
    ),
    # only a hash sign, in a button
    Case(
        id="link-empty", severity=ERROR, line=6,
        faulty=letter("::: button #\nx\n:::"), fine=letter("::: button #s1\nx\n:::\n\n## A"),
    ),
    # a place that is not in the issue
    Case(
        id="link-anchor", severity=ERROR, line=6,
        faulty=letter("[x](#s2)\n\n## A"), fine=letter("[x](#s1) [y][^1]\n\n## A\n\n[^1]: z"),
    ),
    # a place that some who see the link do not have
    Case(
        id="link-anchor", severity=ERROR, line=7,
        faulty=letter("Hei.\n[x](#s1)\n\n::: only region=Lappi\n## A\n\nB\n:::"),
        fine=letter("Hei.\n\n::: only region=Lappi\n[x](#s1)\n\n## A\n\nB\n:::"),
    ),
    # a place with a name of its own, for others than those who see the link
    Case(
        id="link-anchor", severity=ERROR, line=7,
        faulty=letter(
            '::: only region=Uusimaa\n[x](#oma)\n:::\n\nA\n\n'
            '::: only region=Lappi\n<a name="oma"></a>B\n:::'
        ),
        fine=letter(
            '::: only region=Uusimaa\n[x](#oma)\n:::\n\n<a name="oma"></a>A\n\n'
            "::: only region=Lappi\nB\n:::"
        ),
    ),
    # a field that nobody fills
    Case(
        id="link-unfilled", severity=ERROR, line=6,
        faulty=letter("[x](https://www.example.org/%7B%7Bname%7C1%7D%7D)"),
        fine=letter("[x](https://www.example.org/{{ name }})"),
    ),
    # a field of another service, on a picture
    Case(
        id="link-unfilled", severity=ERROR, line=6,
        faulty=letter(f"[![Kuva]({IMAGE})](https://www.example.org/*|X|*)"),
        fine=letter(f"[![Kuva]({IMAGE})](https://www.example.org/*x*)"),
    ),
    # a space, which a button alone can hold
    Case(
        id="link-space", severity=ERROR, line=6,
        faulty=letter("::: button https://www.example.org/a b\nx\n:::"),
        fine=letter("::: button https://www.example.org/a%20b\nx\n:::"),
    ),
    # no scheme
    Case(
        id="link-scheme", severity=ERROR, line=6,
        faulty=letter("[x](www.example.org)"), fine=letter("[x](tel:+358401234567)"),
    ),
    # a scheme that no mail program follows
    Case(
        id="link-scheme", severity=ERROR, line=6,
        faulty=letter("::: button file:///c:/x.docx\nx\n:::"),
        fine=letter("::: button sms:+358401234567\nx\n:::"),
    ),
    # not even an address
    Case(
        id="link-scheme", severity=ERROR, line=6,
        faulty=letter("::: button https://[x\nx\n:::"),
        fine=letter("::: button https://www.example.org/[x\nx\n:::"),
    ),
    # half a mail address
    Case(
        id="link-mailto", severity=ERROR, line=6,
        faulty=letter("[x](mailto:aino@example)"),
        fine=letter("[x](mailto:aino@example.org,bo@example.org?subject=Hei)"),
    ),
    # a host within the house
    Case(
        id="link-host", severity=ERROR, line=6,
        faulty=letter("[x](https://intranet/a)"), fine=letter("[x](https://example.org/a)"),
    ),
    # a link in a cell of a column, in a box
    Case(
        id="link-host", severity=ERROR, line=9,
        faulty=letter("::: columns\nA\n---\n[x](https:///a)\n:::"),
        fine=letter("::: columns\nA\n---\n[x](https://example.org/a)\n:::"),
    ),
    # the editor's own machine
    Case(
        id="link-local", severity=ERROR, line=6,
        faulty=letter("[x](http://localhost:8000/)"), fine=letter("[x](https://local.example.org)"),
    ),
    # the house's network, by number
    Case(
        id="link-local", severity=ERROR, line=6,
        faulty=letter("[x](https://192.168.1.5/)"), fine=letter("[x](https://192.0.2.5/)"),
    ),
    # a host whose name begins like such a number
    Case(
        id="link-local", severity=ERROR, line=6,
        faulty=letter("[x](https://10.0.0.1/)"), fine=letter("[x](https://10.example.org/)"),
    ),
    # the third network of RFC 1918
    Case(
        id="link-local", severity=ERROR, line=6,
        faulty=letter("[x](https://172.16.0.9/)"), fine=letter("[x](https://172.32.0.9/)"),
    ),
    # a name within the house
    Case(
        id="link-local", severity=ERROR, line=6,
        faulty=letter("[x](https://printer.local/)"), fine=letter("[x](https://local.fi/)"),
    ),
    # not encrypted
    Case(
        id="link-http", severity=WARNING, line=6,
        faulty=letter("[x](http://example.org)"), fine=letter("[x](https://example.org)"),
    ),
    # --- pictures
    # nothing in the place of a picture
    Case(
        id="image-alt", severity=ERROR, line=8,
        faulty=letter(f"Hei.\n\n![]({IMAGE})"), fine=letter(f"Hei.\n\n![Kuva]({IMAGE})"),
    ),
    # nor within a paragraph
    Case(
        id="image-alt", severity=ERROR, line=6,
        faulty=letter(f"Hei ![]({IMAGE}) hei"), fine=letter(f"Hei ![Kuva]({IMAGE}) hei"),
    ),
    # the name of a file
    Case(
        id="image-alt", severity=WARNING, line=6,
        faulty=letter(f"![DSC_0123]({IMAGE})"), fine=letter(f"![DSC_0123 talvella]({IMAGE})"),
    ),
    # too long to be read out
    Case(
        id="image-alt", severity=NOTE, line=6,
        faulty=letter(f"![{'x' * 251}]({IMAGE})"), fine=letter(f"![{'x' * 250}]({IMAGE})"),
    ),
    # a provider that carries no pictures
    Case(
        id="image-hosting", severity=ERROR, line=8,
        faulty=letter("Hei.\n\n![Kuva](p.png)"), fine=letter("Hei.\n\n![Kuva](p.png)"),
        settings={"inline_pictures": False},
        fine_settings={"public_url": "https://news.example.org"},
    ),
    # a picture on the web needs no carrying
    Case(
        id="image-hosting", severity=ERROR, line=6,
        faulty=letter("![Kuva](p.png)"), fine=letter(f"![Kuva]({WEB_IMAGE})"),
        settings={"inline_pictures": False},
    ),
    # not encrypted
    Case(
        id="image-hosting", severity=ERROR, line=6,
        faulty=letter("![Kuva](http://www.example.org/p.png)"),
        fine=letter(f"![Kuva]({WEB_IMAGE})"),
    ),
    # not encrypted, within a paragraph
    Case(
        id="image-hosting", severity=ERROR, line=6,
        faulty=letter("Hei ![Kuva](http://www.example.org/p.png)"),
        fine=letter(f"Hei ![Kuva]({WEB_IMAGE})"),
    ),
    # --- the provider
    # tracking that nobody can switch off
    Case(
        id="provider-tracking", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"tracking": "off", "tracking_switch": False},
        fine_settings={"tracking": "off", "tracking_switch": True},
    ),
    # a way to leave that is not ours
    Case(
        id="provider-unsubscribe", severity=NOTE, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"own_unsubscribe": False}, fine_settings={"own_unsubscribe": True},
    ),
    # --- the public URL
    # nothing of this version answers there
    Case(
        id="public-url", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"public_url": "https://news.example.org"}, fine_settings={"public_url": ""},
    ),
    # one-click unsubscribing needs encryption
    Case(
        id="public-url-http", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        settings={"public_url": "http://news.example.org"},
        fine_settings={"public_url": "https://news.example.org"},
    ),
    # --- words
    # a template without a text part
    Case(
        id="text-part-present", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=text_of("yksi kaksi kolme neljä"), fine_spoil=text_of("yksi kaksi kolme neljä viisi"),
    ),
    # a template that drops a heading from the HTML
    Case(
        id="words-lost", severity=ERROR, line=8,
        faulty=letter("Hei.\n\n## Talvi"), fine=letter("Hei.\n\n## Talvi"),
        spoil=without("html", "Talvi"),
    ),
    # or a cell from the text
    Case(
        id="words-lost", severity=ERROR, line=6,
        faulty=letter(f"{TABLE}| Kevät | 1 < 2 & 3 |"),
        fine=letter(f"{TABLE}| Kevät | 1 < 2 & 3 |"),
        spoil=without("text", "Kevät"),
    ),
    # or a button within a block for some
    Case(
        id="words-lost", severity=ERROR, line=7,
        faulty=letter("::: only region=Lappi\n::: button https://example.org\nTule\n:::\n:::"),
        fine=letter("::: only region=Lappi\n::: button https://example.org\nTule\n:::\n:::"),
        spoil=without("html", "Tule"),
    ),
    # --- size
    # near the size where Gmail cuts
    Case(
        id="html-size-clip", severity=NOTE, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=html_of_size(80_000), fine_spoil=html_of_size(79_999),
    ),
    # very near
    Case(
        id="html-size-clip", severity=WARNING, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=html_of_size(95_000), fine_spoil=html_of_size(79_999),
    ),
    # far above
    Case(
        id="html-size-clip", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=html_of_size(500_000), fine_spoil=html_of_size(79_999),
    ),
    # the longest value of a slot counts
    Case(
        id="html-size-clip", severity=NOTE, line=None,
        faulty=letter("Hei {{ name }}"), fine=letter("Hei {{ name }}"),
        audience=replace(PEOPLE, longest={"name": "x" * 80_000}), fine_audience=PEOPLE,
    ),
    # the way to leave would be cut off
    Case(
        id="unsubscribe-before-clip", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=unsubscribe_at(100_001), fine_spoil=unsubscribe_at(100_000),
    ),
    # --- footer
    # a template that forgot the link
    Case(
        id="unsubscribe-visible", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), spoil=without("html", MAIL_TO),
    ),
    # a text part that forgot it
    Case(
        id="unsubscribe-visible", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), spoil=without("text", MAIL_TO),
    ),
    # a link that nobody can see
    Case(
        id="unsubscribe-visible", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."),
        spoil=with_footer_link(""), fine_spoil=with_footer_link("<b>Pois</b>"),
    ),
    # a link of the author's own to write a mail is no way to leave
    Case(
        id="unsubscribe-visible", severity=ERROR, line=None,
        faulty=letter("[x](mailto:aino@example.org?subject=Hei)"),
        fine=letter("[x](mailto:aino@example.org?subject=Hei)"), spoil=without("html", MAIL_TO),
    ),
    # a template that does not say who sends
    Case(
        id="sender-identity", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), spoil=without("html", "Street 1"),
    ),
    # a text part that does not
    Case(
        id="sender-identity", severity=ERROR, line=None,
        faulty=letter("Hei."), fine=letter("Hei."), spoil=without("text", "00100"),
    ),
]  # fmt: skip
