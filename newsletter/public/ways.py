"""The places that every page of the public service names."""

from newsletter.language import Wording

# Where the newsletter's name in the head of a page leads; "" for nowhere.
HOME = ""
# A place below the public URL, and how it is called: `("subscribe", say("Subscribe"))`.
WAYS: tuple[tuple[str, Wording], ...] = ()
