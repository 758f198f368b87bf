"""What each fault comes to, by what a provider can do; docs/faults.md shows the same table."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from tests.conftest import REPOSITORY

PAGE = REPOSITORY / "docs" / "faults.md"

# How a provider settles a call nobody knows the outcome of.
KEY, ASK, NEITHER, MAIL = "key", "ask", "neither", "mail"
KINDS = {
    "brevo": KEY,  # and could be asked once its key is forgotten
    "resend": KEY,
    "mailgun": ASK,
    "mailjet": ASK,
    "postmark": ASK,
    "sendgrid": ASK,
    "ses": NEITHER,
    "smtp": MAIL,  # as SES, but a call is one message
}


@dataclass(frozen=True, slots=True)
class Ending:
    """How a send to thirty ends, after the first run and after the same command once more."""

    state: str  # how the first run ends
    counts: Mapping[str, int]
    finally_: str = "done"
    then: Mapping[str, int] = field(default_factory=lambda: {"accepted": 30})


ENDINGS = {
    "sent": Ending("done", {"accepted": 30}),
    "sent later": Ending("unknown", {"accepted": 20, "unknown": 10}),
    "unknown": Ending(
        "unknown",
        {"accepted": 20, "unknown": 10},
        finally_="unknown",
        then={"accepted": 20, "unknown": 10},
    ),
    "one unknown": Ending(
        "unknown",
        {"accepted": 29, "unknown": 1},
        finally_="unknown",
        then={"accepted": 29, "unknown": 1},
    ),
    "stopped": Ending("stopped", {"queued": 30}),
    "one refused": Ending(
        "done", {"accepted": 29, "rejected": 1}, then={"accepted": 29, "rejected": 1}
    ),
    "down": Ending("stopped", {"unknown": 20, "queued": 10}),
    "down, unknown": Ending(
        "stopped",
        {"unknown": 20, "queued": 10},
        finally_="unknown",
        then={"unknown": 20, "accepted": 10},
    ),
}


@dataclass(frozen=True, slots=True)
class Row:
    """A fault: its words on the page, what the servers play, and the ending by kind."""

    words: str
    key: str  # an ending; "" where it cannot happen
    ask: str
    neither: str
    mail: str = ""
    http: tuple[str, ...] = ()  # faults of the servers for HTTP; the first call is hit
    smtp: tuple[str, ...] = ()  # those of the server for mail itself
    except_for: Mapping[str, str] = field(default_factory=dict)  # ending by provider; "": cannot be
    options: Mapping[str, str] = field(default_factory=dict)  # of a server instead, by provider
    place: str = ""  # where the first run looks for the server, if not where it is
    lag: float = 0.0  # seconds that the provider's records lag behind
    wait: float = 0.0  # seconds that the first run must let pass

    def ending(self, name: str) -> str:
        """Return how a send through a provider ends; "" where the fault cannot happen."""
        by_kind = {KEY: self.key, ASK: self.ask, NEITHER: self.neither, MAIL: self.mail}
        return self.except_for.get(name, by_kind[KINDS[name]])


UNTAKEN = ("sent", "sent later", "unknown")  # the call was not taken, but nobody can know
TAKEN = ("sent", "sent", "unknown")  # the call was taken, but its answer got lost
STOPPED = ("stopped", "stopped", "stopped")
SENT = ("sent", "sent", "sent")
# SendGrid answers without a body, so nothing in it can be wrong.
NO_BODY = {"sendgrid": "sent"}
# Postmark's 503 says in so many words that it takes nothing.
MAINTENANCE = {"postmark": "sent"}
P0 = "p0@example.org"

ROWS = (
    # --- refused for now: before anything was taken, and it says so
    Row("429", *SENT, "sent", http=("1:429",), smtp=("1:421",)),
    Row("429 with Retry-After in seconds", *SENT, http=("1:429:120",), wait=60),
    Row("429 with Retry-After as a date", *SENT, http=("1:429-date:120",), wait=60),
    # --- nobody can know
    Row("500, nothing taken", *UNTAKEN, http=("1:500-before",)),
    Row("500, but taken", *TAKEN, http=("1:500-after",)),
    Row("503, nothing taken", *UNTAKEN, http=("1:503-before",), except_for=MAINTENANCE),
    Row("503, but taken", *TAKEN, http=("1:503-after",), except_for={"postmark": ""}),
    Row(
        "connection lost before the call was read",
        *UNTAKEN,
        "sent",
        http=("1:reset-before",),
        smtp=("1:reset-before",),
    ),
    # What fits into one packet may have arrived, as far as a client of SMTP can tell.
    Row(
        "connection lost in the middle of the call",
        *UNTAKEN,
        "one unknown",
        http=("1:reset-during",),
        smtp=("1:reset-during",),
    ),
    Row(
        "connection lost before the answer",
        *TAKEN,
        "one unknown",
        http=("1:reset-after",),
        smtp=("1:reset-after",),
    ),
    Row(
        "connection lost in the middle of the answer",
        *TAKEN,
        http=("1:reset-answer",),
        except_for=NO_BODY,
    ),
    Row("no answer in time, nothing taken", *UNTAKEN, http=("1:timeout-before:1.6",)),
    Row(
        "no answer in time, but taken",
        *TAKEN,
        "sent",  # ten minutes are a mail server's right (RFC 5321, 4.5.3.2.6)
        http=("1:slow:1.6",),
        smtp=("1:slow:1.6",),
    ),
    Row("taken only after the time was over", *UNTAKEN, http=("1:slow-before:1.6",)),
    Row("an answer that drips in for too long", *TAKEN, http=("1:drip:60",), except_for=NO_BODY),
    Row("an HTML page, nothing taken", *UNTAKEN, http=("1:html",)),
    Row("an HTML page, but taken", *TAKEN, http=("1:html-after",)),
    Row("half an answer", *TAKEN, http=("1:truncated",), except_for=NO_BODY),
    Row("an answer of another shape", *TAKEN, http=("1:wrong",), except_for=NO_BODY),
    Row(
        "taken, and its records lag behind",
        "sent",
        "sent later",
        "unknown",
        http=("1:500-after",),
        lag=2.0,
    ),
    Row(
        "down for good",
        "down",
        "down",
        "down, unknown",
        http=("*:500-before",),
    ),
    # --- refused for good
    Row("401", *STOPPED, "stopped", http=("1:401",), smtp=("1:554-mail",)),
    Row("402", *STOPPED, http=("1:402",)),
    Row("403", *STOPPED, http=("1:403",)),
    Row("a redirect", *STOPPED, http=("1:redirect",)),
    Row("413 for a whole call", *SENT, http=("1:413",)),
    Row(
        "400 for a whole call because of one address",
        "one refused",
        "one refused",
        "one refused",
        http=("1:400-invalid", "2:400-invalid", "3:400-invalid", "4:400-invalid"),
        # Their words for it would be about us, or they refuse messages one by one.
        except_for={"mailjet": "", "postmark": "one refused"},
    ),
    Row(
        "one message refused in a call that was taken",
        "",
        "one refused",
        "one refused",
        "one refused",
        smtp=("1:550-rcpt",),
        except_for={"mailgun": "", "sendgrid": ""},
        options={
            "mailjet": f"fail={P0}",  # 4xx, with successes inside
            "postmark": f"inactive={P0}",  # 200, with a failure inside
            "ses": f"status={P0}:MESSAGE_REJECTED",
        },
    ),
    Row(
        "one message refused for now in a call that was taken",
        "",
        "",
        "sent",
        "sent",
        smtp=("1:450-rcpt",),
        options={"ses": f"status={P0}:TRANSIENT_FAILURE"},
    ),
    Row(
        "one message of a call with a fate nobody knows",
        "",
        "",
        "one unknown",
        options={"ses": f"status={P0}:A_NEW_WORD"},
    ),
    # --- not even reached
    Row("nobody listens", *STOPPED, "stopped", place="closed"),
    Row("the host has no address", *STOPPED, "stopped", place="nowhere"),
    Row("a certificate nobody vouches for", *STOPPED, "stopped", place="untrusted"),
    Row("no TLS behind https", *STOPPED, place="plain"),
)

# Faults of this machine, each in the middle of the first call, with their endings by kind.
OF_THE_LEDGER = {
    "the ledger's disk is full after a call": ("sent later", "sent later", "unknown", "unknown"),
    "the ledger is locked for some seconds": ("sent", "sent", "sent", "sent"),
    "the ledger is locked for good": ("sent later", "sent later", "unknown", "unknown"),
    "the process is killed in a call": ("sent later", "sent later", "unknown", "unknown"),
}


def rows_of_the_page() -> list[list[str]]:
    """Return the cells of the page's table: the fault, and its ending by kind."""
    return [row[:5] for row in _tables() if len(row) == 6][1:]  # without the heads


def words_of_the_page() -> list[str]:
    """Return the endings that the page explains."""
    return [row[0].strip("*") for row in _tables() if len(row) == 3][1:]


def _tables() -> list[list[str]]:
    lines = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line[:2] == "| "]
    return [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines]
