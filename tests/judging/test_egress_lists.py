"""Apple's list of networks becomes a small one that says the same."""

import ipaddress
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.errors import RuleFileError
from newsletter.judging import is_egress_list, read_egress_list
from newsletter.judging.address_ranges import AddressRanges

SAMPLE = """\
192.0.2.0/27,GB,GB-EN,London,
192.0.2.32/27,GB,GB-EN,London,
2001:db8:e52c:583a::/64,BR,BR-MG,São Paulo,
198.51.100.252/31,US,US-MA,NEEDHAM,
203.0.113.64/29,AD,,Andorra la Vella,
203.0.113.128/25,TG,,,
"""


def test_a_list_as_apple_publishes_it_is_taken_for_one() -> None:
    assert is_egress_list(SAMPLE)
    assert is_egress_list("\n\n" + SAMPLE)
    assert not is_egress_list('version = "2026-12-01"\n')
    assert not is_egress_list("")
    assert not is_egress_list("192.0.2.0/27")


def test_networks_that_lie_side_by_side_become_one() -> None:
    read = read_egress_list(SAMPLE, "egress-ip-ranges.csv", "2026-12-01")

    assert (read.label, read.networks) == (
        "apple 2026-12-01",
        {
            "apple": [
                *("192.0.2.0/26", "198.51.100.252/31", "203.0.113.64/29", "203.0.113.128/25"),
                "2001:db8:e52c:583a::/64",
            ]
        },
    )


@given(st.lists(st.tuples(st.integers(0, 2**20 - 1), st.integers(24, 32)), min_size=1, max_size=40))
def test_what_is_left_holds_the_same_addresses(some: list[tuple[int, int]]) -> None:
    base = int(ipaddress.ip_address("192.0.0.0"))
    networks = [ipaddress.ip_network((base + at, bits), strict=False) for at, bits in some]
    text = "".join(f"{network},FI,FI-18,Helsinki,\n" for network in networks)

    left = AddressRanges(read_egress_list(text, "list.csv", "2026-12-01").networks["apple"])

    for network in networks:
        for edge in (network[0], network[-1]):
            for address in (edge - 1, edge, edge + 1):
                assert (str(address) in left) == any(address in one for one in networks)


@pytest.mark.long
def test_all_of_its_rows_become_thousands() -> None:
    """287,000 rows, as many of each kind and as they lie, in a list of the size of Apple's."""
    order = random.Random(0)
    rows = [f"2001:db8:{a:x}:{b:x}::/64,US,US-CA,," for a in range(500) for b in range(500)]
    rows += [f"192.0.{n >> 8 & 255}.{n & 254}/31,US,US-CA,," for n in range(0, 65_536, 2)]
    order.shuffle(rows)

    read = read_egress_list("\n".join(rows), "list.csv", "2026-12-01")

    assert len(rows) > 280_000
    assert len(read.networks["apple"]) < 4_000


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (SAMPLE + "<html>,\n", "list.csv:7: “<html>” is no network such as 192.0.2.0/24; fetch"),
        (SAMPLE + "0.0.0.0/0,US,,,\n", "list.csv:7: “0.0.0.0/0” is too wide to be somebody's own"),
        (SAMPLE + "::/0,US,,,\n", "list.csv:7: “::/0” is too wide"),
        ("\n" * 1_000_001 + SAMPLE, "more than 1,000,000 rows"),
        (
            "".join(f"10.{n >> 8}.{n & 255}.1/32,,,,\n" for n in range(30_001)),
            "30,001 networks are",
        ),
    ],
)
def test_what_is_no_such_list_is_refused_with_its_line(text: str, said: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        read_egress_list(text, "list.csv", "2026-12-01")

    assert said in str(caught.value)
