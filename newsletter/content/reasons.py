"""Says what libraries have against a front matter, in texts of ours that a catalog may hold."""

from typing import Any

from newsletter.wording import Wording, say

# What pydantic has against a value, by its type of error.
_OF_TYPES = {
    "string_type": say("Input should be a valid string"),
    "string_pattern_mismatch": say("expected an address"),
    "too_short": say("it is empty"),
}
# What libyaml says, and what Python says about days and times that no calendar has.
_KNOWN = {
    str(reason): reason
    for reason in (
        say("mapping values are not allowed in this context"),
        say("did not find expected key"),
        say("could not find expected ':'"),
        say("found unexpected end of stream"),
        say("found unexpected document indicator"),
        say("found character that cannot start any token"),
        say("did not find expected alphabetic or numeric character"),
        say("did not find expected comment or line break"),
        say("did not find expected whitespace or line break"),
        say("did not find expected node content"),
        say("did not find expected ',' or ']'"),
        say("did not find expected ',' or '}'"),
        say("did not find expected '-' indicator"),
        say("block sequence entries are not allowed in this context"),
        say("mapping keys are not allowed in this context"),
        say("found a tab character that violates indentation"),
        say("found a tab character where an indentation space is expected"),
        say("found unknown escape character"),
        say("found undefined alias"),
        say("found unhashable key"),
        say("it cannot be read"),
        say("year 0 is out of range"),
        say("month must be in 1..12"),
        say("day is out of range for month"),
        say("hour must be in 0..23"),
        say("minute must be in 0..59"),
        say("second must be in 0..59"),
    )
}
_TAG = "could not determine a constructor for the tag "  # of a value that begins with “!”


def reason_of(error: Any) -> Wording:
    """Return what is wrong with a value, from one of the errors that pydantic lists."""
    known = _OF_TYPES.get(error["type"])
    if known is not None:
        return known
    raised = error.get("ctx", {}).get("error")  # what a validator of ours raised
    return reason_in_words(raised.args[0] if isinstance(raised, ValueError) else error["msg"])


def reason_in_words(reason: str) -> Wording:
    """Return a reason as a text that a catalog may hold; what is rare stays English."""
    if isinstance(reason, Wording):
        return reason
    if reason.startswith(_TAG):
        tag = reason.removeprefix(_TAG)
        return say("could not determine a constructor for the tag {tag}", tag=tag)
    return _KNOWN.get(reason) or say("{english}", english=reason)
