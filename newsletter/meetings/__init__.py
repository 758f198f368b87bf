"""Meetings: who has which place, who is in line for one, and what they are told of it."""

from newsletter.meetings.announcing import changes_of, tell_changes
from newsletter.meetings.changing import cancel, change, undo
from newsletter.meetings.entering import admit, confirm, register
from newsletter.meetings.offering import accept, decline
from newsletter.meetings.seating import Seating, WaySeats, find_place, find_seating
from newsletter.meetings.tending import freeze_and_forget, go_on, pause, tend
from newsletter.model.meeting import Entry, RegistrationState

__all__ = [
    "Entry",
    "RegistrationState",
    "Seating",
    "WaySeats",
    "accept",
    "admit",
    "cancel",
    "change",
    "changes_of",
    "confirm",
    "decline",
    "find_place",
    "find_seating",
    "freeze_and_forget",
    "go_on",
    "pause",
    "register",
    "tell_changes",
    "tend",
    "undo",
]
