"""Tags match whichever branches are taken; what only seems to be unmatched is left alone."""

import pytest

from newsletter.render.lint.balance import read_outline
from newsletter.render.lint.outline import outline_of
from newsletter.render.lint.plain import read_plain

FINE = {
    "a link around a picture, if there is one": (
        '{% if link %}<a href="{{ link }}">{% endif %}<img src="a">{% if link %}</a>{% endif %}'
    ),
    "the same the other way round": (
        "{% if not link %}<b>{% else %}<a>{% endif %}x{% if link %}</a>{% else %}</b>{% endif %}"
    ),
    "a row that the first of a loop begins and the last one ends": (
        "{% for a in b %}{% if loop.first %}<tr>{% endif %}<td></td>"
        "{% if loop.last %}</tr>{% endif %}{% endfor %}"
    ),
    "a row of two": (
        "{% for a in b %}{% if loop.index0 % 2 == 0 %}<tr>{% endif %}<td></td>"
        "{% if loop.index0 % 2 == 1 %}</tr>{% endif %}{% endfor %}"
    ),
    "an attribute in branches": (
        '<td{% if a %} class="{% if b == "<" %}x{% endif %}"{% endif %}></td>'
    ),
    "a name that is filled in": "<h{{ block.level }}>x</h{{ block.level }}>",
    "elements without an end": '<p>a<br>b<img src="a"><hr></p>',
    "what only Outlook reads": "<!--[if mso]><table><tr><td><![endif]--><p>a</p>",
    "signs that are no tags": "<p>1 < 2 and a<3</p>",
    "what stands in quotation marks of Jinja": '{{ "<b>" ~ x }}{% set a = "</b>" %}',
    "what is not Jinja": "{% raw %}<b>{{ a }}</b>{% endraw %}",
    "remarks": "{# <b> #}",
    "elements of HTML in any letters": "<P>a</P>",
}
FAULTY = {
    "never closed": ("<p>\n<b>a</p>", [2]),
    "closed twice": ("<p>a</p>\n</p>", [2]),
    "crossing": ("<p><b><i>a</b>\n</i></p>", [1, 2]),
    "closed in one branch alone": ("<p>\n{% if a %}</p>{% endif %}", [1]),
    "crossing within a branch": (
        "{% if a %}\n<p>x</b>{% endif %}{% if b %}<i></i>{% endif %}",
        [2, 2],
    ),
    "opened in a loop": ("<p>{% for a in b %}\n<i>{% endfor %}</p>", [2]),
    "opened in a part of the page": ("{% block a %}\n<p>{% endblock %}</p>", [2, 2]),
}


def lines_of(source: str) -> list[int]:
    """Return the lines of the tags that do not match."""
    plain = read_plain(source)
    found = read_outline(outline_of(plain)).mismatches
    return sorted(plain.line_of(mismatch.tag.start) for mismatch in found)


@pytest.mark.parametrize("source", FINE.values(), ids=FINE)
def test_what_matches_in_some_way_is_left_alone(source: str) -> None:
    assert lines_of(source) == []


@pytest.mark.parametrize(("source", "lines"), FAULTY.values(), ids=FAULTY)
def test_what_cannot_match_is_told(source: str, lines: list[int]) -> None:
    assert lines_of(source) == lines
