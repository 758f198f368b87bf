"""What is decided about people by themselves, and by what comes back about their mail."""

from newsletter.consent.admitting import admit_form, disown
from newsletter.consent.agreed_words import word_consent, word_publication
from newsletter.consent.answering import (
    Mail,
    Reply,
    decide_reply,
    is_moot,
    list_due,
    next_due,
    note_reply,
)
from newsletter.consent.breakers import Breakers
from newsletter.consent.dossiers import as_csv, as_json, gather
from newsletter.consent.forgetting import (
    Held,
    erase_files,
    find_held,
    forget,
    forget_everywhere,
)
from newsletter.consent.gates import (
    TRAP,
    Filled,
    Gate,
    Limits,
    Step,
    Ticket,
    is_doubtful,
    is_unwanted,
    price_of,
    stamp_embedded,
    stamp_form,
)
from newsletter.consent.goodbyes import Position, come_back, leave, look_up, say_why
from newsletter.consent.histories import list_history
from newsletter.consent.networks import neighbourhood_of, network_of
from newsletter.consent.preferring import (
    Preferences,
    ask_for_data,
    ask_for_links,
    ask_to_move,
    confirm_move,
    pause,
    prefer,
    resume,
)
from newsletter.consent.returning import Change, Rules, TakenIn, decide, foresee, take_in
from newsletter.consent.signing_up import (
    Application,
    Confirmation,
    apply,
    ask_for_proof,
    call_for_forgotten,
    confirm_sign_up,
    find_wish,
    refuse,
    renew,
)
from newsletter.consent.soft_bounces import SoftRule
from newsletter.consent.stages import Stage, stage_of
from newsletter.consent.tidying import Purged, Retention, count_old, purge
from newsletter.consent.work_proofs import Bound, challenge_for, take_proof
from newsletter.model import MONTHS, Way, Why

__all__ = [
    "MONTHS",
    "TRAP",
    "Application",
    "Bound",
    "Breakers",
    "Change",
    "Confirmation",
    "Filled",
    "Gate",
    "Held",
    "Limits",
    "Mail",
    "Position",
    "Preferences",
    "Purged",
    "Reply",
    "Retention",
    "Rules",
    "SoftRule",
    "Stage",
    "Step",
    "TakenIn",
    "Ticket",
    "Way",
    "Why",
    "admit_form",
    "apply",
    "as_csv",
    "as_json",
    "ask_for_data",
    "ask_for_links",
    "ask_for_proof",
    "ask_to_move",
    "call_for_forgotten",
    "challenge_for",
    "come_back",
    "confirm_move",
    "confirm_sign_up",
    "count_old",
    "decide",
    "decide_reply",
    "disown",
    "erase_files",
    "find_held",
    "find_wish",
    "foresee",
    "forget",
    "forget_everywhere",
    "gather",
    "is_doubtful",
    "is_moot",
    "is_unwanted",
    "leave",
    "list_due",
    "list_history",
    "look_up",
    "neighbourhood_of",
    "network_of",
    "next_due",
    "note_reply",
    "pause",
    "prefer",
    "price_of",
    "purge",
    "refuse",
    "renew",
    "resume",
    "say_why",
    "stage_of",
    "stamp_embedded",
    "stamp_form",
    "take_in",
    "take_proof",
    "word_consent",
    "word_publication",
]
