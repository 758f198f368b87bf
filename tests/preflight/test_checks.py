"""Each check reports what is wrong, on the line where it is, and nothing that is right."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

import newsletter.preflight
from newsletter.content import read_issue
from newsletter.model import Edition, Finding, Severity, Variant
from newsletter.preflight import Audience, Draft, check_draft
from newsletter.render import Letterhead, load_pictures, render_edition, unsubscribe_mailto

SENDER = "Example Foundation, Street 1, 00100 Helsinki"
LETTERHEAD = Letterhead(title="Kirje", sender=SENDER, reply_to="toimitus@example.org")
TEMPLATES = Path(__file__).parents[2] / "templates"
PREHEADER = "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu."  # 50 characters
ERROR, WARNING, NOTE = Severity.ERROR, Severity.WARNING, Severity.NOTE
PEOPLE = Audience(recipients=9, attributes=frozenset({"region"}), empty={}, longest={}, met={})
MAIL_TO = "mailto:toimitus@example.org?subject="
Spoil = Callable[[Edition], Edition]


def letter(body: str, *, subject: str = "Joulukuu", preheader: str = PREHEADER) -> str:
    """Return an issue file: subject on line 2, preheader on line 3, the body from line 6."""
    return f'---\nsubject: "{subject}"\npreheader: "{preheader}"\ndate: 2026-12-15\n---\n{body}\n'


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """A draft with a fault, and one that just has none."""

    id: str
    severity: Severity
    line: int | None  # of the finding
    faulty: str
    fine: str
    audience: Audience | None = None  # of both drafts
    fine_audience: Audience | None = None  # where only the audience differs
    spoil: Spoil | None = None  # what a changed template does to the faulty edition
    fine_spoil: Spoil | None = None  # what one may do to the fine edition
    settings: Mapping[str, Any] = field(default_factory=dict)  # of both drafts
    fine_settings: Mapping[str, Any] = field(default_factory=dict)


Maker = Callable[..., Draft]


@pytest.fixture
def draft_of(tmp_path: Path) -> Maker:
    """Read and render an issue beside which a picture lies."""
    folder = tmp_path / "issues"
    folder.mkdir()
    Image.new("RGB", (4, 4)).save(folder / "p.png")

    def make(text: str, *, spoil: Spoil | None = None, **facts: Any) -> Draft:
        path = folder / "2026-12.md"
        path.write_text(text, encoding="utf-8")
        issue = read_issue(path, root=tmp_path, language="fi")
        pictures = load_pictures(issue.picture_sources, folder, issue.path)
        variant = Variant(language="fi", met=frozenset(issue.conditions))
        edition = render_edition(issue, variant, LETTERHEAD, pictures=pictures, templates=TEMPLATES)
        editions = (spoil(edition) if spoil else edition,)
        facts.setdefault("unsubscribe", unsubscribe_mailto(LETTERHEAD, "fi"))
        return Draft(issue=issue, editions=editions, sender=SENDER, **facts)

    return make


# --- what a template or a long issue may do to an edition ---------------------------------


def html_of_size(size: int) -> Spoil:
    """Make the HTML have so many bytes."""
    return lambda edition: replace(edition, html="x" * size, slots=())


def unsubscribe_at(place: int) -> Spoil:
    """Put the way to leave behind so many bytes."""

    def move(edition: Edition) -> Edition:
        filler = "<p>" + "x" * (place - len('<p><a href="'))
        return replace(
            edition, html=f'{filler}<a href="{unsubscribe_mailto(LETTERHEAD, "fi")}">Peruuta</a>'
        )

    return move


def without(part: str, words: str) -> Spoil:
    """Take words away from a part."""

    def take(edition: Edition) -> Edition:
        assert words in getattr(edition, part)
        if part == "html":
            return replace(edition, html=edition.html.replace(words, ""))
        return replace(edition, text=edition.text.replace(words, ""))

    return take


def text_of(words: str) -> Spoil:
    """Make the text part hold only these words."""
    return lambda edition: replace(edition, text=words)


def with_footer_link(shown: str) -> Spoil:
    """Show something else in place of the words of the unsubscribe link."""

    def show(edition: Edition) -> Edition:
        html, count = re.subn(
            rf'(<a\b[^>]*"{re.escape(MAIL_TO)}[^>]*>)[^<]*', rf"\g<1>{shown}", edition.html
        )
        assert count == 1
        return replace(edition, html=html)

    return show


# --- the table ----------------------------------------------------------------------------

IMAGE = "p.png"  # lies beside the issue
WEB_IMAGE = "https://www.example.org/p.png"
TABLE = "| a | b |\n|---|---|\n"

CASES = [
    # --- subject and preheader
    # one character more than an inbox shows
    Case(
        id="subject-length", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="x" * 71), fine=letter("Hei.", subject="x" * 70),
    ),
    # a slot counts as its author wrote it, not as the marker that stands for it
    Case(
        id="subject-length", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="{{ name }}" + "x" * 61),
        fine=letter("Hei.", subject="{{ name }}" + "x" * 60),
    ),
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
        id="slot-lookalike", severity=WARNING, line=6,
        faulty=letter("Hei {{ name|upper }}!"), fine=letter("Hei `{{ name|upper }}`!"),
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
        id="slot-lookalike", severity=WARNING, line=8,
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
        id="slot-lookalike", severity=WARNING, line=6,
        faulty=letter(f"![Kuva {{{{ name|upper }}}}]({IMAGE})"), fine=letter(f"![Kuva]({IMAGE})"),
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
        settings={"no_tracking": True, "tracking_switch": False},
        fine_settings={"no_tracking": True, "tracking_switch": True},
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
every_case = pytest.mark.parametrize(
    "case", CASES, ids=[f"{n}-{case.id}" for n, case in enumerate(CASES)]
)


@every_case
def test_a_faulty_draft_is_found_on_its_line(case: Case, draft_of: Maker) -> None:
    draft = draft_of(case.faulty, spoil=case.spoil, audience=case.audience, **case.settings)

    found = [finding for finding in check_draft(draft) if finding.id == case.id]

    assert [(f.severity, f.path, f.line) for f in found] == [
        (case.severity, "issues/2026-12.md", case.line)
    ]
    assert found[0].message


@every_case
def test_a_draft_just_within_the_rule_is_not_found(case: Case, draft_of: Maker) -> None:
    audience = case.fine_audience or case.audience
    settings = {**case.settings, **case.fine_settings}
    draft = draft_of(case.fine, spoil=case.fine_spoil, audience=audience, **settings)

    found = [finding for finding in check_draft(draft) if finding.id == case.id]

    assert found == []


def test_every_finding_of_the_sources_has_a_row() -> None:
    folder = Path(newsletter.preflight.__file__).parent
    sources = "".join(path.read_text(encoding="utf-8") for path in folder.glob("*.py"))

    # Ids are the only texts of lower-case words joined by hyphens.
    ids = set(re.findall(r'"([a-z0-9]+(?:-[a-z0-9]+)+)"', sources))

    assert ids == {case.id for case in CASES}


def test_a_good_draft_has_no_finding(draft_of: Maker) -> None:
    body = 'Hei {{ name|"sinä" }}!\n\n## A\n\n[x](https://www.example.org) ![Kuva](p.png)'

    draft = draft_of(letter(body), audience=replace(PEOPLE, empty={"name": 3}))

    assert check_draft(draft) == []


def test_findings_stand_in_order_of_line(draft_of: Maker) -> None:
    body = f"## A\n\n#### B\n\n[x](http://example.org)\n\n![]({IMAGE})"

    findings = check_draft(draft_of(letter(body, subject="x" * 80)))

    assert [(f.line, f.id) for f in findings] == [
        (2, "subject-length"),
        (8, "a11y-headings"),
        (10, "link-http"),
        (12, "image-alt"),
    ]


def test_what_reading_found_is_reported_too(draft_of: Maker) -> None:
    draft = draft_of(letter("Hei.\n\n<marquee>Hei</marquee>"))

    ids = [(finding.id, finding.line) for finding in check_draft(draft)]

    assert ("html-removed", 8) in ids


def test_a_finding_reads_as_one_line_with_place_and_hint() -> None:
    finding = Finding(
        id="image-alt", severity=ERROR, path="issues/a.md", line=3, message="no text", hint="add it"
    )

    assert str(finding) == "issues/a.md:3: error: no text (add it) [image-alt]"
