"""Cleans HTML down to what mail programs show, and reports what was removed."""

import re
from html.parser import HTMLParser

import nh3

from newsletter.language import Wording, say

_TEXT_TAGS = {
    "a", "abbr", "b", "bdi", "bdo", "br", "cite", "code", "del", "dfn", "em", "i", "img", "ins",
    "kbd", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "u", "var", "wbr",
}  # fmt: skip
_FLOW_TAGS = {
    "blockquote", "caption", "dd", "div", "dl", "dt", "h2", "h3", "h4", "h5", "h6", "hr", "li",
    "ol", "p", "pre", "table", "tbody", "td", "tfoot", "th", "thead", "tr", "ul",
}  # fmt: skip
_TAGS = _TEXT_TAGS | _FLOW_TAGS
_ATTRIBUTES = {
    "*": {"lang", "dir"},
    "a": {"href", "title", "name", "id"},
    "abbr": {"title"},
    "code": {"class"},
    "img": {"src", "alt", "title", "width", "height"},
    "li": {"value", "id"},
    "ol": {"start", "type", "reversed", "class"},
    "sup": {"class"},
    "td": {"colspan", "rowspan", "align"},
    "th": {"colspan", "rowspan", "align", "scope"},
    "wbr": {"class"},
}
_SCHEMES = {"http", "https", "mailto", "tel", "sms"}
# Typing mistakes and the author's own files, which no program can follow. They stay, so that a
# check can report their line and what was meant.
_SLIPS = {
    *("htp", "htpp", "hhtp", "htttp", "httpp", "htt", "ttp", "htps", "htpps", "hhtps"),
    *("htttps", "httpps", "httpss", "httsp", "htts", "ttps", "file", "c", "d", "h"),
}  # fmt: skip
_WITHOUT_CONTENT = {"script", "style", "title", "template", "iframe", "object", "svg", "math"}

_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    clean_content_tags=_WITHOUT_CONTENT,
    url_schemes=_SCHEMES | _SLIPS,
    link_rel=None,
)

# Without it, some programs read out the address of a picture.
_WITHOUT_WORDS = re.compile(r'<img(?=[ >])(?! (?:[\w-]+="[^"]*" )*alt=)')


def clean_html(html: str) -> str:
    """Return well-formed HTML of the tags and attributes that mail programs show."""
    return _WITHOUT_WORDS.sub('<img alt=""', _CLEANER.clean(html))


def list_removals(html: str) -> list[Wording]:
    """Return a sentence for each thing that `clean_html` removes."""
    audit = _Audit()
    # After the last sign that ends a tag there are no more tags; the parser would search for one at
    # each place where one might begin.
    audit.feed(html[: html.rfind(">") + 1])
    audit.close()
    return list(dict.fromkeys(audit.removed))


class _Audit(HTMLParser):
    """Collects the tags, attributes and links that are not allowed."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.removed: list[Wording] = []

    def parse_marked_section(self, i: int, report: int = 1) -> int:  # noqa: ARG002 - as it is called
        """Skip `<![...`, for which the parser asserts that a name follows."""
        return self.parse_bogus_comment(i)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            self.removed.append(_tag_removed(tag))
            return
        allowed = _ATTRIBUTES["*"] | _ATTRIBUTES.get(tag, set())
        for name, value in attrs:
            if name not in allowed:
                self.removed.append(_attribute_removed(name, tag))
            elif name in ("href", "src") and not _is_allowed_url(value or ""):
                self.removed.append(_link_removed(value or ""))


def _tag_removed(tag: str) -> Wording:
    if tag in _WITHOUT_CONTENT:
        return say("<{tag}> and its content cannot be shown in mail and was taken away", tag=tag)
    return say("<{tag}> cannot be shown in mail and was taken away", tag=tag)


def _attribute_removed(name: str, tag: str) -> Wording:
    return say(
        "{attribute} of <{tag}> cannot be shown in mail and was taken away", attribute=name, tag=tag
    )


def _link_removed(address: str) -> Wording:
    return say("the link “{address}” cannot be shown in mail and was taken away", address=address)


def _is_allowed_url(url: str) -> bool:
    scheme, colon, _ = url.strip().partition(":")
    known = scheme.lower() in _SCHEMES | _SLIPS
    return not colon or any(c in scheme for c in "/?#") or known
