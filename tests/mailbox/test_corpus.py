"""Each shape of mail that comes back is read as what it means, about whom it is about."""

import pytest

from newsletter.mailbox import By, Clue, Kind, Rules, read_mail
from tests.mailbox.bounces import BOUNCES
from tests.mailbox.letters import API_ID, KEYS, READERS, UNSUBSCRIBE
from tests.mailbox.others import OTHERS
from tests.mailbox.systems import SYSTEMS

RULES = Rules(keys=KEYS, unsubscribe=UNSUBSCRIBE)
SHAPES = [*BOUNCES, *OTHERS, *SYSTEMS]


def find(clue: Clue) -> str:
    """Return whom a clue leads to, as a ledger would: by address only if exactly a reader's."""
    if clue.by is By.MESSAGE_ID:
        return "message 17" if clue.value == API_ID else ""
    known = clue.value in READERS | {"äinö@example.org"}
    return clue.value if not clue.is_address or known else ""


@pytest.mark.parametrize(
    ("raw", "kind", "who"),
    [pytest.param(*shape, id=name) for name, *shape in SHAPES],
)
def test_a_mail_means_what_it_means_about_whom_it_is(raw: bytes, kind: Kind, who: str) -> None:
    verdict = read_mail(raw, RULES)

    assert verdict.kind is kind
    assert not kind.is_about_somebody or verdict.person(find) == who


def test_there_are_two_hundred_shapes_and_each_has_a_name() -> None:
    assert len(SHAPES) >= 200
    assert len({name for name, *_ in SHAPES}) == len(SHAPES)
