"""Puts the texts of an issue back into a page, each as the place where it stands asks for.

MJML sees a seal, a word of letters and digits, wherever a value was printed that markup could
misread. When it has run, a seal may stand in a text, an attribute, a style, a comment, a title: in
each of them other signs are dangerous, and tags are something else.
"""

import json
import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from html import escape, unescape
from typing import Any
from urllib.parse import quote

import tinycss2
from tinycss2.ast import FunctionBlock

from newsletter.render.tokens import PRIVATE, Kind, Piece, Tokens, in_use

_PARTS = re.compile(
    r"(?P<if><!--\[if[^>]*>(?:<!-->)?)|(?P<endif><!--<!\[endif\]-->|<!\[endif\]-->)"
    r"|(?P<comment><!--.*?-->)"
    r"|(?P<raw><(?P<name>style|title|script|textarea)\b[^>]*>)(?P<inside>.*?)(?=</(?P=name)\b|\Z)"
    r"|(?P<tag></?[A-Za-z](?:\"[^\"]*\"|'[^']*'|[^'\">])*>)",
    re.DOTALL | re.IGNORECASE,
)
_ATTRIBUTE = re.compile(r"([^\s=>\"'/]+)(\s*=\s*)(\"[^\"]*\"|'[^']*'|[^\s>]+)")
_WRITTEN_TAG = re.compile(r"</?[A-Za-z][^<>]*>")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
# Where in styles a value may stand, if not in a declaration.
_IN_STYLES = re.compile(
    r"(?P<comment>/\*.*?(?:\*/|\Z))|(?P<string>\"(?:[^\"\\\n]|\\.)*\"?|'(?:[^'\\\n]|\\.)*'?)"
    r"|(?P<url>url\(\s*(?![\s\"'])[^()\"']*\))",
    re.DOTALL | re.IGNORECASE,
)
_NO_NAME = re.compile(r"[^\w-]+")
_NO_URL = re.compile(r"[\s\"'()\\<>]")
# Values of styles that can neither end a declaration nor fetch anything.
_WORDS = frozenset({"whitespace", "ident", "number", "percentage", "dimension", "hash", "string"})
_SIGNS = frozenset(",/+-*")
_FUNCTIONS = frozenset((
    "calc", "clamp", "color", "hsl", "hsla", "hwb", "lab", "lch", "linear-gradient", "max", "min",
    "oklab", "oklch", "radial-gradient", "rgb", "rgba", "var",
))  # fmt: skip


