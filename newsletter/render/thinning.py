"""Takes out of MRML's HTML what is there already, or has no effect in any mail program.

The author's words are sealed meanwhile, so all markup here is MRML's or a template's. What goes is
found by the very words MRML writes; drawn in Chromium, a page is the same to the pixel without it.
"""

import re
from html import unescape

# Tables that only Outlook reads are in comments of their own; the official MJML joins these, too.
_COMMENTS_THAT_TOUCH = re.compile(r"<!\[endif\]-->\s*<!--\[if mso \| IE\]>")
_FOR_OUTLOOK_2003 = re.compile(r"<!--\[if lte mso 11\]>.*?<!\[endif\]-->\s*", re.DOTALL)
_CLASS_FOR_OUTLOOK = re.compile(r' class="[\w -]*-outlook"')

# A section in a wrapper stands in a table as wide as the wrapper's cell around it.
_CELL = r'<tr><td width="(\d+)px"><table[^>]* align="center" width="\1" style="width:\1px;"><tr>'
_FRAME = re.compile(
    _CELL + r"<td (style=\"[^\"]*\")><!\[endif\]--><div style=\"margin:0px auto;max-width:\1px;\">"
    r"(.*?)</div><!--\[if mso \| IE\]></td></tr></table></td></tr>",
    re.DOTALL,
)

_IDLE = (
    # For programs that are no more: Outlook and Explorer of twenty years ago, Windows phones.
    (
        '<!--[if !mso]><!--><meta http-equiv="X-UA-Compatible" content="IE=edge"><!--<![endif]-->',
        "",
    ),
    ("#outlook a { padding: 0; }", ""),
    (" -ms-text-size-adjust: 100%;", ""),
    (" -ms-interpolation-mode: bicubic;", ""),
    (' xmlns="http://www.w3.org/1999/xhtml"', ""),  # said of no HTML, which has no namespaces
    ('<style type="text/css"', "<style"),  # there is no other type
    (' border="0"', ""),  # of a table, which has none of its own
    (' align="center" style="width:100%;"', ' style="width:100%;"'),
    ('class="mj-outlook-group-fix ', 'class="'),
    # A column inherits the size of its section, and nothing but cells stands in it.
    ('style="font-size:0px;text-align:left;', 'style="text-align:left;'),
    # Cells are aligned by it and pictures in a line, not tables.
    (' width="100%" style="vertical-align:top;">', ' width="100%">'),
    (
        ';vertical-align:top;border-collapse:separate;"><tbody>',
        ';border-collapse:separate;"><tbody>',
    ),
    ("table-layout:auto;width:100%;border:none;", "width:100%;"),
    ("outline:none;text-decoration:none;height:auto;", "height:auto;"),  # of a picture
    ("border:none;border-radius:", "border-radius:"),  # of a button
    ("cursor:auto;mso-padding-alt:", "mso-padding-alt:"),
)
# A button that leads nowhere is a paragraph, whose margins it has to say.
_BUTTON = re.compile(r"(<a [^>]*)margin:0;(text-decoration:none;)text-transform:none;")
# A column that is alone in its section is as wide as that without being told.
_ALONE = re.compile(
    r'class="mj-column-per-100 ?([\w -]*)" style="text-align:left;direction:ltr;'
    r'display:inline-block;vertical-align:top;width:100%;"'
)
_SAID_TWICE = re.compile(r"background:(#\w+);background-color:\1;")
_LEFT_TO_RIGHT = re.compile(r'<html[^>]* dir="ltr"')
_IDLE_LEFT_TO_RIGHT = (
    ("direction:ltr;font-size:0px;", "font-size:0px;"),  # of a section
    ("text-align:left;direction:ltr;", "text-align:left;"),  # of a column
)
_ALIGNED_BY_ITS_CELL = re.compile(r'(<td align="left"[^>]*><div style="[^"]*)text-align:left;')

