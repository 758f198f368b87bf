"""The places that every page of the public service names."""

from newsletter.language import Wording, say

# Where the newsletter's name in the head of a page leads, and how that is called.
ARCHIVE = ("archive", say("All issues"))
# A place below the public URL, and how it is called: `("subscribe", say("Subscribe"))`.
# Where meetings are listed, and regional networks, if there are any.
MEETINGS = ("meetings", say("Meetings"))
REGIONS = ("regions", say("Regional networks"))
Way = tuple[str, Wording]
WAYS: tuple[Way, ...] = (
    ("subscribe", say("Subscribe")),
    ("links", say("Change what you get, or leave")),
)


def ways_of(*, has_archive: bool, has_meetings: bool, has_regions: bool) -> tuple[Way, ...]:
    """Return the places that pages name, of those that there are."""
    archive = (ARCHIVE,) if has_archive else ()
    meetings = (MEETINGS,) if has_meetings else ()
    return (*archive, *meetings, *WAYS, *((REGIONS,) if has_regions else ()))
