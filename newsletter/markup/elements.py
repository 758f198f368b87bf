"""Tells HTML tags from other words in angle brackets, such as x<y>z."""

import re

# HTML standard, indices of elements and attributes, and those in older mail.
_ELEMENTS = {
    "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b", "base",
    "basefont", "bdi", "bdo", "bgsound", "big", "blink", "blockquote", "body", "br", "button",
    "canvas", "caption", "center", "cite", "code", "col", "colgroup", "data", "datalist", "dd",
    "del", "details", "dfn", "dialog", "dir", "div", "dl", "dt", "em", "embed", "fieldset",
    "figcaption", "figure", "font", "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4",
    "h5", "h6", "head", "header", "hgroup", "hr", "html", "i", "iframe", "img", "input", "ins",
    "isindex", "kbd", "label", "legend", "li", "link", "main", "map", "mark", "marquee", "math",
    "menu", "menuitem", "meta", "meter", "nav", "nobr", "noembed", "noframes", "noscript", "object",
    "ol", "optgroup", "option", "output", "p", "param", "picture", "plaintext", "pre", "progress",
    "q", "rb", "rp", "rt", "rtc", "ruby", "s", "samp", "script", "search", "section", "select",
    "slot", "small", "source", "span", "strike", "strong", "style", "sub", "summary", "sup", "svg",
    "table", "tbody", "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr",
    "track", "tt", "u", "ul", "var", "video", "wbr", "xmp",
}  # fmt: skip
_BARE = {  # attributes without a value
    "allowfullscreen", "async", "autofocus", "autoplay", "checked", "compact", "controls",
    "default", "defer", "disabled", "download", "formnovalidate", "hidden", "inert", "ismap",
    "itemscope", "loop", "multiple", "muted", "nohref", "noresize", "noshade", "novalidate",
    "nowrap", "open", "playsinline", "readonly", "required", "reversed", "selected",
}  # fmt: skip
_TAG = re.compile(r"</?(?P<name>[A-Za-z][A-Za-z0-9:-]*)")
_VALUE = re.compile(r"""(?<![\w:@.-])[\w:@.-]+\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'=<>`]+)""")


def is_tag(text: str) -> bool:
    """Return whether a text in angle brackets is a tag, and not words as in a<b ja x > y."""
    match = _TAG.match(text)
    if match is None or not is_element(match["name"]):
        return False
    rest = _VALUE.sub(" ", text[match.end("name") :].rstrip(">").rstrip("/"))
    return all(word.lower() in _BARE for word in rest.split())


def is_element(name: str) -> bool:
    """Return whether HTML has an element of this name."""
    return name.lower() in _ELEMENTS or ":" in name  # word processors write <o:p>
