"""What only a filled page shows: values of an issue, and places of lines where Outlook breaks."""

import pytest

from newsletter.render.lint.filled import judge_page

PAGE = "<mjml><mj-body><mj-wrapper>{frame}<mj-section><mj-column>{column}</mj-column></mj-section>"
END = "</mj-wrapper></mj-body></mjml>"
MARK = "<mj-raw><!--k line 7--></mj-raw>"


@pytest.mark.parametrize(
    ("frame", "column", "rules"),
    [
        ("", f"{MARK}<mj-text>Hei</mj-text>", []),
        (MARK, "<mj-text>Hei</mj-text>", ["template-elements"]),
        ("", '<mj-text font-size="17">Hei</mj-text>', ["template-attributes"]),
        ("", '<mj-text padding="8px 0">Hei <b>sinä</b></mj-text>', []),
        ("", "Hei<mj-text>sinä</mj-text>", ["template-words"]),
        ("Hei", "<mj-text>sinä</mj-text>", ["template-words"]),
        ("", "<mj-text>Hei<mj-button>sinä</mj-button></mj-text>", ["template-elements"]),
        ("<!-- a remark -->", "<mj-text>Hei</mj-text>", []),
        ("", "<mj-raw><p>Hei</p></mj-raw>", ["template-words"]),
        ("", "<mj-raw><tr><td>Hei</td></tr><!--[if mso]>a<![endif]--></mj-raw>", []),
        ("", "<mj-raw><tr><td><table><TR class='a'><td>Hei</td></TR></table>a</td></tr></mj-raw>",
         []),
        ("", "<mj-raw><tr><td>Hei</td></tr>sinä</mj-raw>", ["template-words"]),
    ],
)  # fmt: skip
def test_a_filled_page_is_judged_by_its_values(frame: str, column: str, rules: list[str]) -> None:
    page = PAGE.format(frame=frame, column=column) + END

    found = [finding.id for _, finding in judge_page(page, str)]

    assert found == rules