class Seals:
    """The values behind the seals of one rendering."""

    def __init__(self, key: str) -> None:
        self.tokens = Tokens(key)
        self._sealed = re.compile(rf"{key}s(\d+)z")
        self._mark = re.compile(rf"<!--{key} line \d+-->")

    def in_use(self) -> AbstractContextManager[None]:
        """Keep the values of all that templates print meanwhile."""
        return in_use(self.tokens)

    def seal_all(self, filled: str) -> str:
        """Return what templates wrote, with a seal in place of each token."""
        return PRIVATE.sub(self._seal, filled)

    def break_all(self, html: str) -> str:
        """Replace every seal in a page with its value, as it stands there."""
        parts: list[str] = []
        end, is_comment = 0, False
        for found in _PARTS.finditer(html):
            if self._is_as_it_stays(found):
                continue  # it goes with the text around it
            parts.append(self._in_text(html[end : found.start()], is_comment=is_comment))
            end = found.end()
            if found["if"] or found["endif"]:
                is_comment = bool(found["if"]) and not found[0].endswith("<!-->")
                parts.append(found[0])
            else:
                parts.append(self._in_part(found))
        parts.append(self._in_text(html[end:], is_comment=is_comment))
        return "".join(parts)

    def break_in_styles(self, css: str) -> str:
        """Replace every seal in styles with its value: it ends neither a string nor a rule."""
        if self.tokens.key not in css:
            return css
        parts: list[str] = []
        end = 0
        for found in _IN_STYLES.finditer(css):
            parts.append(self._plain(css[end : found.start()], _in_declaration))
            end = found.end()
            write = _in_css_comment if found["comment"] else _in_url if found["url"] else _in_string
            parts.append(self._plain(found[0], write))
        parts.append(self._plain(css[end:], _in_declaration))
        return "".join(parts)

    def _seal(self, token: re.Match[str]) -> str:
        number = self.tokens.number_of(token[0])
        if number is None:
            return token[0]
        piece = self.tokens.pieces[number]
        return piece.text if piece.kind is Kind.PLACE else f"{self.tokens.key}s{number}z"

    def _is_as_it_stays(self, found: re.Match[str]) -> bool:
        """Return whether a part has no seal, and what follows is read as what came before."""
        if self.tokens.key in found[0] or found.lastgroup in ("if", "endif"):
            return False
        return found.lastgroup != "tag" or "<" not in found[0][1:]

    def _in_part(self, found: re.Match[str]) -> str:
        """Break the seals in a comment, a tag, or an element that holds no tags."""
        if found["comment"]:
            return (
                found[0] if self._mark.fullmatch(found[0]) else self._plain(found[0], _in_comment)
            )
        if found["tag"]:
            return self._in_tag(found["tag"])
        start, name = self._in_tag(found["raw"]), found["name"].lower()
        inside = self._mark.sub("", found["inside"])
        if name == "style":
            return start + self.break_in_styles(inside)
        if name == "script":
            return start + self._plain(inside, _in_script)
        return start + self._plain(_WRITTEN_TAG.sub("", inside), _escaped)

    def _in_tag(self, tag: str) -> str:
        """Break the seals in a tag: in values of attributes, and where none should be."""
        tag = self._mark.sub("", tag)
        return self._plain(_ATTRIBUTE.sub(self._in_attribute, tag), _in_name)

    def _in_attribute(self, found: re.Match[str]) -> str:
        name, equals, value = found.groups()
        if self.tokens.key not in value and "<" not in value:
            return found[0]
        inside = value[1:-1] if value[0] in "\"'" else value
        if name.lower() == "style":
            inside = escape(self.break_in_styles(unescape(inside)))
        else:  # a template may have captured tags as well, and printed them here
            inside = _WRITTEN_TAG.sub("", inside.replace('"', "&quot;"))
            inside = self._plain(inside, _escaped)
        return f'{name}{equals}"{inside}"'

    def _in_text(self, text: str, *, is_comment: bool) -> str:
        if self.tokens.key not in text:
            return text

        def write(found: re.Match[str]) -> str:
            written = self.tokens.html_of(self.tokens.pieces[int(found[1])])
            return _COMMENT.sub("", written) if is_comment else written

        return self._sealed.sub(write, self._mark.sub("", text) if is_comment else text)

    def _plain(self, text: str, write: Callable[[str], str]) -> str:
        if self.tokens.key not in text:
            return text
        return self._sealed.sub(lambda found: write(self._words_of(found)), text)

    def _words_of(self, found: re.Match[str]) -> str:
        piece: Piece = self.tokens.pieces[int(found[1])]
        return self.tokens.plain_of(piece)


def _escaped(words: str) -> str:
    return escape(words)


def _in_comment(words: str) -> str:
    return escape(words).replace("--", "- -")


def _in_name(words: str) -> str:
    return _NO_NAME.sub("", words)


def _in_script(words: str) -> str:
    """Write words as they stand in a string of a script, or of JSON."""
    written = json.dumps(words, ensure_ascii=False)[1:-1]
    return re.sub("[<>&']", lambda sign: f"\\u{ord(sign[0]):04x}", written)


def _in_string(words: str) -> str:
    words = words.replace("\\", "")  # which cssutils writes as if it were an escape
    return re.sub(r"[\"'<>&\n\r\f]", _escape_sign, words)


def _in_url(words: str) -> str:
    return _NO_URL.sub(lambda sign: quote(sign[0]), words)


def _in_css_comment(words: str) -> str:
    return _NO_NAME.sub(" ", words)


def _in_declaration(words: str) -> str:
    """Write a value of a declaration; of one that could end it, its letters.

    Escapes would not do: cssutils reads them when styles are merged, and writes the signs.
    """
    nodes = tinycss2.parse_component_value_list(words)
    if all(map(_is_value, nodes)):
        return str(tinycss2.serialize(nodes))
    return _NO_NAME.sub(" ", words).strip()


def _is_value(node: Any) -> bool:
    if isinstance(node, FunctionBlock):
        return node.lower_name in _FUNCTIONS and all(map(_is_value, node.arguments))
    if node.type == "literal":
        return node.value in _SIGNS
    return node.type in _WORDS


def _escape_sign(sign: re.Match[str]) -> str:
    """Write a sign as CSS does where it shall not be read as one (CSS Syntax 3, section 4.3.7)."""
    return f"\\{ord(sign[0]):x} "
