"""The tables of `newsletter.toml` and what each value must be."""

import datetime as dt
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from pydantic import (
    AfterValidator,
    Field,
    PrivateAttr,
    ValidationInfo,
    model_validator,
)

from newsletter.addresses import mail_address, mailbox_of
from newsletter.language import Wording, say
from newsletter.model import PACKAGED_LOOKS, Counting, is_look_folder
from newsletter.net import is_loopback
from newsletter.settings.brand import BrandTable
from newsletter.settings.contribution_forms import ContributionsTable
from newsletter.settings.mailboxes import MailboxTable
from newsletter.settings.meeting_mailing import MeetingsTable
from newsletter.settings.places import (
    check_base_url,
    check_contact,
    check_database_url,
    check_feed_url,
    check_host_key,
    check_listen,
    check_media_url,
    check_nameserver,
    check_public_url,
    check_store,
)
from newsletter.settings.sign_up import SubscribeTable
from newsletter.settings.statistics import ReportTable, StatisticsTable
from newsletter.settings.values import Language, Mailbox, OneLine, Table

_SPANS = {"s": 1.0, "min": 60.0, "h": 3600.0}  # seconds


def _username(value: str, info: ValidationInfo) -> str:
    host = info.data.get("host", "localhost") or ""  # a faulty one is told by itself
    if info.data.get("security") == "none" and not is_loopback(host):
        raise ValueError(
            say(
                "the password would travel where others can read it: write "
                'security = "starttls" or "tls", or log in without a username'
            )
        )
    return value


def _rate(value: str) -> str:
    if recipients_a_second(value) <= 0:
        raise ValueError(say('expected recipients in a span of time, such as "100/s" or "500/min"'))
    return value


def recipients_a_second(rate: str) -> float:
    """Return the number of a rate such as "100/s"; 0 for anything else."""
    number, _, span = rate.partition("/")
    well_formed = re.fullmatch(r"\d{1,9}(\.\d+)?", number.strip()) and span.strip() in _SPANS
    return float(number) / _SPANS[span.strip()] if well_formed else 0.0


def _timezone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ValueError, OSError, LookupError) as err:
        raise ValueError(say('expected a time zone such as "Europe/Helsinki"')) from err
    return value


def _look(value: str) -> str:
    if value not in PACKAGED_LOOKS and not (is_look_folder(value) and value.isprintable()):
        raise ValueError(
            say(
                "there is no look “{look}”; expected {names}, or a folder such as “../house”",
                look=value,
                names=", ".join(PACKAGED_LOOKS),
            )
        )
    return value


class NewsletterTable(Table):
    """[newsletter]: its title and who sends it."""

    title: OneLine
    titles: Mapping[Language, OneLine] = Field(default_factory=dict)  # in other languages
    language: Language = "en"
    from_: Annotated[Mailbox, Field(alias="from")]
    reply_to: Mailbox | None = None
    sender: OneLine  # name and postal address, shown in every footer
    senders: Mapping[Language, OneLine] = Field(default_factory=dict)  # in other languages
    public_url: Annotated[str, AfterValidator(check_public_url)] | None = None
    # Where pictures of mails lie, any static host; below the public URL if there is none.
    media_url: Annotated[str, AfterValidator(check_media_url)] | None = None
    # Where faults of the public service are told; the address for replies if there is none.
    security_contact: Annotated[str, AfterValidator(check_contact)] | None = None
    timezone: Annotated[str, AfterValidator(_timezone)] = "Europe/Helsinki"
    look: Annotated[str, AfterValidator(_look)] = "default"  # supplies what templates/ lacks

    @property
    def pictures_url(self) -> str:
        """Return where pictures lie, in a folder of that name; empty: within each mail."""
        return self.media_url or self.public_url or ""

    @property
    def is_here_alone(self) -> bool:
        """Return whether the public URL leads to this machine, where no reader gets to."""
        return is_loopback(urlsplit(self.public_url or "").hostname or "")

    def title_in(self, language: str) -> str:
        """Return the newsletter's title in a language (BCP 47)."""
        return _nearest(self.titles, language) or self.title

    def sender_in(self, language: str) -> str:
        """Return the sender's name and postal address in a language (BCP 47)."""
        return _nearest(self.senders, language) or self.sender


def _nearest(texts: Mapping[str, str], language: str) -> str | None:
    return texts.get(language) or texts.get(language.partition("-")[0])


class ProviderTable(Table):
    """[provider]: who carries the mail."""

    name: str = "outbox"
    base_url: Annotated[str, AfterValidator(check_base_url)] | None = None
    path: str = "outbox"  # folder of the local outbox
    domain: OneLine | None = None  # Mailgun's sending domain
    region: OneLine | None = None  # where the account is: "eu", or "eu-north-1" for SES
    stream: OneLine | None = None  # Postmark's message stream, SES's configuration set
    host: OneLine | None = None  # these four of an SMTP server
    port: Annotated[int, Field(ge=1, le=65535)] | None = None
    security: Literal["starttls", "tls", "none"] = "starttls"
    username: Annotated[OneLine, AfterValidator(_username)] | None = None
    batch_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    concurrency: Annotated[int, Field(ge=1, le=64)] | None = None  # concurrent calls
    processes: Annotated[int, Field(ge=1, le=64)] | None = None  # that make them; see carrier.py
    rate: Annotated[str, AfterValidator(_rate)] | None = None
    hourly_cap: Annotated[int, Field(ge=1)] | None = None  # recipients an hour
    daily_cap: Annotated[int, Field(ge=1)] | None = None
    timeout: Annotated[float, Field(gt=0, le=600)] = 60.0  # seconds of silence
    greylist_wait: Annotated[float, Field(ge=0, le=3600)] = 900.0  # seconds, for SMTP
    settles_after: Annotated[float, Field(ge=0)] | None = None  # seconds; see docs/providers.md


