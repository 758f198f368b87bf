"""Styles of templates: nothing is fetched for them; what cannot be read has file and line."""

import re
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from cProfile import Profile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import html as lxml_html

from newsletter.model import Severity
from newsletter.render.script import Script
from newsletter.render.styles import StylesError, inline_styles, read_styles
from tests.render.sites import page, refused, rendered, with_template


@pytest.fixture
def bait() -> Iterator[tuple[str, socket.socket]]:
    """Listen on loopback for whoever would fetch something."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        server.settimeout(0)
        yield f"http://127.0.0.1:{server.getsockname()[1]}", server


def is_untouched(server: socket.socket) -> bool:
    """Return whether nobody came; a caller that was refused an answer stands in the queue."""
    try:
        server.accept()
    except BlockingIOError:
        return True
    return False


IMPORTS = [
    '@import url("{}/a.css");',
    "@import '{}/a.css' screen;",
    "@IMPORT url({}/a.css)",
    r"@\69mport '{}/a.css';",
    "/* @import */ @import '{}/a.css';",
]


@pytest.mark.parametrize("text", IMPORTS)
def test_an_import_is_not_fetched_but_told_with_its_line(
    text: str, bait: tuple[str, socket.socket], tmp_path: Path
) -> None:
    with_template(tmp_path, "extra.css", f"\n{text.format(bait[0])}\n.prose p {{ color: #123456 }}")

    edition = rendered(tmp_path)

    assert is_untouched(bait[1])
    [finding] = edition.findings
    assert (finding.id, finding.severity) == ("style-import", Severity.ERROR)
    assert (finding.path, finding.line) == ("templates/extra.css", 2)
    assert "127.0.0.1" in finding.message
    if text.endswith(";"):
        assert "#123456" in edition.html  # all else is taken over


OTHERS = {
    "in the page's styles": "<mj-style>\n@import url('{}/a.css');</mj-style>",
    "by an escape": "<mj-style>\n@im\\port '{}/a.css';</mj-style>",
    "in a style element": "<mj-raw><style>\n@import '{}/a.css';</style></mj-raw>",
    "in a remark": "<mj-style>\n/* @IMPORT '{}/a.css'; */</mj-style>",
    "a link": '<mj-raw>\n<link rel="stylesheet" href="{}/a.css"></mj-raw>',
    "a font": '<mj-font\nname="Roboto" href="{}/a.css" />',
    "pictures of styles": "<mj-style>\n.a {{ background: url('{}/a.png') }}</mj-style>",
    "a script": '<mj-raw>\n<script src="{}/a.js"></script></mj-raw>',
    "a base": '<mj-raw>\n<base href="{}/"></mj-raw>',
}


@pytest.mark.parametrize("text", OTHERS.values(), ids=OTHERS)
def test_nothing_a_page_names_is_fetched_while_it_is_made(
    text: str, bait: tuple[str, socket.socket], tmp_path: Path
) -> None:
    address, server = bait
    with_template(
        tmp_path,
        "default.mjml",
        page(
            f'<mj-image src="{address}/a.png" /><mj-text>a<svg><image href="{address}/b" /></svg>'
            "</mj-text>",
            head=text.format(address),
        ),
    )

    edition = rendered(tmp_path)

    assert is_untouched(server)
    assert [(f.id, f.path, f.line) for f in edition.findings] == (
        [("style-import", "templates/default.mjml", 3)] if re.search(r"@im\\?port", text) else []
    )


@pytest.mark.parametrize("name", ["extra.css", "default.mjml"])
def test_many_faults_of_styles_are_placed_by_one_more_filling(name: str, tmp_path: Path) -> None:
    def fillings(faults: int) -> int:
        css = "@import 'https://e.org/{}.css';\n"
        sheet = "".join(css.format(number) for number in range(faults))
        in_page = sheet if name == "default.mjml" else ""
        text = page("<mj-text>a</mj-text>", f"<mj-style>{in_page}</mj-style>")
        with_template(tmp_path, "default.mjml", text)
        with_template(tmp_path, "extra.css", "" if in_page else sheet)
        with Profile() as profile:
            edition = rendered(tmp_path)
        assert len(edition.findings) == faults
        calls = {entry.code: entry.callcount for entry in profile.getstats()}
        return calls.get(Script.fill_marked.__code__, 0)

    assert (fillings(0), fillings(1), fillings(5)) == (0, 1, 1)


@pytest.mark.parametrize(
    "text",
    [
        '<mj-include path="{}/a.mjml" />',
        '<mj-include path="/etc/passwd" />',
        '<mj-include path="../newsletter.toml" type="html" />',
    ],
)
def test_mjml_includes_nothing(text: str, bait: tuple[str, socket.socket], tmp_path: Path) -> None:
    with_template(tmp_path, "default.mjml", page("\n" + text.format(bait[0])))

    finding = refused(tmp_path)

    assert is_untouched(bait[1])
    assert (finding.path, finding.line) == ("templates/default.mjml", 6)


def test_entities_of_xml_read_no_files(tmp_path: Path) -> None:
    text = f'<!DOCTYPE mjml [<!ENTITY a SYSTEM "file://{__file__}">]>\n' + page(
        "<mj-text>&a;</mj-text>"
    )
    with_template(tmp_path, "default.mjml", text)

    finding = refused(tmp_path)

    assert finding.path == "templates/default.mjml"


@pytest.mark.parametrize(
    "text",
    [
        "p { color red }",
        "p { color: }",
        "p { color: #ggg }",
        "p { width: calc(1px + (2px)) }",
        "p { *zoom: 1 }",
        "p > > a { color: red }",
        "p[ { color: red }",
        "}",
        "<b>",
    ],
)
def test_what_cannot_be_read_as_css_is_told_with_its_line(
    text: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with_template(tmp_path, "extra.css", f".prose p {{ color: #123456 }}\n\n{text}\n")

    edition = rendered(tmp_path)

    [finding] = edition.findings
    assert (finding.id, finding.severity) == ("style-syntax", Severity.WARNING)
    assert (finding.path, finding.line) == ("templates/extra.css", 3)
    assert text.strip("{} ").split(" {")[0][:3] in finding.message or text in finding.message
    assert "#123456" in edition.html
    assert capfd.readouterr().err == ""


def test_the_packaged_styles_have_no_fault(tmp_path: Path) -> None:
    assert rendered(tmp_path).findings == ()


def test_no_mark_of_the_program_that_writes_styles_is_mailed(tmp_path: Path) -> None:
    assert "premailer" not in rendered(tmp_path).html


TOO_MUCH = {
    "brackets": "p { color: " + "(" * 5000 + ")" * 5000 + " }",
    "braces": "p {" * 5000,
    "rules": ".a { color: red }\n" * 5000,
    "characters": ".a { content: '" + "x" * 300_000 + "' }",
    "a selector nobody knows": "p:not(:has( { color: red } p::a::b(",
}


@pytest.mark.parametrize("text", TOO_MUCH.values(), ids=TOO_MUCH)
def test_styles_beyond_measure_are_refused_or_told_with_their_file(
    text: str, tmp_path: Path
) -> None:
    with_template(tmp_path, "extra.css", f"\n{text}\n")

    findings = rendered(tmp_path).findings if text.startswith("p:n") else (refused(tmp_path),)

    assert findings
    assert {f.path for f in findings} <= {"templates/extra.css", "templates/prose.css"}


@settings(max_examples=120)
@given(
    st.lists(
        st.sampled_from(
            ["p", "{", "}", "(", ")", "[", "]", ":", ";", "color", "red", "@import 'a';", "@media",
             "@", "\\", "'", '"', "/*", "*/", "url(", ",", ">", "#", "!important", "\n", "\f", "\0",
             "<!--", "-->", "calc(", "1px", ".a", "::", "not(", "~", "*", "ä", "@font-face"]
        ),
        max_size=30,
    )
)  # fmt: skip
def test_any_styles_are_read_without_a_traceback(words: list[str]) -> None:
    css = " ".join(words)

    try:
        styles = read_styles(css)
    except StylesError:
        return

    assert styles.css.count("\n") == css.replace("\f", "\n").count("\n")
    assert all(0 <= complaint.offset <= len(css) for complaint in styles.complaints)


def test_threads_that_share_styles_write_the_same_page() -> None:
    declared = "".join(f".k{n} {{ color: red; margin: {n}px; padding: 0 }} " for n in range(40))
    styles = read_styles(f"@media (max-width: 480px) {{ {declared} }}")

    def write(_: int) -> str:
        shown = lxml_html.document_fromstring("<html><head></head><body><p>Hei</p></body></html>")
        inline_styles(shown, styles)
        return str(lxml_html.tostring(shown, encoding="unicode"))

    usual = sys.getswitchinterval()
    try:
        sys.setswitchinterval(1e-5)  # threads take turns wherever they can
        with ThreadPoolExecutor(8) as pool:
            pages = set(pool.map(write, range(16)))
    finally:
        sys.setswitchinterval(usual)

    assert len(pages) == 1
