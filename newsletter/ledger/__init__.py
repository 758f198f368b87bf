"""The ledger: who subscribes, what was sent to whom, and what came back. All SQL lives here."""

from newsletter.ledger.batches import Batch
from newsletter.ledger.choosing import NO_TEXT, Choice
from newsletter.ledger.claims import Claim, Later
from newsletter.ledger.doubts import count_open
from newsletter.ledger.frozen import NOTICE, REHEARSAL, TEST, FrozenSend, NewSend, Send
from newsletter.ledger.imports import Import, UndoCounts
from newsletter.ledger.instants import EPOCH
from newsletter.ledger.notices import NoticeTally, list_notices
from newsletter.ledger.open import Ledger, Session, open_ledger
from newsletter.ledger.pictures import find_picture
from newsletter.ledger.readers import Readers, count_readers, count_variants, list_readers
from newsletter.ledger.sends import count_states, list_attempts, list_sends
from newsletter.ledger.situations import Situation, find_situation
from newsletter.ledger.staging import RowOutcome
from newsletter.ledger.vitals import Vitals, find_vitals
from newsletter.ledger.workers import KnownWorker

__all__ = [
    "EPOCH",
    "NOTICE",
    "NO_TEXT",
    "REHEARSAL",
    "TEST",
    "Batch",
    "Choice",
    "Claim",
    "FrozenSend",
    "Import",
    "KnownWorker",
    "Later",
    "Ledger",
    "NewSend",
    "NoticeTally",
    "Readers",
    "RowOutcome",
    "Send",
    "Session",
    "Situation",
    "UndoCounts",
    "Vitals",
    "count_open",
    "count_readers",
    "count_states",
    "count_variants",
    "find_picture",
    "find_situation",
    "find_vitals",
    "list_attempts",
    "list_notices",
    "list_readers",
    "list_sends",
    "open_ledger",
]
