"""What a simulation writes into the page about counting stands there once, and nowhere else."""

from tests.stats.simulation import PAGE, block_in, written_into


def test_tables_that_are_written_anew_leave_the_rest_of_the_page_as_it_was() -> None:
    page = "six\n<!-- simulated -->\nx\n<!-- end of simulated -->\nfix\n"

    assert written_into(page, "| 6 |") == page.replace("\nx\n", "\n| 6 |\n")


def test_the_page_has_its_tables_once() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert page.count(block_in(page)) == 1
