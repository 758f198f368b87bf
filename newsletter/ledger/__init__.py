"""The ledger: who subscribes, what was sent to whom, and what came back. All SQL lives here."""

from newsletter.ledger.batches import Batch
from newsletter.ledger.carrying_over import CarriedOver
from newsletter.ledger.choosing import NO_TEXT, Choice
from newsletter.ledger.claims import Claim, Later
from newsletter.ledger.doubts import count_open
from newsletter.ledger.frozen import NOTICE, REHEARSAL, TEST, FrozenSend, NewSend, Send
from newsletter.ledger.handing import Found, Handover
from newsletter.ledger.imported import Import, UndoCounts
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.notices import NoticeTally, list_notices
from newsletter.ledger.open import HEAD, Ledger, Session, connect_ledger, open_ledger
from newsletter.ledger.pictures import find_picture, list_pictures
from newsletter.ledger.programs import Programs
from newsletter.ledger.published import (
    Published,
    RegionalEdition,
    list_public_editions,
    list_published,
    list_regional_editions,
)
from newsletter.ledger.readers import Readers, count_readers, count_variants, list_readers
from newsletter.ledger.restorations import (
    Restoration,
    find_absence,
    find_restoration,
    note_caught_up,
)
from newsletter.ledger.returns import Attempt, Kept
from newsletter.ledger.roles import Role
from newsletter.ledger.sends import count_states, list_attempts, list_sends
from newsletter.ledger.situations import Situation, find_situation
from newsletter.ledger.staged_rows import Difference, Proven, RowOutcome
from newsletter.ledger.storing import Gathering
from newsletter.ledger.transfer import Tally
from newsletter.ledger.vitals import Vitals, find_vitals
from newsletter.ledger.workers import KnownWorker

__all__ = [
    "EPOCH",
    "HEAD",
    "NOTICE",
    "NO_TEXT",
    "REHEARSAL",
    "TEST",
    "Attempt",
    "Batch",
    "CarriedOver",
    "Choice",
    "Claim",
    "Difference",
    "Found",
    "FrozenSend",
    "Gathering",
    "Handover",
    "Import",
    "Kept",
    "KnownWorker",
    "Later",
    "Ledger",
    "NewSend",
    "NoticeTally",
    "Programs",
    "Proven",
    "Published",
    "Readers",
    "RegionalEdition",
    "Restoration",
    "Role",
    "RowOutcome",
    "Send",
    "Session",
    "Situation",
    "Tally",
    "UndoCounts",
    "Vitals",
    "connect_ledger",
    "count_open",
    "count_readers",
    "count_states",
    "count_variants",
    "find_absence",
    "find_picture",
    "find_restoration",
    "find_situation",
    "find_vitals",
    "list_attempts",
    "list_notices",
    "list_pictures",
    "list_public_editions",
    "list_published",
    "list_readers",
    "list_regional_editions",
    "list_sends",
    "note_caught_up",
    "open_ledger",
]
