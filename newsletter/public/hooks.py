"""Takes what providers post: proves whose it is, keeps it as it came, and only then says so.

What to answer: docs.brevo.com "Retry mechanism" (any 5xx is final there, 429 is not), Postmark and
Mailgun likewise retry a 429, and Mailgun takes 406 for “do not try again”.
"""

import asyncio
import datetime as dt
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from newsletter.errors import LedgerError
from newsletter.ledger import Gathering, Ledger, webhooks
from newsletter.providers.webhooks import Doubt, HookRequest, Proof, Trust, authenticate
from newsletter.public.bodies import body_of
from newsletter.public.site import site_of

MOST = 2_000_000  # bytes; 1,000 events of SendGrid take less than half of that
_PATIENCE = 8.0  # seconds; SNS waits for 15
_RETRY = {"Retry-After": "60"}


class Hooks:
    """What it takes to take what providers post to one newsletter."""

    def __init__(
        self, ledger: Ledger, trusted: Mapping[str, Trust], *, patience: float = _PATIENCE
    ) -> None:
        self.trusted = trusted
        self._ledger = ledger
        self._patience = patience
        self._gathering = Gathering[webhooks.Posting](
            ledger, webhooks.add_postings, comes_again=True
        )

    async def keep(self, posting: webhooks.Posting) -> bool:
        """Keep a request; return whether it is new, where its scheme forbids repeats.

        Raise LedgerError or TimeoutError; then it may have been kept, and a repeat changes nothing.
        """
        async with asyncio.timeout(self._patience):
            is_known = await run_in_threadpool(self._is_known, posting) if posting.once else False
            if is_known:
                return False
            await self._gathering.store(posting)
        return True

    def _is_known(self, posting: webhooks.Posting) -> bool:
        with self._ledger.read() as connection:
            return webhooks.is_known(connection, posting)


async def posted(request: Request) -> Response:
    """Take a request; what it tells is read later, by a job."""
    hooks: Hooks = request.app.state.hooks
    provider, word = request.path_params["provider"], request.path_params["word"]
    trust = hooks.trusted.get(provider)
    if trust is None:
        raise HTTPException(404)
    now = site_of(request).now().astimezone(dt.UTC)
    headers = {name: request.headers[name] for name in request.headers}
    what = HookRequest(headers=headers, body=body_of(request), at=now)
    proof = await run_in_threadpool(authenticate, provider, word, what, trust)
    if not proof.is_genuine:
        return _refused(proof)
    posting = webhooks.Posting(provider, what.body, now, proof.once)
    try:
        is_new = await hooks.keep(posting)
    except (LedgerError, TimeoutError):
        return PlainTextResponse("not now\n", 429, _RETRY)
    if not is_new:
        return PlainTextResponse("known\n", 406)
    return PlainTextResponse("ok\n")


def _refused(proof: Proof) -> Response:
    if proof.doubt is Doubt.UNSURE:
        return PlainTextResponse("not now\n", 429, _RETRY)
    return PlainTextResponse("no\n", 401)
