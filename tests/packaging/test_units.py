"""The units of systemd are those that the page shows, and all are bound alike."""

import re

import pytest

from tests.conftest import REPOSITORY

_UNITS = {
    path.name: path.read_text(encoding="utf-8") for path in REPOSITORY.glob("deploy/*.service")
}
_OWN = ("Description=", "ExecStart=", "TimeoutStopSec=")


def test_the_page_shows_a_unit_as_it_is() -> None:
    page = (REPOSITORY / "docs/deployment.md").read_text(encoding="utf-8")

    shown = dict(re.findall(r"```ini\n# /etc/systemd/system/(\S+)\n(.*?)```", page, re.DOTALL))

    assert shown == {"newsletter-worker.service": _UNITS["newsletter-worker.service"]}
    assert all(name in page for name in _UNITS)


@pytest.mark.parametrize("name", _UNITS)
def test_every_unit_has_the_same_bounds(name: str) -> None:
    bounds = [line for line in _UNITS[name].splitlines() if not line.startswith(_OWN)]

    shown = _UNITS["newsletter-worker.service"].splitlines()
    assert bounds == [line for line in shown if not line.startswith(_OWN)]
    assert {"NoNewPrivileges=yes", "ProtectSystem=strict", "CapabilityBoundingSet="} <= set(bounds)


def test_each_unit_starts_a_command() -> None:
    started = {
        name: re.search(r"bin/newsletter (\w+)$", unit, re.M) for name, unit in _UNITS.items()
    }

    assert {name: found and found[1] for name, found in started.items()} == {
        "newsletter-serve.service": "serve",
        "newsletter-worker.service": "worker",
        "newsletter-worker@.service": "worker",
    }
