"""Mixtures of Markdown's signs around known words, as a hasty author might write them."""

import re

from hypothesis import strategies as st

KNOWN = re.compile(r"w[kmnprstvy]+z")
_LETTERS = "kmnprstvy"
_FRAMES = (
    *("*{}*", "**{}**", "_{}_", "~~{}~~", "<b>{}</b>"),
    *("<sup>{}</sup>", "<span lang='sv'>{}</span>"),
    *("[{}](https://x.org/a)", "[{}][ref]", "[{}][bar][ref]", "[{}]", "![{}](p.png)", "{}[^n]"),
    *("`{} *`", "<{}>", "<{} ja>", "a<{}>b", "<?{} ?>", "<![CDATA[ {} ]]>", "<!DOCTYPE {}>"),
)
_SIGNS = (
    *("<https://x.org/b>", "<a@x.org>", "https://x.org/c", "<br>", "<!-- pois -->", "[^n]", "\n"),
    *("***", "**", "*", "_", "[", "]", "(", ")", "<", ">", "`", "``", "\\", "!", "&", "~", "|"),
    *("{", "}", "[]", "()", "<!", "<?", "~~~~", "\\*", "\\[", "\\`", "\\<", "\\\\"),
    *("&amp;", "&auml;", "&nbsp;", "&shy;", "&notit;", "&#228;", "&lt;", "&copy", "&zwj;"),
)
_BLOCKS = ("{}", "- {}\n- b", "> {}", "## {}", "    {}", "| {} | b |\n|---|---|\n| c | d |")
_END = "\n\nVertaa [loppu][ref], [^n] ja loppu.\n\n[ref]: https://x.org/d\n\n[^n]: viite\n"


def bodies() -> st.SearchStrategy[str]:
    """Return bodies of issues, in which no known word stands twice."""
    word = st.just("w{}z")
    piece = st.recursive(
        word | st.sampled_from(_SIGNS),
        lambda inner: st.builds(
            lambda frame, parts: frame.replace("{}", "".join(parts)),
            st.sampled_from(_FRAMES),
            st.lists(inner | st.just(" "), min_size=1, max_size=4),
        ),
        max_leaves=12,
    )
    line = st.lists(piece | st.sampled_from((" ", "-", ".")), min_size=1, max_size=9).map("".join)
    block = st.builds(lambda frame, text: frame.replace("{}", text), st.sampled_from(_BLOCKS), line)
    return st.lists(block, min_size=1, max_size=2).map(_numbered)


def _numbered(blocks: list[str]) -> str:
    """Give each known word letters of its own."""
    first, *others = "\n\n".join(blocks).split("w{}z")
    words = (f"w{_letters(n)}z{text}" for n, text in enumerate(others, 1))
    return "".join([first, *words]) + _END


def _letters(number: int) -> str:
    digits = ""
    while number:
        number, digit = divmod(number, len(_LETTERS))
        digits += _LETTERS[digit]
    return digits
