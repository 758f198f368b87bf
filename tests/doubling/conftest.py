"""Tell at the end how costs grow, when these tests are asked for: pytest tests/doubling."""

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """List the exponent of each kind of input: 1 is linear, 2 the square."""
    doubled = [
        value
        for reports in terminalreporter.stats.values()
        for report in reports
        for name, value in getattr(report, "user_properties", ())
        if name == "doubled" and report.when == "call"
    ]
    if doubled:
        terminalreporter.section("exponents")
        for name, exponent in sorted(doubled, key=lambda pair: (-pair[1], pair[0])):
            terminalreporter.write_line(f"{exponent:5.2f}  {name}")
