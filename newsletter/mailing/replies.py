"""Mails people what they asked for on our pages: each as a notice, which takes an issue's path.

    wish --frozen as a notice--> noted as answered --> carried out by those who serve

Whatever kills the process in between, the next round freezes the same notice, which nobody gets
twice.
"""

import datetime as dt
import hashlib

from newsletter.consent import (
    Limits,
    Mail,
    Reply,
    decide_reply,
    is_moot,
    list_due,
    next_due,
    note_reply,
)
from newsletter.face import Face, face_of
from newsletter.ledger import Ledger, Send, anonymous, published
from newsletter.links import (
    PreferenceLinks,
    SurveyLinks,
    UnsubscribeLinks,
    archive_url,
    confirmation_url,
    survey_url,
)
from newsletter.mailing.handover import ask_to_carry
from newsletter.mailing.notices import freeze_notice, notice_of
from newsletter.mailing.reply_sheets import Places, Sheet, language_of, sheet_of
from newsletter.model import NoticeKind, Wish
from newsletter.press import link_secret
from newsletter.settings import Settings

_AT_ONCE = 200  # wishes that are answered in one round


def answer_wishes(settings: Settings, ledger: Ledger, now: dt.datetime) -> dt.datetime | None:
    """Write the mails that are due; return when the next one is."""
    limits = _limits_of(settings)
    with ledger.read() as connection:
        due = list_due(connection, limits, now=now, most=_AT_ONCE)
    if due:
        desk = _Desk(settings, ledger)
        for wish in due:
            desk.answer(wish, now)
    with ledger.read() as connection:
        return next_due(connection, limits, now)


def _limits_of(settings: Settings) -> Limits:
    own = settings.subscribe
    return Limits(mails_a_day=own.mails_a_day, site_day=own.site_day, slow_hour=own.slow_hour)


class _Desk:
    """Writes mails to people; the look of them is made once."""

    def __init__(self, settings: Settings, ledger: Ledger) -> None:
        self._settings = settings
        self._ledger = ledger
        self._secret = link_secret(settings)
        self._face: Face = face_of(settings)
        self._limits = _limits_of(settings)

    def answer(self, wish: Wish, now: dt.datetime) -> None:
        with self._ledger.read() as connection:
            reply = decide_reply(connection, wish, self._limits, secret=self._secret, now=now)
        send = self._freeze(reply, now) if reply and self._is_wanted(reply) else None
        with self._ledger.write() as connection:
            if send and is_moot(connection, wish, secret=self._secret):
                anonymous.withdraw(connection, send.id, now)
                return
            note_reply(connection, wish, reply if send else None, secret=self._secret, now=now)
            if send:
                ask_to_carry(connection, send)

    def _is_wanted(self, reply: Reply) -> bool:
        return reply.mail is not Mail.WELCOME or self._settings.subscribe.welcome

    def _freeze(self, reply: Reply, now: dt.datetime) -> Send:
        seed = f"{reply.wish.key} {reply.wish.due_at}"
        key = f"{reply.wish.purpose}-{hashlib.sha256(seed.encode()).hexdigest()[:16]}"
        notice = notice_of(self._sheet(reply, now), NoticeKind.ANSWER, key)
        return freeze_notice(self._settings, self._ledger, notice, [reply.wish.address], now)

    def _sheet(self, reply: Reply, now: dt.datetime) -> Sheet:
        language = language_of(reply, self._face)
        return sheet_of(reply, self._places(reply, language, now), language, self._face)

    def _places(self, reply: Reply, language: str, now: dt.datetime) -> Places:
        url = self._settings.newsletter.public_url or ""
        key = reply.person.key if reply.person else ""
        confirm = confirmation_url(url, reply.wish.key)
        lang = f"?lang={language}"
        survey = reply.wish.attributes["survey"] if reply.mail is Mail.SURVEY else ""
        own = SurveyLinks(self._secret, survey).link_for(key)
        return Places(
            confirm=confirm + lang,
            refuse=f"{confirm}/no{lang}",
            leave=UnsubscribeLinks(url, self._secret).link_for(key) + lang,
            prefer=PreferenceLinks(url, self._secret).link_for(key) + lang,
            survey=survey_url(url, survey, language, token=own) if survey else "",
            latest=self._latest(url, language, now) if reply.mail is Mail.WELCOME else "",
        )

    def _latest(self, url: str, language: str, now: dt.datetime) -> str:
        """Return the address of the newest issue that anybody may read; "" if there is none."""
        if not self._settings.subscribe.latest_issue:
            return ""
        with self._ledger.read() as connection:
            for one in reversed(published.list_published(connection, now)):
                issue = one.send.issue_id
                may_be_read = self._settings.archive.names(issue) and not one.is_for_some
                if may_be_read and published.list_public_editions(connection, one.send.id):
                    return archive_url(url, issue, language)
        return ""
