"""An address is found in networks of both kinds, as Python's own library would, but fast."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from newsletter.judging.address_ranges import AddressRanges

NETWORKS = ("192.0.2.0/24", "192.0.2.64/26", "198.51.100.7", "2001:db8:1::/48", "2001:db8:2::1")


@pytest.mark.parametrize(
    "address",
    [
        *("192.0.2.0", "192.0.2.255", "198.51.100.7", "2001:db8:1:ffff::1"),
        *("::ffff:192.0.2.9", "2001:DB8:1::%eth0"),
    ],
)
def test_an_address_of_a_network_is_found(address: str) -> None:
    assert address in AddressRanges(NETWORKS)


@pytest.mark.parametrize(
    "address",
    ["192.0.1.255", "192.0.3.0", "198.51.100.8", "2001:db8:3::", "::", "", "localhost", "1.2.3", 7],
)
def test_what_is_in_none_is_not(address: object) -> None:
    assert address not in AddressRanges(NETWORKS)
    assert "192.0.2.1" not in AddressRanges(())


def test_what_is_no_network_is_refused() -> None:
    for wrong in ("192.0.2.1/24", "192.0.2.0/33", "example.org", ""):
        with pytest.raises(ValueError, match=r"."):
            AddressRanges([wrong])


@given(
    st.lists(st.tuples(st.integers(0, 2**32 - 1), st.integers(4, 32)), max_size=20),
    st.lists(st.integers(0, 2**32 - 1), min_size=1, max_size=20),
)
def test_networks_hold_what_the_library_says(some: list[tuple[int, int]], asked: list[int]) -> None:
    networks = [ipaddress.ip_network(one, strict=False) for one in some]
    ours = AddressRanges(map(str, networks))
    near = [int(edge) + by for n in networks for edge in (n[0], n[-1]) for by in (-1, 0, 1)]

    for number in (n for n in (*asked, *near) if 0 <= n < 2**32):
        address = ipaddress.ip_address(number)
        assert (str(address) in ours) == any(address in network for network in networks)
