"""Writes places to break for libxml2, which does not know that `<wbr>` has no end tag.

It would nest all that follows in it, a level for each, and stop reading at 256.
"""

import re

_BREAK = re.compile(r"<wbr\b([^<>]*?)/?>(?:</wbr>)?", re.IGNORECASE)


def with_ends(html: str) -> str:
    """Return HTML in which each place to break is ended, for libxml2 to read."""
    if "<wbr" not in html:
        return html
    return _BREAK.sub(lambda mark: f"<wbr{mark[1].rstrip()}></wbr>", html)


def without_ends(html: str) -> str:
    """Return HTML as browsers read it, from what libxml2 has written."""
    return html.replace("</wbr>", "")