_FOR_OUTLOOK = re.compile(r"<!--\[if mso \| IE\]>.*?<!\[endif\]-->", re.DOTALL)
_ROLE = ' role="presentation"'

_TYPEFACE = re.compile(r"font-family:(?:[^&;\"]|&\w+;)*;")  # quotes in it are written &quot;
_BREAKS = re.compile(r"word-break:[^;\"]*;")
_SHEET = re.compile(r"<style[^>]*>(.*?)</style>", re.DOTALL)
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_AROUND_TEXT = re.compile(r"(?:^|[\s>+~/])(?:\*|table|tbody|tr|td|th|div)\s*$")
_OUTERMOST = re.compile(r'(<div [^>]*\brole="article"[^>]*?)(?: style="([^"]*)")?>')


def thinned(html: str, styles: str = "") -> str:
    """Return the HTML without what is there already, or has no effect.

    `styles` are written into its elements later. What they, or the page's own, give to kinds of
    elements that stand around texts is not taken for inherited.
    """
    styles += "".join(_SHEET.findall(html))
    html = _COMMENTS_THAT_TOUCH.sub("", _FOR_OUTLOOK_2003.sub("", html))
    html = _FRAME.sub(
        r'<tr><td width="\1px" \2><![endif]--><div>\3</div><!--[if mso | IE]></td></tr>', html
    )
    for idle, rest in _IDLE:
        html = html.replace(idle, rest)
    html = _BUTTON.sub(r"\1\2", html)
    html = _ALONE.sub(r'class="\1" style="text-align:left;direction:ltr;"', html).replace(
        'class="" ', ""
    )
    html = _SAID_TWICE.sub(r"background-color:\1;", html)
    if _LEFT_TO_RIGHT.search(html):
        if not _is_set("text-align", styles):
            html = _ALIGNED_BY_ITS_CELL.sub(r"\1", html)
        for idle, rest in _IDLE_LEFT_TO_RIGHT:
            html = html.replace(idle, rest)
    head, body, content = html.partition("<body")
    if "-outlook" not in head:  # nothing is said of these classes
        content = _CLASS_FOR_OUTLOOK.sub("", content)
    content = _FOR_OUTLOOK.sub(lambda found: found[0].replace(_ROLE, ""), content)
    return _with_said_once(head, body + content, styles)


def _with_said_once(head: str, body: str, styles: str) -> str:
    """Return a page whose outermost element says what all of its texts would say alike.

    Word lets no cell inherit a typeface: there it stands in a style sheet, which Outlook always
    reads. How words break it does not know.
    """
    if not _OUTERMOST.search(body):
        return head + body
    typeface = set() if _is_set("font(?:-family)?", styles) else _only_one(_TYPEFACE, body)
    breaks = set() if _is_set("word-break", styles) else _only_one(_BREAKS, body)
    said = [*typeface, *breaks]
    for declaration in said:
        body = body.replace(declaration, "")
        if declaration.startswith("font-family"):
            of_cells = (
                f"<!--[if mso]><style>td,th{{{unescape(declaration[:-1])}}}</style><![endif]-->"
            )
            head = head.replace("</head>", f"{of_cells}</head>", 1)
    return head + _OUTERMOST.sub(
        lambda found: f'{found[1]} style="{found[2] or ""}{"".join(said)}">', body, count=1
    )


def _is_set(name: str, styles: str) -> bool:
    """Return whether styles set a property of elements that stand between the page and a text."""
    declared = re.compile(rf"(?:^|[;\s]){name}\s*:")
    return any(
        declared.search(declarations) and any(map(_AROUND_TEXT.search, selectors.split(",")))
        for selectors, declarations in _RULE.findall(styles)
    )


def _only_one(declared: re.Pattern[str], html: str) -> set[str]:
    """Return the declaration that all elements with such a one have; nothing if they differ."""
    declarations = set(declared.findall(html))
    return declarations if len(declarations) == 1 else set()
