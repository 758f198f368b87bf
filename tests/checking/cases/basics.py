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
    in_body,
    in_html,
    in_preheader,
    in_subject,
    letter,
    text_of,
    unsubscribe_at,
    with_footer_link,
    without,
)

CASES = [
    # --- preheader
    # nothing follows the subject in the inbox
    Case("preheader-present", WARNING, 1,
         letter("Hei.", preheader=""), letter("Hei.", preheader="x" * 40)),
    # too short to fill the row
    in_preheader("preheader-length", NOTE, "x" * 39, "x" * 40),
    # too long for the row
    in_preheader("preheader-length", NOTE, "x" * 141, "x" * 140),
    # a slot counts as in the subject
    in_preheader("preheader-length", NOTE, "{{ name }}" + "x" * 131, "{{ name }}" + "x" * 130),
    # --- body
    # no text at all
    in_body("body-empty", ERROR, 1, "", "Hei."),
    # a level is left out
    in_body("a11y-headings", WARNING, 8, "## A\n\n#### B", "## A\n\n### B\n\n## C"),
    # the first heading is too deep
    in_body("a11y-headings", WARNING, 6, "### A", "## A"),
    # nobody meets a condition
    in_body("only-nobody", WARNING, 8,
            "Hei.\n\n::: only region=Lappi\nHei.\n:::",
            audience=PEOPLE, fine_audience=replace(PEOPLE, met={"region=Lappi": 1})),
    # --- slots
    # one person has no name
    in_body("slot-unfilled", ERROR, 8,
            "Hei.\n\nHei {{ name }}!", 'Hei.\n\nHei {{ name|"sinä" }}!',
            audience=replace(PEOPLE, empty={"name": 1})),
    # everybody has one
    in_subject("slot-unfilled", ERROR,
               "Hei {{ region }}!",
               audience=replace(PEOPLE, empty={"region": 9}), fine_audience=PEOPLE),
    # a name that nobody on the list has
    in_body("slot-unknown", ERROR, 7, "Hei.\n{{ regon }}", "Hei.\n{{ region }}", audience=PEOPLE),
    # the same with a fallback, which everybody would get
    in_body("slot-unknown", WARNING, 6,
            '{{ regon|"Suomi" }}', '{{ region|"Suomi" }}',
            audience=PEOPLE),
    # nobody was imported yet: attributes are not known, so only a fallback is safe
    in_body("slot-unknown", ERROR, 6, "{{ region }}", '{{ region|"Suomi" }} {{ name }}'),
    # a filter of another template language
    in_body("slot-lookalike", ERROR, 6, "Hei {{ name|upper }}!", "Hei `{{ name|upper }}`!"),
    # a slot but for its words
    in_body("slot-lookalike", ERROR, 6, 'Hei {{ name|"a" + "b" }}!', "Hei {{ name|«a {b}» }}!"),
    # a statement of one
    in_body("slot-lookalike", WARNING, 6, "{% if x %}Hei", "```\n{% if x %}\n```"),
    # a field of Mailchimp, in the subject
    in_subject("slot-lookalike", WARNING, "Hei *|FNAME|*", "Hei *|*"),
    # a field of Mailgun, in the preheader
    in_preheader("slot-lookalike", WARNING,
                 f"{PREHEADER} %recipient.name%", f"{PREHEADER} 5 % recipient"),
    # a field of Salesforce, in a cell
    in_body("slot-lookalike", WARNING, 10,
            f"Hei.\n\n{TABLE}| %%name%% | 2 |", f"Hei.\n\n{TABLE}| 5 %% | 2 |"),
    # a field of Mailjet, in a heading
    in_body("slot-lookalike", WARNING, 6, "## Hei [[data:name]]", "## Hei [data]"),
    # a field in a text that stands for a picture
    in_body("slot-lookalike", ERROR, 6,
            f"![Kuva {{{{ name|upper }}}}]({IMAGE})", f"![Kuva]({IMAGE})"),
    # what other services and templates write, and drafts
    *(
        in_body("slot-lookalike", severity, 6, f"Hei {found} nyt", f"Hei {fine} nyt")
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
    in_body("link-empty", ERROR, 8, "Hei.\n\n[x]()", "Hei.\n\n[x](https://www.example.org)"),
    # only a hash sign, in a button
    in_body("link-empty", ERROR, 6, "::: button #\nx\n:::", "::: button #a\nx\n:::\n\n## A"),
    # a place that is not in the issue
    in_body("link-anchor", ERROR, 6, "[x](#ab)\n\n## A", "[x](#ä) [y][^1]\n\n## Ä\n\n[^1]: z"),
    # a place that some who see the link do not have
    in_body("link-anchor", ERROR, 7,
            "Hei.\n[x](#a)\n\n::: only region=Lappi\n## A\n\nB\n:::",
            "Hei.\n\n::: only region=Lappi\n[x](#a)\n\n## A\n\nB\n:::"),
    # a place with a name of its own, for others than those who see the link
    in_body("link-anchor", ERROR, 7,
            '::: only region=Uusimaa\n[x](#oma)\n:::\n\nA\n\n'
            '::: only region=Lappi\n<a name="oma"></a>B\n:::',
            '::: only region=Uusimaa\n[x](#oma)\n:::\n\n<a name="oma"></a>A\n\n'
            "::: only region=Lappi\nB\n:::"),
    # a field that nobody fills
    in_body("link-unfilled", ERROR, 6,
            "[x](https://www.example.org/%7B%7Bname%7C1%7D%7D)",
            "[x](https://www.example.org/{{ name }})"),
    # a field of another service, on a picture
    in_body("link-unfilled", ERROR, 6,
            f"[![Kuva]({IMAGE})](https://www.example.org/*|X|*)",
            f"[![Kuva]({IMAGE})](https://www.example.org/*x*)"),
    # a space, which a button alone can hold
    in_body("link-space", ERROR, 6,
            "::: button https://www.example.org/a b\nx\n:::",
            "::: button https://www.example.org/a%20b\nx\n:::"),
    # no scheme
    in_body("link-scheme", ERROR, 6, "[x](www.example.org)", "[x](tel:+358401234567)"),
    # a scheme that no mail program follows
    in_body("link-scheme", ERROR, 6,
            "::: button file:///c:/x.docx\nx\n:::", "::: button sms:+358401234567\nx\n:::"),
    # not even an address
    in_body("link-scheme", ERROR, 6,
            "::: button https://[x\nx\n:::", "::: button https://www.example.org/[x\nx\n:::"),
    # half a mail address
    in_body("link-mailto", ERROR, 6,
            "[x](mailto:aino@example)", "[x](mailto:aino@example.org,bo@example.org?subject=Hei)"),
    # a host within the house
    in_body("link-host", ERROR, 6, "[x](https://intranet/a)", "[x](https://example.org/a)"),
    # a link in a cell of a column, in a box
    in_body("link-host", ERROR, 9,
            "::: columns\nA\n---\n[x](https:///a)\n:::",
            "::: columns\nA\n---\n[x](https://example.org/a)\n:::"),
    # the editor's own machine
    in_body("link-local", ERROR, 6,
            "[x](http://localhost:8000/)", "[x](https://local.example.org)"),
    # the house's network, by number
    in_body("link-local", ERROR, 6, "[x](https://192.168.1.5/)", "[x](https://192.0.2.5/)"),
    # a host whose name begins like such a number
    in_body("link-local", ERROR, 6, "[x](https://10.0.0.1/)", "[x](https://10.example.org/)"),
    # the third network of RFC 1918
    in_body("link-local", ERROR, 6, "[x](https://172.16.0.9/)", "[x](https://172.32.0.9/)"),
    # a name within the house
    in_body("link-local", ERROR, 6, "[x](https://printer.local/)", "[x](https://local.fi/)"),
    # not encrypted
    in_body("link-http", WARNING, 6, "[x](http://example.org)", "[x](https://example.org)"),
    # --- pictures
    # nothing in the place of a picture
    in_body("image-alt", ERROR, 8, f"Hei.\n\n![]({IMAGE})", f"Hei.\n\n![Kuva]({IMAGE})"),
    # nor within a paragraph
    in_body("image-alt", ERROR, 6, f"Hei ![]({IMAGE}) hei", f"Hei ![Kuva]({IMAGE}) hei"),
    # the name of a file
    in_body("image-alt", WARNING, 6, f"![DSC_0123]({IMAGE})", f"![DSC_0123 talvella]({IMAGE})"),
    # too long to be read out
    in_body("image-alt", NOTE, 6, f"![{'x' * 251}]({IMAGE})", f"![{'x' * 250}]({IMAGE})"),
    # a provider that carries no pictures
    in_body("image-hosting", ERROR, 8,
            "Hei.\n\n![Kuva](p.png)",
            settings={"inline_pictures": False},
            fine_settings={"public_url": "https://news.example.org"}),
    # a picture on the web needs no carrying
    in_body("image-hosting", ERROR, 6,
            "![Kuva](p.png)", f"![Kuva]({WEB_IMAGE})",
            settings={"inline_pictures": False}),
    # not encrypted
    in_body("image-hosting", ERROR, 6,
            "![Kuva](http://www.example.org/p.png)", f"![Kuva]({WEB_IMAGE})"),
    # not encrypted, within a paragraph
    in_body("image-hosting", ERROR, 6,
            "Hei ![Kuva](http://www.example.org/p.png)", f"Hei ![Kuva]({WEB_IMAGE})"),
    # --- the provider
    # tracking that nobody can switch off
    in_body("provider-tracking", WARNING, None,
            "Hei.",
            settings={"tracking": "off", "tracking_switch": False},
            fine_settings={"tracking": "off", "tracking_switch": True}),
    # a way to leave that is not ours
    in_body("provider-unsubscribe", NOTE, None,
            "Hei.",
            settings={"own_unsubscribe": False}, fine_settings={"own_unsubscribe": True}),
    # --- the public URL
    # nothing of this version answers there
    in_body("public-url", WARNING, None,
            "Hei.",
            settings={"public_url": "https://news.example.org"}, fine_settings={"public_url": ""}),
    # one-click unsubscribing needs encryption
    in_body("public-url-http", ERROR, None,
            "Hei.",
            settings={"provider": "smtp", "public_url": "http://news.example.org"},
            fine_settings={"provider": "smtp", "public_url": "https://news.example.org"}),
    # which does not keep anybody from a rehearsal
    in_body("public-url-http", WARNING, None,
            "Hei.",
            settings={"public_url": "http://127.0.0.1:8080"},
            fine_settings={"public_url": "https://news.example.org"}),
    # a service that no reader reaches
    in_body("link-local", ERROR, None,
            "[x](http://localhost:8080/archive)", "[x](https://example.org/)",
            settings={"provider": "smtp", "public_url": "http://localhost:8080"},
            fine_settings={"provider": "smtp", "public_url": "https://news.example.org"}),
    # nor does one in a rehearsal, told once for all its links
    in_body("link-local", WARNING, None,
            "[x](http://127.0.0.1:8080/archive)", "[x](https://example.org/)",
            settings={"public_url": "http://127.0.0.1:8080"},
            fine_settings={"public_url": "https://news.example.org"}),
    # --- words
    # a template without a text part
    in_body("text-part-present", ERROR, None,
            "Hei.",
            spoil=text_of("yksi kaksi kolme neljä"),
            fine_spoil=text_of("yksi kaksi kolme neljä viisi")),
    # a template that drops a heading from the HTML
    in_body("words-lost", ERROR, 8, "Hei.\n\n## Talvi", spoil=without("html", "Talvi")),
    # or a cell from the text
    in_body("words-lost", ERROR, 6,
            f"{TABLE}| Kevät | 1 < 2 & 3 |",
            spoil=without("text", "Kevät")),
    # or what the front matter says of the page
    in_body("words-lost", ERROR, 5, "Hei.", more="lead: Talvi\n", spoil=without("html", "Talvi")),
    in_body("words-lost", ERROR, 5, "Hei.", more="kicker: Talvi\n", spoil=without("text", "Talvi")),
    # or a button within a block for some
    in_body("words-lost", ERROR, 7,
            "::: only region=Lappi\n::: button https://example.org\nTule\n:::\n:::",
            spoil=without("html", "Tule")),
    # or leaves the words of a link and not where it leads
    in_body("link-lost", ERROR, 6, "[Ohje](https://example.org/ohje)",
            spoil=in_html('href="https://example.org/ohje"', "")),
    # or a picture
    in_body("image-lost", ERROR, 6, "![Talo](p.png)", spoil=in_html("<img", "<span")),
    # --- size
    # near the size where Gmail cuts
    in_body("html-size-clip", NOTE, None,
            "Hei.",
            spoil=html_of_size(80_000), fine_spoil=html_of_size(79_999)),
    # very near
    in_body("html-size-clip", WARNING, None,
            "Hei.",
            spoil=html_of_size(95_000), fine_spoil=html_of_size(79_999)),
    # far above
    in_body("html-size-clip", ERROR, None,
            "Hei.",
            spoil=html_of_size(500_000), fine_spoil=html_of_size(79_999)),
    # the longest value of a slot counts
    in_body("html-size-clip", NOTE, None,
            "Hei {{ name }}",
            audience=replace(PEOPLE, longest={"name": "x" * 80_000}), fine_audience=PEOPLE),
    # the way to leave would be cut off
    in_body("unsubscribe-before-clip", ERROR, None,
            "Hei.",
            spoil=unsubscribe_at(100_001), fine_spoil=unsubscribe_at(100_000)),
    # --- footer
    # a template that forgot the link
    in_body("unsubscribe-visible", ERROR, None, "Hei.", spoil=without("html", MAIL_TO)),
    # a text part that forgot it
    in_body("unsubscribe-visible", ERROR, None, "Hei.", spoil=without("text", MAIL_TO)),
    # a link that nobody can see
    in_body("unsubscribe-visible", ERROR, None,
            "Hei.",
            spoil=with_footer_link(""), fine_spoil=with_footer_link("<b>Pois</b>")),
    # a link of the author's own to write a mail is no way to leave
    in_body("unsubscribe-visible", ERROR, None,
            "[x](mailto:aino@example.org?subject=Hei)",
            spoil=without("html", MAIL_TO)),
    # a template that does not say who sends
    in_body("sender-identity", ERROR, None, "Hei.", spoil=without("html", "Street 1")),
    # a text part that does not
    in_body("sender-identity", ERROR, None, "Hei.", spoil=without("text", "00100")),
]  # fmt: skip
