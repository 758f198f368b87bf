"""Whether a person pressed a button: what is posted comes from its form, and nobody looks ahead.

Scanners post to the links of mails, too, with an empty body; browsers that look ahead say so.
"""

from collections.abc import Mapping

from starlette.requests import Request

PRESSED = "pressed"  # a hidden field of each form that acts
_AHEAD = ("sec-purpose", "purpose", "x-moz")


def is_pressed(request: Request, given: Mapping[str, str]) -> bool:
    """Return whether a button of ours was pressed."""
    looks_ahead = any("prefetch" in request.headers.get(name, "").lower() for name in _AHEAD)
    return PRESSED in given and not looks_ahead
