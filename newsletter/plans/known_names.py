"""Whether a segment asks for what the list has: an unknown name or region is a mistake, told of."""

from collections.abc import Collection

from newsletter.audience import work_name
from newsletter.errors import UsageError
from newsletter.language import closest, find_country_region, regions_of_finland, say
from newsletter.ledger import Ledger, people
from newsletter.model import Segment

# What is known of everybody, besides the attributes that a list brings.
BUILT_IN = ("name", "email", "language", "standing", "joined")


def check_segment(ledger: Ledger, segment: Segment) -> None:
    """Raise UsageError if a segment asks for an attribute or a region that nobody on the list has.

    An empty list can tell of nothing.
    """
    with ledger.read() as connection:
        names = people.attribute_names(connection)
        regions = people.values_of(connection, "region") if "region" in segment.names else []
        if not people.is_anybody_known(connection):
            return
    for name in segment.names:
        _check_name(name, names)
    if any(segment.values_of("joined")):
        raise UsageError(
            say("“joined” is a day: write joined before 2026, joined after 1.3.2026 or joined on …")
        )
    for value in segment.values_of("region"):
        _check_region(value, regions)


def _check_name(name: str, names: Collection[str]) -> None:
    if name in BUILT_IN or name in names:
        return
    kept = work_name(name)
    near = kept if kept in names else closest(name, [*sorted(names), *BUILT_IN])
    if near:
        raise UsageError(
            say("nobody on the list has “{name}”; did you mean “{near}”?", name=name, near=near)
        )
    raise UsageError(
        say(
            "nobody on the list has “{name}”; known: {names}",
            name=name,
            names=", ".join([*sorted(names), *BUILT_IN]),
        )
    )


def _check_region(value: str, regions: Collection[str]) -> None:
    folded = {region.casefold() for region in regions}
    if not value or find_country_region(value) or value.casefold() in folded:
        return
    names = [name for region in regions_of_finland().values() for name in region.names.values()]
    near = closest(value, [*regions, *names])
    if near:
        raise UsageError(
            say("there is no region “{value}”; did you mean “{near}”?", value=value, near=near)
        )
    raise UsageError(say("there is no region “{value}”", value=value))
