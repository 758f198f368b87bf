"""Judges the visits of one newsletter as they come, by the rules in force."""

import asyncio
from dataclasses import replace

from starlette.concurrency import run_in_threadpool
from starlette.types import Scope

from newsletter.judging import Bursts, RulesInForce, asked_of
from newsletter.ledger import Ledger, rulebooks
from newsletter.model import HitKind, Judgement

_PATIENCE = 2.0  # seconds for the first look at the rules; then it is not waited for


class Judge:
    """Tells people from machines for the service, and remembers of them the last seconds alone."""

    def __init__(self, ledger: Ledger) -> None:
        self._in_force = RulesInForce(rulebooks.finder_of(ledger.read))
        self._looking: asyncio.Task[object] | None = None
        self._rules = self._in_force.rules
        self._bursts = _bursts_of(self._in_force)

    async def judge(
        self, scope: Scope, kind: HitKind, place: tuple[int, int], link: int | None
    ) -> Judgement:
        """Return what is thought of who asks for a picture, or follows a link by its number."""
        await self._look()
        send, delivery = place
        network = (scope.get("client") or ("",))[0]
        asked = asked_of(kind, scope["method"], scope["headers"], network=network)
        if link is not None and self._bursts.is_burst((send, delivery or network), link):
            asked = replace(asked, is_burst=True)
        return self._rules.judge(asked)

    async def _look(self) -> None:
        """Look for newer rules now and then; only the very first look is waited for."""
        if self._in_force.is_old and (self._looking is None or self._looking.done()):
            is_first = self._looking is None
            self._looking = asyncio.create_task(run_in_threadpool(self._in_force.look))
            if is_first:
                await asyncio.wait({self._looking}, timeout=_PATIENCE)
        if self._rules is not self._in_force.rules:
            self._rules = self._in_force.rules
            self._bursts = _bursts_of(self._in_force)


def _bursts_of(in_force: RulesInForce) -> Bursts:
    return Bursts(links=in_force.rules.burst_links, seconds=in_force.rules.burst_seconds)
