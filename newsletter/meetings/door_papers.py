"""What is printed for the door of a meeting: name badges, and a sheet to sign.

The first name is what people read from afar, so it is as large as it fits. A badge never cuts a
name: letters shrink, and what is still too long goes on in a second line.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from string import Template

from newsletter.drawing import wide

_ROOM = 78.0  # millimetres for words on a badge of 90
_POINT = 25.4 / 72  # millimetres
_LARGEST, _LEAST = 40.0, 20.0  # points of a first name
_REST = 20.0  # points of what follows it, and at least
_REST_LEAST = 18.0
_FROM, _FROM_LEAST = 14.0, 10.0  # of where they come from
_BLANK = 8  # lines of a sheet to sign for whoever did not register
_PAGE = Template("""\
<!doctype html>
<html lang="$language"><head><meta charset="utf-8"><title>$title</title><style>
@page { size: A4; margin: $margin }
body { margin: 0; font-family: Arial, Helvetica, sans-serif; color: #000 }
.badges { display: flex; flex-wrap: wrap }
.badge { box-sizing: border-box; width: 90mm; height: 55mm; padding: 5mm 6mm; break-inside: avoid;
border: .2mm dashed #999; display: flex; flex-direction: column; justify-content: center;
text-align: center; overflow-wrap: anywhere }
.badge p { margin: 0; line-height: 1.1; flex: none }
.badge .first { font-weight: bold }
.badge .from { margin-top: 2mm }
h1 { font-size: 18pt; margin: 0 0 1mm } .when { margin: 0 0 5mm; font-size: 11pt }
table { width: 100%; border-collapse: collapse; font-size: 11pt }
thead { display: table-header-group } tr { break-inside: avoid }
th { text-align: left; border-bottom: .5mm solid #000; padding: 1.5mm 2mm }
td { border-bottom: .2mm solid #777; padding: 3.5mm 2mm; overflow-wrap: anywhere }
thead td { border-bottom: .5mm solid #000 }
.number { width: 8mm; text-align: right } .sign { width: 55mm }
</style></head><body>$body</body></html>
""")


@dataclass(frozen=True, slots=True, kw_only=True)
class Guest:
    """Somebody who is expected, as they are named at the door."""

    name: str
    badge: str = ""  # the name that they want on the badge; empty: `name`
    organisation: str = ""


def write_badges(guests: Sequence[Guest], title: str, *, language: str) -> str:
    """Return a page of HTML with a badge for each, ten on a sheet of A4, to be cut or inserted."""
    body = "".join(map(_badge, guests))
    return _PAGE.substitute(
        language=escape(language),
        title=escape(title),
        margin="10mm 15mm",
        body=f'<div class="badges">{body}</div>',
    )


def write_sign_in(
    guests: Sequence[Guest],
    title: str,
    when: str,
    *,
    language: str,
    heads: tuple[str, str, str],
) -> str:
    """Return a page of HTML with a line for each in the order given, and blank ones for others.

    `heads` are the words above names, organisations and signatures.
    """
    lines = [(guest.name, guest.organisation) for guest in guests] + [("", "")] * _BLANK
    rows = "".join(
        f'<tr><td class="number">{n}</td><td>{escape(name)}</td><td>{escape(of)}</td>'
        '<td class="sign"></td></tr>'
        for n, (name, of) in enumerate(lines, 1)
    )
    name, of, sign = map(escape, heads)
    table = (
        f'<table><thead><tr><td class="number"></td><th scope="col">{name}</th>'
        f'<th scope="col">{of}</th><th scope="col" class="sign">{sign}</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>"
    )
    body = f'<h1>{escape(title)}</h1><p class="when">{escape(when)}</p>{table}'
    return _PAGE.substitute(
        language=escape(language), title=escape(title), margin="15mm", body=body
    )


def _badge(guest: Guest) -> str:
    first, _, rest = (guest.badge or guest.name).strip().partition(" ")
    size = _fit(guest.organisation, _FROM, _FROM_LEAST)
    of = f'<p class="from" style="font-size:{size:.1f}pt">{escape(guest.organisation)}</p>'
    more = f'<p style="font-size:{_fit(rest, _REST, _REST_LEAST):.1f}pt">{escape(rest)}</p>'
    return (
        f'<div class="badge"><p class="first" style="font-size:{_fit(first):.1f}pt">'
        f"{escape(first)}</p>{more if rest else ''}{of if guest.organisation else ''}</div>"
    )


def _fit(words: str, largest: float = _LARGEST, least: float = _LEAST) -> float:
    """Return the size in points at which words fit into one line of a badge, or the least one."""
    width = wide(words, 1.0) * 1.08  # bold letters are wider than those that are measured
    return max(least, min(largest, _ROOM / _POINT / width)) if width else largest
