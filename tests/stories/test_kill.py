"""A send that is killed at any instant goes on: nobody is lost and nobody mailed twice.

A few rounds of each kind; `make torture` plays hundreds.
"""

from pathlib import Path

import pytest

from tests.torture.kinds import KINDS
from tests.torture.rounds import measure, play
from tests.torture.stage import prepare

_ROUNDS = 2


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the newsletter that rounds copy."""
    folder = tmp_path_factory.mktemp("torture")
    prepare(folder)
    return folder


@pytest.mark.parametrize(
    ("name", "seed"),
    [
        ("brevo", 11),  # a repeat under the same key is recognised
        ("postmark", 12),  # the provider can be asked
        ("ses", 13),  # nobody can know
        ("two", 14),  # two processes send, and one is killed
    ],
)
def test_a_killed_send_goes_on_and_loses_and_repeats_nobody(
    base: Path, name: str, seed: int
) -> None:
    kind = KINDS[name]
    undisturbed = measure(kind, 0, base)

    reports = [
        play(kind, number, base, seed=seed, span=undisturbed.sent_in) for number in range(_ROUNDS)
    ]

    assert [report.faults for report in (undisturbed, *reports)] == [()] * (_ROUNDS + 1)
