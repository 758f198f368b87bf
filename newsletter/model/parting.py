"""How somebody left by their link, and why, in words that they may choose."""

from enum import StrEnum

from newsletter.language import Wording, say


class Way(StrEnum):
    """How somebody left."""

    ONE_CLICK = "one-click"  # a button of their mail program: RFC 8058
    PAGE = "page"


class Why(StrEnum):
    """Why somebody left, in a word that they may choose."""

    OFTEN = "often"
    CONTENT = "content"
    NEVER_ASKED = "never-asked"
    ELSEWHERE = "elsewhere"
    OTHER = "other"

    @property
    def words(self) -> Wording:
        """Return it as people read it."""
        return _WHYS[self]


_WHYS = {
    Why.OFTEN: say("It comes too often"),
    Why.CONTENT: say("It is not about what I need"),
    Why.NEVER_ASKED: say("I never asked for it"),
    Why.ELSEWHERE: say("I read it elsewhere"),
    Why.OTHER: say("For another reason"),
}
