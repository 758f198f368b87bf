"""Words that stand behind a directive are told by a rule of the table."""

import pytest

from newsletter.checking import ALL_RULES
from tests.content.conftest import BODY_LINE, Refuse


@pytest.mark.parametrize("name", ["box", "columns", "divider", "gallery", "pull", "quote"])
def test_words_behind_a_directive_that_takes_none_bear_the_id_of_a_rule(
    refuse: Refuse, name: str
) -> None:
    found = refuse(f"::: {name} Ilmoittaudu\nHei\n:::")

    [finding] = [f for f in found if "is after the word" in f.message]
    assert finding.line == BODY_LINE
    assert finding.id in {rule.id for rule in ALL_RULES}