class DatabaseTable(Table):
    """[database]: where the ledger is."""

    url: Annotated[str, AfterValidator(check_database_url)] = "sqlite:///subscribers/newsletter.db"


class TrackingTable(Table):
    """[tracking]: who counts opens, and of whom; see docs/tracking.md."""

    opens: Literal["off", "provider", "aggregate", "consented"] = "off"

    @property
    def counting(self) -> Counting:
        """Return who counts, and of whom."""
        return Counting(self.opens)


class CheckTable(Table):
    """[check]: what an issue is checked for."""

    # Mail programs that must show the issue well, by family or family.platform of caniemail.com.
    clients: Annotated[list[OneLine], Field(strict=False)] = Field(
        default=["gmail", "outlook", "apple-mail", "samsung-email", "yahoo", "thunderbird"]
    )
    silence: dict[str, OneLine] = Field(default={})  # id of a rule -> the editor's reason
    allow_internal: bool = False  # whether --online may contact machines in an internal network
    nameserver: Annotated[str, AfterValidator(check_nameserver)] | None = None  # for --online
    bounce_domain: OneLine | None = None  # where bounces go, if not to the provider's own address
    dkim_selectors: list[OneLine] = Field(default=[])  # selectors of the keys that sign the mail


class ImportTable(Table):
    """[import]: what the columns of lists of people mean."""

    # Header as written in a list -> email, name, first_name, last_name, language, consent (who
    # agreed), left (who left), ignore, or the attribute that it is kept as.
    columns: dict[str, OneLine] = Field(default={})


class WebhooksTable(Table):
    """[webhooks]: by what a provider proves that it is the one who posts."""

    public_key: OneLine | None = None  # SendGrid's, as its page of the event webhook shows it
    topics: list[OneLine] = Field(default=[])  # of Amazon SNS, by ARN
    kept_days: Annotated[int, Field(ge=1, le=365)] = 30  # how long what was posted is kept


class BouncesTable(Table):
    """[bounces]: what is made of mail that comes back."""

    soft_issues: Annotated[int, Field(ge=2, le=100)] = 3  # in a row that a mailbox did not take
    soft_days: Annotated[int, Field(ge=1, le=1000)] = 30  # that they cover, until it is paused
    domain_most: Annotated[int, Field(ge=1)] = 5  # that bounce for good at one domain in an hour
    issue_share: Annotated[float, Field(gt=0, le=1)] = 0.05  # of an issue; more are held
    tell_provider: bool = True  # whether the provider is told who left


class RetentionTable(Table):
    """[retention]: how long what is no longer needed is kept; see docs/consent.md."""

    wish_days: Annotated[int, Field(ge=7, le=365)] = 30  # what people asked for on our pages
    return_days: Annotated[int, Field(ge=30, le=3660)] = 400  # what came back about mails
    contribution_days: Annotated[int, Field(ge=7, le=3660)] = 180  # what was sent in, once decided
    meeting_months: Annotated[int, Field(ge=0, le=600)] = 24  # whose seats were; 0: for ever
    # People who left, bounced or complained; then a keyed hash of the address stays. 0: for ever.
    departed_months: Annotated[int, Field(ge=0, le=600)] = 24


class PreviewTable(Table):
    """[preview]: what the local preview may do."""

    test_addresses: list[Mailbox] = Field(
        default=[]
    )  # the editor's own addresses, to which it may send a test


class FeedTable(Table):
    """[[collect.feeds]]: a site whose news may become material."""

    preset: OneLine | None = None  # a source that ships by name; `collect --presets` lists them
    url: Annotated[str, AfterValidator(check_feed_url)] | None = None  # replaces a preset's own
    name: OneLine | None = None  # heading of its items; otherwise the feed's own title
    words: list[OneLine] | None = None  # only news that have one of these, in any of its forms

    @model_validator(mode="after")
    def _has_place(self) -> "FeedTable":
        if not (self.preset or self.url):
            raise ValueError(say("write where it is: url, or preset"))
        return self


class CollectTable(Table):
    """[collect]: where `newsletter collect` looks for material."""

    feeds: list[FeedTable] = Field(default=[])
    words: list[OneLine] = Field(default=[])  # of feeds that have none of their own
    allow_internal: bool = False  # whether feeds may be in an internal network


