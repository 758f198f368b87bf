"""Writes one mail about a registration, in the language of its reader and with the look of all."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property

from newsletter.calendars import CalendarEntry, entry_of
from newsletter.face import Face, face_of
from newsletter.gateway import provider_class
from newsletter.language import say_in, spoken_language
from newsletter.links import SurveyLinks, door_url, meeting_url, registration_url, survey_url
from newsletter.mailing import meeting_news, meeting_words
from newsletter.mailing.calendar_entries import enclose
from newsletter.mailing.meeting_times import (
    TIMED,
    Timetable,
    due_moments,
    gets_link,
    is_over,
    number_of,
    why_not,
)
from newsletter.mailing.notices import Notice, notice_of
from newsletter.mailing.registration_facts import (
    MY_REGISTRATION,
    TAKE_PART,
    MeetingPlaces,
    about_of,
)
from newsletter.mailing.reply_sheets import lay_out
from newsletter.model import (
    Attending,
    DueMail,
    Meeting,
    MeetingMail,
    NoticeKind,
    Registration,
)
from newsletter.press import link_secret
from newsletter.settings import Settings

_OF_UID = 12  # signs of it that tell registrations apart
# Of these, who complained about our mail gets no more: they did not ask for them just now.
_UNASKED = (*TIMED, MeetingMail.MESSAGE)
# Nobody may take part by it yet, or any more.
_WITHOUT_LINK = (MeetingMail.CONFIRM, MeetingMail.CANCELLED, MeetingMail.CALLED_OFF)


class MeetingDesk:
    """Writes mails about registrations; what all have is made once."""

    def __init__(self, settings: Settings, *, surveys: Mapping[str, bool]) -> None:
        """Take which surveys can be answered now, and whether anybody may answer them."""
        table = settings.meetings
        kinds = {"week": MeetingMail.REMINDER_WEEK, "day": MeetingMail.REMINDER_DAY}
        self._timetable = Timetable(
            reminders=tuple(kinds[each] for each in table.reminders),
            link_at=table.link_at,
            link_to_all=table.link_to == "all",
            thanks_at=table.thanks_at if table.thanks else None,
        )
        self._settings = settings
        self._surveys = surveys
        self._url = settings.newsletter.public_url or ""
        self._invites = provider_class(settings).capabilities.invites

    def list_come(
        self, meeting: Meeting, now: dt.datetime
    ) -> tuple[Mapping[MeetingMail, dt.datetime], int]:
        """Return which mails a clock has brought about, since when, and their number."""
        asking = self._survey_of(meeting)
        moments = due_moments(replace(meeting, survey=asking), self._timetable)
        come = {k: at for k, at in moments.items() if at <= now and not is_over(k, meeting, now)}
        return come, number_of(meeting)

    def why_not(
        self, mail: DueMail, one: Registration, meeting: Meeting, now: dt.datetime
    ) -> str | None:
        """Return why a mail is not sent any more; None if it is."""
        return why_not(mail, one, meeting, self._timetable, now)

    def named(self, mail: DueMail, one: Registration) -> tuple[NoticeKind, str]:
        """Return the kind of a mail as a notice, and its key: nobody's name, address or token.

        Numbers of registrations that are deleted come again, what calendars know them by does not.
        """
        kind = NoticeKind.REMINDER if mail.kind in _UNASKED else NoticeKind.ANSWER
        return kind, f"meeting-{mail.meeting}-{one.uid[:_OF_UID]}-{mail.kind}-{mail.number}"

    def notice(
        self,
        mail: DueMail,
        one: Registration,
        meeting: Meeting,
        *,
        place_in_line: int | None,
        now: dt.datetime,
    ) -> Notice:
        """Return the mail to somebody."""
        language = spoken_language(one.language or self._face.language)
        entry = self._entry(one, meeting, language)
        enclosed = enclose(mail, one, entry, invites=self._invites, now=now)
        about = about_of(
            mail,
            one,
            meeting,
            language=language,
            places=self._places(mail, one, meeting, language),
            place_in_line=place_in_line,
            invites=enclosed.is_invitation if enclosed else None,
        )
        is_news = mail.kind in meeting_news.SAID and "what" not in mail.detail
        said = (meeting_news.SAID if is_news else meeting_words.SAID)[mail.kind](about)
        kind, key = self.named(mail, one)
        sheet = lay_out(said, language, self._face)
        return notice_of(sheet, kind, key, enclosures=(enclosed,) if enclosed else ())

    @cached_property
    def _face(self) -> Face:
        return face_of(self._settings)

    def _entry(self, one: Registration, meeting: Meeting, language: str) -> CalendarEntry:
        mine = self._mine(one, language)
        way = say_in(language, MY_REGISTRATION)
        link = meeting.remote_link if gets_link(one, self._timetable) else ""
        remote = say_in(language, TAKE_PART)
        imprint = self._face.imprint_in(language)
        lines = [f"{remote}: {link}"] if link else []
        return entry_of(
            meeting,
            one,
            (imprint.title, imprint.reply_to),
            language=language,
            url=meeting_url(self._url, meeting.id, language) if self._url else "",
            text="\n".join([*lines, *([f"{way}: {mine}"] if mine else [])]),
            remote=(link, remote) if one.attending is Attending.REMOTE else ("", ""),
        )

    def _mine(self, one: Registration, language: str, act: str = "") -> str:
        return registration_url(self._url, one.key, act, language=language) if self._url else ""

    def _door(self, one: Registration) -> str:
        return door_url(self._url, link_secret(self._settings), one.key) if self._url else ""

    def _survey_of(self, meeting: Meeting) -> str:
        """Return the survey that asks how it was; none while nobody could answer it."""
        return meeting.survey if self._url and meeting.survey in self._surveys else ""

    def _feedback(self, one: Registration, meeting: Meeting, language: str) -> str:
        """Return somebody's own link to it: of whatever kind it is, it asks nobody who they are."""
        survey = self._survey_of(meeting)
        if not survey:
            return ""
        is_open_to_all, secret = self._surveys[survey], link_secret(self._settings)
        own = "" if is_open_to_all else SurveyLinks(secret, survey).link_for(one.uid)
        return survey_url(self._url, survey, language, token=own)

    def _places(
        self, mail: DueMail, one: Registration, meeting: Meeting, language: str
    ) -> MeetingPlaces:
        is_told = gets_link(one, self._timetable) and mail.kind not in _WITHOUT_LINK
        return MeetingPlaces(
            meeting=meeting_url(self._url, meeting.id, language) if self._url else "",
            mine=self._mine(one, language),
            confirm=self._mine(one, language, "confirm"),
            accept=self._mine(one, language, "accept"),
            decline=self._mine(one, language, "decline"),
            cancel=self._mine(one, language, "cancel"),
            material=meeting.material,
            survey=self._feedback(one, meeting, language),
            remote=meeting.remote_link if is_told else "",
            door=self._door(one),
        )
