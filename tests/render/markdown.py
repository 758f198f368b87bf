"""Markdown as an author could write it, generated: every construct in every other one."""

from collections.abc import Callable

from hypothesis import strategies as st

# Ampersands and brackets, template languages, right to left, combining, invisible, control.
# Not those of code fences: what stands in code is not wrapped.
ODD = "&<>\"'{}%$|\\*_[]()!#:^=+-.@/?;,\u20ac\u00a0\u200b\u200d\u202e\u0301\u05d0\u0645\U0001f469"

URLS = st.sampled_from(
    ["https://example.org/", "https://example.org/a?b=c&d=e", "mailto:a@example.org", "#s1"]
)
CONDITIONS = st.sampled_from(["region=Lappi", "kieli=sv"])

Documents = st.SearchStrategy[str]


def documents() -> Documents:
    """Return whole bodies."""
    return _together(_blocks(3))


def words() -> Documents:
    """Return words as they are, and some with odd characters."""
    plain = st.text("aäbcÅxyz019", min_size=1, max_size=8)
    return st.one_of(plain, plain, st.text("abÖ1" + ODD, min_size=1, max_size=6))


def inlines() -> Documents:
    """Return what may stand within a line."""
    return st.one_of(
        words(),
        words(),
        words().map("*{}*".format),
        words().map("**{}**".format),
        words().map("~~{}~~".format),
        words().map("`{}`".format),
        words().map("<b>{}</b>".format),
        words().map('<span lang="sv" onclick="x">{}</span>'.format),
        words().map("a<br>{}".format),
        st.builds("[{}]({})".format, words(), URLS),
        words().map("![{}](https://example.org/a.png)".format),
        st.sampled_from(["{{ name }}", "{{7*7}}", "\u0080", "\u009f"]),
        st.just("<https://example.org/long/" + "x" * 70 + ">"),
    )


def lines() -> Documents:
    """Return one line of text."""
    return st.lists(inlines(), min_size=1, max_size=12).map(" ".join)


def _blocks(depth: int) -> Documents:
    leaves = st.one_of(lines(), lines(), _headings(), _tables(), _code(), _html(), _buttons())
    if not depth:
        return leaves
    inner = st.deferred(lambda: _together(_blocks(depth - 1)))
    return st.one_of(
        leaves,
        leaves,
        inner.map(_indented("- ")),
        inner.map(_indented("1) ")),
        inner.map(_indented("> ")),
        inner.map("::: box\n{}\n:::".format),
        inner.map("::: quote\n{}\n\n— Maija\n:::".format),
        st.builds("::: only {}\n{}\n:::".format, CONDITIONS, inner),
        st.builds("::: columns\n{}\n\n---\n\n{}\n:::".format, inner, inner),
    )


def _together(blocks: Documents) -> Documents:
    return st.lists(blocks, min_size=1, max_size=4).map("\n\n".join)


def _headings() -> Documents:
    return st.builds("{} {}".format, st.sampled_from(["#", "##", "###", "######"]), lines())


def _tables() -> Documents:
    cell = inlines().filter(lambda text: "|" not in text and "\\" not in text)
    return st.builds("| {} | {} |\n|:--|--:|\n| {} | {} |".format, cell, cell, cell, cell)


def _code() -> Documents:
    return st.one_of(words().map("```\n{}\n```".format), words().map("    {}".format))


def _html() -> Documents:
    return st.one_of(
        words().map("<div>{}</div>".format),
        words().map("<!-- {} -->".format),
        words().map("<ul><li>a<p>{}</ul>".format),
        words().map("<table><tr><td>{}</table>".format),
        st.just("***"),
        st.just("::: divider\n:::"),
    )


def _buttons() -> Documents:
    return st.one_of(
        st.builds("::: button {}\n{}\n:::".format, URLS, inlines()),
        lines().map("::: image https://example.org/a.png\n{}\n:::".format),
        lines().map("::: pull\n{}\n:::".format),
        st.builds("::: figure https://example.org/a.png\n{}\n\n{}\n:::".format, lines(), lines()),
        st.builds("::: person\n{}\n{}\n<a@example.org>\n:::".format, inlines(), inlines()),
        words().map("::: gallery\n![{}](https://example.org/a.png)\n![b](b:c)\n:::".format),
    )


def _indented(mark: str) -> Callable[[str], str]:
    rest = mark if mark == "> " else " " * len(mark)
    return lambda text: mark + text.replace("\n", "\n" + rest)