class ArchiveTable(Table):
    """[archive]: which issues that went out anybody may read on the web."""

    public: bool = True  # False: there is no archive, and mails do not link to it
    hidden: list[OneLine] = Field(default=[])  # issues that are not there at all
    unlisted: list[OneLine] = Field(default=[])  # only for those who have their address
    noindex: bool | list[OneLine] = False  # search engines are asked to leave all, or these, alone

    def names(self, issue_id: str) -> bool:
        """Return whether lists and mails may lead to an issue."""
        return self.public and issue_id not in (*self.hidden, *self.unlisted)


class MediaTable(Table):
    """[media]: where `newsletter media push` puts pictures, so that they lie below media_url."""

    to: Annotated[str, AfterValidator(check_store)] | None = None  # folder, s3://... or sftp://...
    endpoint: Annotated[str, AfterValidator(check_base_url)] | None = None  # of an S3 store
    region: OneLine = "us-east-1"  # of an S3 store; most but Amazon's take any
    host_key: Annotated[str, AfterValidator(check_host_key)] | None = None  # of an SFTP server
    key_file: OneLine | None = None  # private key to log in with; otherwise the usual ones


class LoggingTable(Table):
    """[logging]: what workers write about their work."""

    form: Literal["plain", "json"] = "plain"  # for a person at a terminal, or for machines
    level: Literal["debug", "info", "warning", "error"] = "info"  # the least that JSON tells of


class MetricsTable(Table):
    """[metrics]: where Prometheus may ask."""

    listen: Annotated[str, AfterValidator(check_listen)] | None = None  # such as "127.0.0.1:9108"


def _tracking(value: TrackingTable, info: ValidationInfo) -> TrackingTable:
    newsletter = info.data.get("newsletter")  # a faulty one is told by itself
    if value.counting.is_ours and newsletter and not newsletter.public_url:
        raise ValueError(
            say(
                "opens = “{opens}” is counted by “newsletter serve”: set public_url below "
                "[newsletter], or choose “off” or “provider”",
                opens=value.opens,
            )
        )
    return value


def _media(value: MediaTable, info: ValidationInfo) -> MediaTable:
    newsletter = info.data.get("newsletter")
    if value.to and newsletter and not newsletter.media_url:
        raise ValueError(
            say(
                "pictures are put there, but media_url below [newsletter] does not say at which "
                "address readers find them"
            )
        )
    return value


class Settings(Table):
    """All settings of one newsletter."""

    newsletter: NewsletterTable
    brand: BrandTable | None = None
    provider: ProviderTable = ProviderTable()
    mailbox: MailboxTable = MailboxTable()
    database: DatabaseTable = DatabaseTable()
    tracking: Annotated[TrackingTable, AfterValidator(_tracking)] = TrackingTable()
    subscribe: SubscribeTable = SubscribeTable()
    contributions: ContributionsTable = ContributionsTable()
    check: CheckTable = CheckTable()
    import_: Annotated[ImportTable, Field(alias="import")] = ImportTable()
    webhooks: WebhooksTable = WebhooksTable()
    bounces: BouncesTable = BouncesTable()
    retention: RetentionTable = RetentionTable()
    preview: PreviewTable = PreviewTable()
    collect: CollectTable = CollectTable()
    archive: ArchiveTable = ArchiveTable()
    media: Annotated[MediaTable, AfterValidator(_media)] = MediaTable()
    meetings: MeetingsTable = MeetingsTable()
    statistics: StatisticsTable = StatisticsTable()
    report: ReportTable = ReportTable()
    logging: LoggingTable = LoggingTable()
    metrics: MetricsTable = MetricsTable()
    _root: Path = PrivateAttr(default=Path())

    @property
    def root(self) -> Path:
        """Return the folder of its newsletter.toml."""
        return self._root

    @property
    def signs(self) -> bool:
        """Return whether readers get links or keys that are signed."""
        return bool(self.newsletter.public_url or self.mailbox.unsubscribe)

    @property
    def address_for_leaving_alone(self) -> str:
        """Return the address to leave by, if people's answers go elsewhere; else ""."""
        leave, table = self.mailbox.unsubscribe or "", self.newsletter
        answers = {mailbox_of(text)[1].lower() for text in (table.reply_to, table.from_) if text}
        return leave if mail_address(leave).lower() not in answers else ""

    @property
    def zone(self) -> ZoneInfo:
        """Return the time zone of the newsletter."""
        return ZoneInfo(self.newsletter.timezone)

    def local_time(self, moment: dt.datetime) -> Wording:
        """Return a moment in the newsletter's time zone, in words."""
        at, zone = moment.astimezone(self.zone), self.newsletter.timezone
        return say("{at:%Y-%m-%d %H:%M} ({zone})", at=at, zone=zone)

    @property
    def database_file(self) -> Path | None:
        """Return the SQLite file; None for a server."""
        url = self.database.url
        is_file = url.startswith("sqlite:///")
        return self.root / url.removeprefix("sqlite:///") if is_file else None

    @property
    def outbox(self) -> Path:
        """Return the folder of the local outbox."""
        return self.root / self.provider.path

    @property
    def has_database(self) -> bool:
        """Return whether there is a database to query: a server, or a file that exists."""
        file = self.database_file
        return file is None or file.exists()
