"""The report on paper: pages of A4 in colour, whose drawings are told in words as well."""

import ctypes
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pypdfium2 as pdfium
import pytest
from pypdfium2 import raw

from newsletter.errors import ConfigError
from newsletter.stats_report import render_pdf
from tests.stats.specimens import report
from tests.stats_report.pages import face, in_two_languages, page
from tests.stats_report.test_standalone import hostile

_A4 = (595, 841)  # points


@pytest.fixture(scope="module")
def printed() -> Iterator[pdfium.PdfDocument]:
    """The report on two issues, printed."""
    document = pdfium.PdfDocument(render_pdf(report(2, "en"), face()))
    yield document
    document.close()


def test_pages_are_of_a4_and_have_numbers(printed: pdfium.PdfDocument) -> None:
    sizes = {tuple(map(int, one.get_size())) for one in printed}
    last = [one.get_textpage().get_text_range().split()[-3:] for one in printed]

    assert sizes == {_A4}
    assert last == [[str(n), "/", str(len(printed))] for n in range(1, len(printed) + 1)]


def test_two_editions_share_a_page() -> None:
    whole = in_two_languages()
    [before, issue] = whole.issues
    links = [link for link in issue.shown.links if link.number < 7]
    short = replace(issue, shown=replace(issue.shown, links=links))

    with pdfium.PdfDocument(
        render_pdf(replace(whole, issues=[before, short], language="en"), face())
    ) as document:
        pages = [one.get_textpage().get_text_range() for one in document]

    assert max(text.count("What was followed in") for text in pages) == 2


def test_drawings_have_their_colours(printed: pdfium.PdfDocument) -> None:
    mark = face().colours["link"]
    wanted = tuple(int(mark[at : at + 2], 16) for at in (1, 3, 5))

    seen = {colour for _, colour in colours_of(printed[0])}

    assert any(max(abs(a - b) for a, b in zip(wanted, c, strict=True)) < 3 for c in seen)


def test_tables_behind_charts_are_printed(printed: pdfium.PdfDocument) -> None:
    text = "\n".join(one.get_textpage().get_text_range() for one in printed)

    assert "The same as a table" in text
    assert "66–72 h" in text


def test_each_drawing_is_told_in_the_words_of_the_page(printed: pdfium.PdfDocument) -> None:
    told = [words for one in printed for words in alternatives(one)]

    words = re.findall(r'<p class="away" id="\S+-words">(.*?)</p>', page(2, "en"), re.DOTALL)
    assert sorted(told) == sorted(words)


def test_nothing_of_an_author_breaks_the_print() -> None:
    render_pdf(hostile("</svg><script>&amp;\"'>" + "ä" * 60), face())


def test_the_extra_that_is_missing_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "weasyprint", None)

    with pytest.raises(ConfigError, match=r"newsletter\[pdf\]") as raised:
        render_pdf(report(1), face())

    assert raised.value.exit_code == 3


def test_the_library_that_is_missing_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    fault = "raise OSError(\"cannot load library 'libpango-1.0-0'\")"
    (tmp_path / "weasyprint.py").write_text(fault, encoding="utf-8")
    monkeypatch.delitem(sys.modules, "weasyprint", raising=False)
    monkeypatch.syspath_prepend(str(tmp_path))

    with pytest.raises(ConfigError, match="libpangoft2"):
        render_pdf(report(1), face())


def colours_of(one: pdfium.PdfPage) -> list[tuple[int, tuple[int, int, int]]]:
    """Return the colours of a page as it is drawn, and how often each is there."""
    colours = one.render(scale=1).to_pil().convert("RGB").getcolors(maxcolors=1 << 24)
    return list(colours)


def alternatives(one: pdfium.PdfPage) -> Iterator[str]:
    """Yield the words that stand for the drawings of a page."""
    tree = raw.FPDF_StructTree_GetForPage(one.raw)
    waiting = [
        raw.FPDF_StructTree_GetChildAtIndex(tree, n)
        for n in range(raw.FPDF_StructTree_CountChildren(tree))
    ]
    while waiting:
        element = waiting.pop()
        if not element:
            continue
        number = raw.FPDF_StructElement_CountChildren(element)
        waiting += [raw.FPDF_StructElement_GetChildAtIndex(element, n) for n in range(number)]
        size = raw.FPDF_StructElement_GetAltText(element, None, 0)
        if size > 2:
            buffer = ctypes.create_string_buffer(size)
            raw.FPDF_StructElement_GetAltText(element, buffer, size)
            yield buffer.raw.decode("utf-16-le").rstrip("\0")
    raw.FPDF_StructTree_Close(tree)
