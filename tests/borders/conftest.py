"""Tell at the end what was tried, when these tests are asked for: pytest tests/borders."""

import pytest


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
