"""Finland's regions as data."""

import pytest

from newsletter.language import find_country_region, regions_of_finland


def test_there_are_19_regions_and_each_way_to_write_one_means_it_alone() -> None:
    regions = regions_of_finland()

    assert len(regions) == 19
    assert len({region.iso for region in regions.values()}) == 19
    for region in regions.values():
        assert all(find_country_region(way) == region for way in region.spellings)


@pytest.mark.parametrize(
    "text", ["19", "fi-10", "LAPPI", " lappland ", "Lapissa", "i  Lappland", "Lapland"]
)
def test_a_region_is_found_however_it_is_written(text: str) -> None:
    found = find_country_region(text)

    assert found is not None
    assert (found.code, found.name_in("sv-FI"), found.name_in("en")) == (
        "19",
        "Lappland",
        "Lapland",
    )


@pytest.mark.parametrize("text", ["", "99", "03", "Lapp", "FI-20"])
def test_what_is_no_region_is_not_taken_for_one(text: str) -> None:
    assert find_country_region(text) is None
