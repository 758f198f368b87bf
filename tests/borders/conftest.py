"""What part of the broken things is tried, and how many were: pytest tests/borders tells it."""

import pytest

# Of each border every eleventh thing is tried, of the next one others, so that none is left out;
# eleven divides none of the numbers of commands that take turns.
SHARE = 11


@pytest.fixture
def share(request: pytest.FixtureRequest) -> int:
    """One of how many things is tried."""
    return 1 if request.config.getoption("at_length") else SHARE


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the borders and how many broken things were tried at each."""
    tried = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "tried" and report.when == "call"
    ]
    if tried:
        terminalreporter.section("borders")
        for name, count in sorted(tried):
            terminalreporter.write_line(f"{count:6,}  {name}")
        total = sum(count for _, count in tried)
        terminalreporter.write_line(f"{total:6,}  broken things at {len(tried)} borders")
