"""How the mail to the editor looks: few boxes that any mail program shows, light and dark."""

from collections.abc import Sequence
from html import escape
from string import Template

_PAGE = Template("""\
<!doctype html>
<html lang="$language">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>$title</title>
</head>
<body style="margin:0;padding:0">
<div style="max-width:600px;margin:0 auto;padding:24px 16px;\
font:16px/1.5 Arial,Helvetica,sans-serif">
<p style="margin:0 0 4px;font-size:14px">$title</p>
<h1 style="margin:0 0 24px;font-size:20px;line-height:1.3">$opening</h1>
$items
<p style="margin:24px 0 0;font-size:14px">$closing</p>
</div>
</body>
</html>
""")
_ITEM = Template("""\
<div style="margin:0 0 16px;padding:12px 16px;border:1px solid #808080;\
border-left:4px solid #c0392b">
<h2 style="margin:0;font-size:17px;line-height:1.35;overflow-wrap:anywhere">$what</h2>
<p style="margin:0 0 8px;font-size:14px">$when</p>
<p style="margin:0 0 8px;overflow-wrap:anywhere"><b>$asked_why:</b> $why</p>
<p style="margin:0"><b>$asked_todo:</b> $cure</p>
<p style="margin:8px 0 0;font:14px/1.5 Menlo,Consolas,monospace;overflow-wrap:anywhere">\
$command</p>
</div>
""")


def fill_page(
    *, language: str, title: str, opening: str, items: Sequence[str], closing: str
) -> str:
    """Return the page with its items, which are filled already."""
    return _PAGE.substitute(
        language=language,
        title=escape(title),
        opening=escape(opening),
        items="".join(items),
        closing=escape(closing),
    )


def fill_item(**words: str) -> str:
    """Return the box of one trouble."""
    return _ITEM.substitute({name: escape(text) for name, text in words.items()})
