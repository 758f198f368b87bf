"""Who reads the short guide alone comes from nothing to a first real send in ten minutes."""

import re
import tempfile
import time
from pathlib import Path

import pytest

from tests.stories.month import BEGINNINGS, Screen, play, written

_MOST = 600.0  # seconds
# Words and signs that an unhurried person manages in a minute.
_READ, _LOOKED_OVER, _TYPED = 160, 400, 200
_BLOCK = re.compile(r"```(\w+)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", ["alkuun", pytest.param("borja", marks=pytest.mark.at_length)])
def test_the_guide_leads_to_a_send_in_ten_minutes(name: str) -> None:
    """`python -m tests.stories.month` writes the pages anew; counts, days and times may differ."""
    with tempfile.TemporaryDirectory() as folder:  # a short name, which no line breaks
        begun = time.monotonic()
        played = list(play(name, Path(folder)))
        machine = time.monotonic() - begun
        page = written(played, Path(folder))

    shown = BEGINNINGS[name].read_text("utf-8")
    screens = [part for part in played if isinstance(part, Screen)]
    assert _told_by(page) == _told_by(shown)
    assert [screen.code for screen in screens] == [0] * len(screens)
    by_hand = _by_hand(page, screens)
    print(f"{name}: {machine:.0f} s of waiting, {by_hand:.0f} s of reading and typing")
    assert machine + by_hand < _MOST


def _told_by(page: str) -> list[str]:
    """Return the words of a page, wherever its lines end."""
    return re.sub(r"\d+(?:[\s.,:]\d+)*", "0", page).split()


def _by_hand(page: str, screens: list[Screen]) -> float:
    """Return the seconds it takes to read a page, look over its screens, and type all there is."""
    shown = "".join(text for kind, text in _BLOCK.findall(page) if kind == "text")
    issue = "".join(text for kind, text in _BLOCK.findall(page) if kind == "markdown")
    typed = issue + "".join(screen.typed + "".join(screen.answers) for screen in screens)
    told = _BLOCK.sub("", page)
    minutes = len(told.split()) / _READ + len(shown.split()) / _LOOKED_OVER + len(typed) / _TYPED
    return minutes * 60
