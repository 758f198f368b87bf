"""What conditional comments mean to Outlook for Windows: parts only it shows, or does not see."""

import re
from collections.abc import Set
from typing import Any

from newsletter.checking.instruments.keeping import once
from newsletter.checking.instruments.page import Page

_OPENS = re.compile(r"\s*\[if\s+([^\]]*)\]", re.I)
_FOR_OUTLOOK = re.compile(r"\b(?:mso|IE|gte|lte)\b", re.I)
_NOT_FOR_OUTLOOK = re.compile(r"^\(?\s*!\s*\(?mso|^!mso", re.I)


@once
def outlook_alternatives(page: Page) -> Set[Any]:
    """Return the elements that have an alternative for Outlook, or that Outlook does not see."""
    found: set[Any] = set()
    unseen = alternative = False
    for node in page.root.iter():
        if isinstance(node.tag, str):
            if unseen or alternative:
                found.add(node)
            alternative = False
            continue
        comment = node.text or ""
        match = _OPENS.match(comment)
        if match and _NOT_FOR_OUTLOOK.match(match[1]):
            unseen = True
        elif match and _FOR_OUTLOOK.search(match[1]):
            # A comment that only closes what an earlier one opened offers no alternative.
            alternative = bool(re.search(r"<(?:table|td|v:)", comment))
        elif "[endif]" in comment:
            unseen = False
    return found


def balance(html: str) -> int:
    """Return how many more conditional comments begin than end."""
    begun = len(re.findall(r"<!(?:--)?\[if\b[^\]]*\]", html, re.I))
    return begun - len(re.findall(r"<!\[endif\](?:--)?>", html, re.I))
