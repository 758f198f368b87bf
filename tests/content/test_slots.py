"""Slots are found wherever an author writes them; what only looks like one stays text."""

import pytest

from newsletter.model import Button, Image, Issue, Prose, Table
from tests.content.conftest import Read


def written(issue: Issue, text: str) -> str:
    """Return a text with [name] or [name or fallback] where its slots are."""
    for slot in issue.slots:
        fallback = "" if slot.fallback is None else f" or {slot.fallback}"
        text = text.replace(slot.marker, f"[{slot.name}{fallback}]")
    return text


@pytest.mark.parametrize(
    ("source", "slot"),
    [
        ("{{ name }}", "[name]"),
        ("{{name}}", "[name]"),
        ("{{ Name }}", "[name]"),  # as everywhere, case does not count
        ("{{ työpaikka_2 }}", "[työpaikka_2]"),
        ('{{ name|"ystävä" }}', "[name or ystävä]"),
        ("{{ name | 'hyvä ystävä' }}", "[name or hyvä ystävä]"),
        ("{{name|”ystävä”}}", "[name or ystävä]"),  # typed in a word processor
        ("{{name|“ystävä”}}", "[name or ystävä]"),
        ('{{ name|"" }}', "[name or ]"),  # an empty fallback is one
        ('{{ name|"<b>&" }}', "[name or <b>&]"),
    ],
)
def test_slot_is_a_name_with_at_most_a_fallback(source: str, slot: str, read: Read) -> None:
    issue = read(f"Hei {source}!")

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert written(issue, prose.html) == f"<p>Hei {slot}!</p>"
    assert [(s.source, s.line) for s in issue.slots] == [(source, 5)]


@pytest.mark.parametrize(
    "text",
    [
        "{{7*7}}",  # a calculation of Jinja
        "{{ name|upper }}",  # a filter
        "{{ name.first }}",  # an attribute
        "{{ name name }}",  # two words
        "{{ }}",  # nothing
        "{ { name } }",  # spaces between the braces
        "{name}",  # one brace
        "%recipient.name%",  # Mailgun
        "{% if name %}",  # a statement
        "{{{ 7 }}}",  # three braces
        "{{ name|“a” + “b” }}",  # more than a fallback
        "[[data:name]]",  # Mailjet
        "{# name #}",  # a comment of Jinja
        "zq0123456789q0z",  # a marker
    ],
)
def test_what_only_looks_like_a_slot_stays_text(text: str, read: Read) -> None:
    issue = read(f"Hei {text}!", front=f"subject: 'Hei {text}!'\ndate: 2026-12-15")

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert prose.html == f"<p>Hei {text}!</p>"
    assert issue.subject == f"Hei {text}!"
    assert issue.slots == ()


def test_escaped_slot_is_shown_as_text(read: Read) -> None:
    issue = read(r"Kirjoita \{{ name }}.")

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert prose.html == "<p>Kirjoita {{ name }}.</p>"
    assert issue.slots == ()


@pytest.mark.parametrize(
    "code",
    [
        "`{{ name }}`",  # within a line
        "```\n{{ name }}\n```",  # a block
        "- a\n\n  ```\n  {{ name }}\n  ```",  # in a list
    ],
)
def test_code_shows_slots_as_their_author_wrote_them(code: str, read: Read) -> None:
    issue = read(code)

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert "{{ name }}" in prose.html
    assert issue.slots == ()


def test_slots_work_in_subject_and_preheader(read: Read) -> None:
    front = "subject: '{{ name|\"Sinä\" }}, vastaa'\npreheader: Hei {{ name }}\ndate: 2026-12-15"

    issue = read("Hei!", front=front)

    assert written(issue, issue.subject) == "[name or Sinä], vastaa"
    assert written(issue, issue.preheader) == "Hei [name]"
    assert [slot.line for slot in issue.slots] == [2, 3]


def test_slots_work_in_links_buttons_and_pictures(read: Read) -> None:
    issue = read(
        '[a {{ name }}](https://x.org/{{ region }}?n={{ name }} "{{ name }}")\n\n'
        "::: button https://x.org/?e={{ email }}\n{{ name }}\n:::\n\n"
        "![{{ name }}](https://x.org/{{ region }}.png)"
    )

    prose, button, image = issue.blocks
    assert isinstance(prose, Prose)
    assert isinstance(button, Button)
    assert isinstance(image, Image)
    assert written(issue, prose.html) == (
        '<p><a href="https://x.org/[region]?n=[name]" title="[name]">a [name]</a></p>'
    )
    assert (written(issue, button.url), written(issue, button.html)) == (
        "https://x.org/?e=[email]",
        "[name]",
    )
    assert (written(issue, image.source), written(issue, image.alt)) == (
        "https://x.org/[region].png",
        "[name]",
    )


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("<div>Hei {{ name }}!</div>", "<div>Hei [name]!</div>"),  # a block
        ("a <b>{{ name }}</b>", "<p>a <b>[name]</b></p>"),  # within a line
        ('a <abbr title="{{ name }}">b</abbr>', '<p>a <abbr title="[name]">b</abbr></p>'),
        ('<p><a href="https://x.org/?{{ name }}">a</a></p>', '<p><a href="https://x.org/?[name]">a</a></p>'),
    ],
)  # fmt: skip
def test_slots_work_in_html(html: str, shown: str, read: Read) -> None:
    issue = read(html)

    [prose] = issue.blocks
    assert isinstance(prose, Prose)
    assert written(issue, prose.html) == shown


def test_slots_work_in_table_cells(read: Read) -> None:
    issue = read('| {{ name }} | b |\n|---|---|\n| **{{ region }}** | {{ a|"x" }} |')

    [table] = issue.blocks
    assert isinstance(table, Table)
    assert written(issue, table.head[0]) == "[name]"
    assert [written(issue, cell) for cell in table.rows[0]] == [
        "<strong>[region]</strong>",
        "[a or x]",
    ]


def test_slot_in_a_comment_is_none(read: Read) -> None:
    issue = read("a\n\n<!-- {{ secret }} -->\n\nb <!-- {{ secret }} -->")

    assert issue.slots == ()


def test_markers_are_the_same_for_the_same_issue(read: Read) -> None:
    assert read("Hei {{ name }}!") == read("Hei {{ name }}!")
