"""Puts the complaints of libraries about an editor's text into our own words, for translation.

Settings, front matter and templates are read by libraries that speak only English.
"""

import errno
import re
from typing import Any

from newsletter.language.wording import Wording, say

# Pydantic's complaints about a value, by type of error.
_OF_TYPES = {
    "string_type": say("expected text"),
    **dict.fromkeys(
        ("int_type", "int_from_float", "int_parsing"),
        say("expected a whole number, without quotation marks"),
    ),
    **dict.fromkeys(
        ("float_type", "float_parsing"), say("expected a number, without quotation marks")
    ),
    "finite_number": say("expected a finite number"),
    **dict.fromkeys(
        ("bool_type", "bool_parsing"), say("expected true or false, without quotation marks")
    ),
    "list_type": say('expected a list in square brackets, such as ["a", "b"]'),
    **dict.fromkeys(
        ("dict_type", "mapping_type", "model_type"),
        say("expected a table of names and values"),
    ),
    "string_pattern_mismatch": say("expected an address"),
    "too_short": say("it is empty"),
}
# Messages of libyaml.
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
    )
}
# Python's messages about days and times that do not exist, by their beginning: from 3.14 on they
# include the number, as in "month must be in 1..12, not 74".
_OF_CALENDARS = {
    ("year 0 is out of range", "year must be in"): say("year 0 is out of range"),
    ("month must be in",): say("month must be in 1..12"),
    ("day is out of range", "day "): say("day is out of range for month"),
    ("hour must be in",): say("hour must be in 0..23"),
    ("minute must be in",): say("minute must be in 0..59"),
    ("second must be in",): say("second must be in 0..59"),
}
_TAG = "could not determine a constructor for the tag "  # about a value that begins with “!”


# What an operating system says of a disk or a network, by its number.
_OF_DISKS = {
    errno.EACCES: say("Permission denied"),
    errno.EPERM: say("Operation not permitted"),
    errno.EROFS: say("Read-only file system"),
    errno.ENOSPC: say("No space left on device"),
    errno.EDQUOT: say("Disk quota exceeded"),
    errno.ENOENT: say("No such file or directory"),
    errno.EEXIST: say("File exists"),
    errno.ENOTDIR: say("Not a directory"),
    errno.EISDIR: say("Is a directory"),
    errno.ENOTEMPTY: say("Directory not empty"),
    errno.ENAMETOOLONG: say("File name too long"),
    errno.ELOOP: say("Too many levels of symbolic links"),
    errno.EIO: say("Input/output error"),
    errno.EADDRINUSE: say("Address already in use"),
    errno.EADDRNOTAVAIL: say("Cannot assign requested address"),
    errno.ECONNREFUSED: say("Connection refused"),
    errno.ECONNRESET: say("Connection reset by peer"),
    errno.EHOSTUNREACH: say("No route to host"),
    errno.ENETUNREACH: say("Network is unreachable"),
    errno.ETIMEDOUT: say("Connection timed out"),
}
# What we say ourselves of a file, in the place of an operating system.
_OF_FILES = (
    say("is not a file that can be read"),
    say("is the ledger itself"),
)


def reason_of_disk(err: OSError) -> Wording:
    """Return what an operating system says is wrong, or we in its place, for translation."""
    told = err.strerror or str(err)
    if size := re.fullmatch(r"is larger than (\d+) MB", told):
        return say("is larger than {most:,} MB", most=int(size[1]))
    known = _OF_DISKS.get(err.errno or 0)
    if known is not None and known == told:
        return known
    ours = next((reason for reason in _OF_FILES if reason == told), None)
    return ours or say("{english}", english=told)


# What a network says that is no answer of an operating system, and what we say in its place.
_OF_NETWORKS = {
    str(words): words
    for words in (
        *_OF_DISKS.values(),
        say("Name or service not known"),
        say("No address associated with hostname"),
        say("Temporary failure in name resolution"),
        say("nodename nor servname provided, or not known"),
        say("Address already in use"),
        say("Cannot assign requested address"),
        say("timed out"),
        say("no answer in time"),
        say("the answer does not end"),
    )
}


def reason_of_network(said: str) -> Wording:
    """Return why a server was not reached, for translation; rare reasons stay in English."""
    if isinstance(said, Wording):
        return said
    numbered = re.fullmatch(r"\[Errno (-?\d+)\] (.+)", said)
    known = _OF_NETWORKS.get(numbered[2] if numbered else said)
    if known is None:
        return say("{english}", english=said)
    if numbered is None:
        return known
    return say("[Errno {number}] {reason}", number=int(numbered[1]), reason=known)


def reason_of(error: Any) -> Wording:
    """Return what is wrong with a value, from one of the errors that pydantic lists."""
    known = _OF_TYPES.get(error["type"]) or _limit(error)
    if known is not None:
        return known
    raised = error.get("ctx", {}).get("error")  # raised by a validator of our own
    return reason_in_words(raised.args[0] if isinstance(raised, ValueError) else error["msg"])


def reason_in_words(reason: str) -> Wording:
    """Return a reason as a text that a catalog can translate; rare ones stay in English."""
    if isinstance(reason, Wording):
        return reason
    if reason.startswith(_TAG):
        tag = reason.removeprefix(_TAG)
        return say("could not determine a constructor for the tag {tag}", tag=tag)
    for beginnings, known in _OF_CALENDARS.items():
        if reason.startswith(beginnings):
            return known
    return _KNOWN.get(reason) or say("{english}", english=reason)


def _limit(error: Any) -> Wording | None:
    """Return the limit on a value, if pydantic's message names one."""
    context = error.get("ctx", {})
    match error["type"]:
        case "greater_than":
            return say("expected a number greater than {limit:g}", limit=context["gt"])
        case "greater_than_equal":
            least = context["ge"]
            return say("expected at least {least:g}", least=least)
        case "less_than_equal":
            most = context["le"]
            return say("expected at most {most:g}", most=most)
        case "too_long" | "string_too_long":
            return say("expected at most {most:,} of them", most=context["max_length"])
        case "literal_error":
            choices, _, last = context["expected"].rpartition(" or ")
            return say("expected {choices} or {last}", choices=choices, last=last)
    return None
