"""Looks whether a page holds anything that somebody else put there to run."""

from collections.abc import Iterator
from typing import Any

import lxml.html

# Closes whatever may be open, and then is an element, a handler, a script and an address that runs.
PAYLOAD = (
    "\"'></title></style></textarea><b data-planted onmouseover=alert(1)>x</b>"
    "<script>alert(1)</script><img src=x onerror=alert(1)><a href=javascript:alert(1)>x</a>"
)
_RUNNING = ("javascript:", "vbscript:", "data:text/html")
_ADDRESSES = ("href", "src", "action", "formaction", "xlink:href", "background", "poster")
_FOREIGN = frozenset({"iframe", "object", "embed", "applet", "base"})


def faults_in(html: str, *, own_scripts: bool = False) -> list[str]:
    """Return what of a page would run, or is there though it was only a text.

    Pages of the preview have scripts of their own, which are files.
    """
    parser = lxml.html.HTMLParser(encoding="utf-8")
    page = lxml.html.document_fromstring(html.encode(), parser=parser)
    return [f for element in page.iter() for f in _faults_of(element, own_scripts=own_scripts)]


def _faults_of(element: Any, *, own_scripts: bool) -> Iterator[str]:
    if not isinstance(element.tag, str):  # a comment
        return
    if element.tag == "script" and not (own_scripts and _is_own(element)):
        yield f"script: {(element.text or '')[:60]}"
    if element.tag in _FOREIGN and not own_scripts:
        yield element.tag
    for name, value in element.attrib.items():
        address = "".join(value.split()).lower()
        runs = name in _ADDRESSES and address.startswith(_RUNNING)
        if runs or name.startswith("on") or name == "data-planted":
            yield f"{element.tag} {name}={value[:60]}"


def _is_own(script: Any) -> bool:
    is_data = script.get("type") in ("application/json", "importmap")
    return bool(script.get("src", "").startswith("/static/")) or is_data
