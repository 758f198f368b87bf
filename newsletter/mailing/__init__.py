"""What sending decides: through which account, when and to whom an issue goes, and what follows."""

from newsletter.mailing.accounts import (
    AccountChange,
    begins_anew,
    find_account_change,
    find_begun,
    keep_account,
    where_to,
)
from newsletter.mailing.alarms import freeze_alarm, note_alarm
from newsletter.mailing.backlog import (
    Backlog,
    Halted,
    Task,
    find_backlog,
    retry_tasks,
)
from newsletter.mailing.board import (
    board_notice,
    forget_refusals,
    freeze_report,
    list_due,
    verify_report,
)
from newsletter.mailing.canary import (
    CanaryOutcome,
    Verdict,
    find_canary_outcome,
    hold_back,
    judge_canary,
    release_rest,
)
from newsletter.mailing.carrier import clock_of, require_secrets
from newsletter.mailing.contribution_mails import (
    freeze_digest,
    freeze_partings,
    note_digest,
)
from newsletter.mailing.crew import carry_through, worker_of
from newsletter.mailing.departures import (
    Departed,
    can_sync,
    find_departed,
    pull_recent_departures,
    take_off_gone,
    take_off_unreached,
)
from newsletter.mailing.freezing import freeze_late, freeze_plan, freeze_test
from newsletter.mailing.meeting_mails import write_meeting_mails
from newsletter.mailing.notices import Notice, find_notice, freeze_notice
from newsletter.mailing.orders import (
    Decisions,
    Order,
    cancel,
    check_order,
    check_turn,
    count_joined_since,
    find_restoration_since,
    find_unknown_since,
    look_at,
    make_ready,
    note_the_end,
    pause,
    resume,
    schedule,
)
from newsletter.mailing.pulling import Pulled, pull_figures
from newsletter.mailing.replies import answer_wishes
from newsletter.mailing.service import carry_on, find_forgotten
from newsletter.mailing.timing import decide_timing
from newsletter.mailing.trials import Outcome, check_own, find_outcome, own_addresses

__all__ = [
    "AccountChange",
    "Backlog",
    "CanaryOutcome",
    "Decisions",
    "Departed",
    "Halted",
    "Notice",
    "Order",
    "Outcome",
    "Pulled",
    "Task",
    "Verdict",
    "answer_wishes",
    "begins_anew",
    "board_notice",
    "can_sync",
    "cancel",
    "carry_on",
    "carry_through",
    "check_order",
    "check_own",
    "check_turn",
    "clock_of",
    "count_joined_since",
    "decide_timing",
    "find_account_change",
    "find_backlog",
    "find_begun",
    "find_canary_outcome",
    "find_departed",
    "find_forgotten",
    "find_notice",
    "find_outcome",
    "find_restoration_since",
    "find_unknown_since",
    "forget_refusals",
    "freeze_alarm",
    "freeze_digest",
    "freeze_late",
    "freeze_notice",
    "freeze_partings",
    "freeze_plan",
    "freeze_report",
    "freeze_test",
    "hold_back",
    "judge_canary",
    "keep_account",
    "list_due",
    "look_at",
    "make_ready",
    "note_alarm",
    "note_digest",
    "note_the_end",
    "own_addresses",
    "pause",
    "pull_figures",
    "pull_recent_departures",
    "release_rest",
    "require_secrets",
    "resume",
    "retry_tasks",
    "schedule",
    "take_off_gone",
    "take_off_unreached",
    "verify_report",
    "where_to",
    "worker_of",
    "write_meeting_mails",
]
