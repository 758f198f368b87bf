"""Meetings: who has which place, who is in line for one, and what they are told of it.

`now` is a moment with a zone; a meeting's own times are those of its clock. `key` is what the link
to somebody's registration has: whoever knows it acts for them.
"""

from newsletter.errors import RegistrationError
from newsletter.meetings.announcing import (
    changes_in,
    changes_of,
    stale_in,
    tell_changes,
    touched_by,
)
from newsletter.meetings.changing import UNDO, cancel, change, undo
from newsletter.meetings.checking_in import check_in, list_expected, take_back
from newsletter.meetings.door_papers import Guest, write_badges, write_sign_in
from newsletter.meetings.entering import confirm, refuse, register, send_link
from newsletter.meetings.finding import find_by_key, find_of_person, find_told, list_people
from newsletter.meetings.lateness import LateChanges, begin_telling, late_changes
from newsletter.meetings.messaging import (
    Group,
    list_group,
    list_unreachable,
    list_without,
    write_to,
)
from newsletter.meetings.moving_up import as_it_stands
from newsletter.meetings.offering import accept, decline
from newsletter.meetings.recognising import Participant, Recognised, meant_by, recognise
from newsletter.meetings.seating import Seating, WaySeats, find_place, find_seating, place_among
from newsletter.meetings.tending import count_forgettable, freeze_and_forget, go_on, pause, tend
from newsletter.meetings.turnout import Invitation, Turnout, turnout_of
from newsletter.meetings.typed_words import LONGEST, LONGEST_ANSWER, clean_line, clean_text
from newsletter.meetings.walking_in import AROUND, walk_in
from newsletter.model.meeting import (
    Attending,
    DueMail,
    Entry,
    Meeting,
    MeetingMail,
    Refused,
    Registration,
    RegistrationState,
)

__all__ = [
    "AROUND",
    "LONGEST",
    "LONGEST_ANSWER",
    "UNDO",
    "Attending",
    "DueMail",
    "Entry",
    "Group",
    "Guest",
    "Invitation",
    "LateChanges",
    "Meeting",
    "MeetingMail",
    "Participant",
    "Recognised",
    "Refused",
    "Registration",
    "RegistrationError",
    "RegistrationState",
    "Seating",
    "Turnout",
    "WaySeats",
    "accept",
    "as_it_stands",
    "begin_telling",
    "cancel",
    "change",
    "changes_in",
    "changes_of",
    "check_in",
    "clean_line",
    "clean_text",
    "confirm",
    "count_forgettable",
    "decline",
    "find_by_key",
    "find_of_person",
    "find_place",
    "find_seating",
    "find_told",
    "freeze_and_forget",
    "go_on",
    "late_changes",
    "list_expected",
    "list_group",
    "list_people",
    "list_unreachable",
    "list_without",
    "meant_by",
    "pause",
    "place_among",
    "recognise",
    "refuse",
    "register",
    "send_link",
    "stale_in",
    "take_back",
    "tell_changes",
    "tend",
    "touched_by",
    "turnout_of",
    "undo",
    "walk_in",
    "write_badges",
    "write_sign_in",
    "write_to",
]
