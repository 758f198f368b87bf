"""Play one round: its stage, its story, its judgement."""

import random
import shutil
import time
import traceback
from dataclasses import dataclass
from pathlib import Path

from .kinds import Kind
from .oracle import Verdict, judge
from .stage import Stage
from .stories import STORIES
from .trace import Trace

_NOTHING = Verdict(lost=0, twice=0, unknown=0, repeats=0, asked=0, faults=())


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What came of a round."""

    kind: str
    house: str
    number: int
    kills: int
    calls: int  # under way at the kills
    verdict: Verdict
    sent_in: float  # seconds of an undisturbed send; 0 in other rounds
    seconds: float  # of the whole round
    folder: Path | None  # kept where something was wrong

    @property
    def faults(self) -> tuple[str, ...]:
        """Return what was wrong, in words."""
        return self.verdict.faults


def measure(kind: Kind, number: int, base: Path, tag: str = "") -> Report:
    """Let a send be, with the provider of the round of this number."""
    return _play(kind, number, base, story="undisturbed", seed="", span=0, tag=tag)


def play(kind: Kind, number: int, base: Path, *, seed: int, span: float) -> Report:
    """Play a round; `span` is the time, in seconds, an undisturbed send takes.

    Seed, kind and number decide about all that is left to chance here.
    """
    chance = f"{seed}:{kind.name}:{number}"
    return _play(kind, number, base, story=kind.story, seed=chance, span=span)


def _play(
    kind: Kind, number: int, base: Path, *, story: str, seed: str, span: float, tag: str = ""
) -> Report:
    begun = time.monotonic()
    house = kind.house(number)
    folder = base / f"{kind.name}-{story}{tag}-{number}"
    folder.mkdir()
    trace, verdict = Trace(), _NOTHING
    try:
        with Stage(folder, base / "prepared", house, is_shared=kind.is_shared) as stage:
            trace = STORIES[story](stage, random.Random(seed), span)
            verdict = judge(stage, trace.faults, guests=trace.guests)
    except Exception:
        (folder / "error.txt").write_text(traceback.format_exc(), encoding="utf-8")
        last = traceback.format_exc().strip().rpartition("\n")[2]
        verdict = Verdict(lost=0, twice=0, unknown=0, repeats=0, asked=0, faults=(last,))
    if not verdict.faults:
        shutil.rmtree(folder)
    return Report(
        kind=kind.name,
        house=house.name,
        number=number,
        kills=trace.kills,
        calls=trace.calls,
        verdict=verdict,
        sent_in=trace.seconds,
        seconds=time.monotonic() - begun,
        folder=folder if verdict.faults else None,
    )
