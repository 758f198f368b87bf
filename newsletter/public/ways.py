"""The places that every page of the public service names."""

from newsletter.language import Wording, say

# Where the newsletter's name in the head of a page leads, and how that is called.
ARCHIVE = ("archive", say("All issues"))
# A place below the public URL, and how it is called: `("subscribe", say("Subscribe"))`.
# Where regional networks are listed, if there are any.
REGIONS = ("regions", say("Regional networks"))
WAYS: tuple[tuple[str, Wording], ...] = (
    ("subscribe", say("Subscribe")),
    ("links", say("Change what you get, or leave")),
)
