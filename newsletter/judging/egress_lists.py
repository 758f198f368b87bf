"""Reads the list of networks that Apple publishes, and makes a small one of it.

Its rows are a network, a country, a region, a city and nothing, such as
`172.224.226.0/27,GB,GB-EN,London,`; it has no head. In 2026 it has 287,000 of them.
"""

from collections.abc import Iterator

from newsletter.errors import RuleFileError
from newsletter.judging.address_ranges import (
    AddressRange,
    bits_of,
    merged,
    networks_of,
    range_of,
)
from newsletter.judging.rule_files import MOST_NETWORKS, RuleFile, rule_file_error
from newsletter.language import Wording, say
from newsletter.tomlkeys import TomlFault

APPLE = "apple"  # the list of networks that it takes the place of
_MOST_ROWS = 1_000_000
_WIDEST = {4: 12, 6: 28}  # bits: Apple's own rows are much narrower


def is_egress_list(text: str) -> bool:
    """Return whether a text begins as Apple's list does."""
    first = next(filter(None, map(str.strip, text[:10_000].split("\n"))), "")
    try:
        range_of(first.partition(",")[0])
    except ValueError:
        return False
    return "," in first


def read_egress_list(text: str, name: str, version: str) -> RuleFile:
    """Return the networks of Apple's list, as few as tell the same; raise RuleFileError."""
    ranges = merged(_ranges_in(text, name))
    few = [network for one in ranges for network in networks_of(one)]
    if len(few) > MOST_NETWORKS:
        raise _refused(
            name, None, say("{count:,} networks are left of it, too many", count=len(few))
        )
    return RuleFile(version=version, networks={APPLE: few})


def _ranges_in(text: str, name: str) -> Iterator[AddressRange]:
    for number, row in enumerate(text.split("\n"), 1):
        if number > _MOST_ROWS:
            raise _refused(name, number, say("more than {count:,} rows", count=_MOST_ROWS))
        written = row.partition(",")[0].strip()
        if not written:
            continue
        try:
            one = range_of(written)
        except ValueError as err:
            said = say("“{network}” is no network such as 192.0.2.0/24", network=written[:100])
            raise _refused(name, number, said) from err
        if bits_of(one) < _WIDEST[one.kind]:
            said = say("“{network}” is too wide to be somebody's own", network=written)
            raise _refused(name, number, said)
        yield one


def _refused(name: str, line: int | None, message: Wording) -> RuleFileError:
    hint = say("fetch the list anew: {url}", url="https://mask-api.icloud.com/egress-ip-ranges.csv")
    return rule_file_error(name, [TomlFault(line=line, message=message, hint=hint)])
