"""Whatever HTML is written into an issue, what is taken away is told without a traceback."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.content.cleaning import clean_html, list_removals

PIECES = [
    *("<![", "<!", "<?", "<!--", "-->", "--!>", "]]>", "<![CDATA[", "<a ", "b='", '"', "'", ">"),
    *("</", "/>", "<script>", "</script>", "&#", "&#x110000;", "\0", "if", "=", "<p>", "ä"),
]


@pytest.mark.parametrize("html", ["<![x>", "<![%>", "<!A <![%>", "<![CDATA[x]]>", "<!["])
def test_declarations_without_a_name_are_passed_over(html: str) -> None:
    assert list_removals(html) == []


def test_tags_behind_a_declaration_are_told_as_well() -> None:
    assert len(list_removals("<![%><script>a</script>")) == 1


@given(st.lists(st.sampled_from(PIECES), max_size=30))
def test_any_html_is_audited_and_cleaned(pieces: list[str]) -> None:
    html = "".join(pieces)

    list_removals(html)
    clean_html(html)
