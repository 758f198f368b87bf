"""Lists as people's services export them, made up by hypothesis, with what is true of each person.

Fourteen exporters' shapes, five encodings, three dialects, and the dirt of real cells. What a list
says of a person is written down as it is made, not read from it: that is what tests compare with.
"""

import codecs
import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from hypothesis import strategies as st
from openpyxl import Workbook

from newsletter.audience.entries import ImportOptions

SECRETS = ("kala-allergia", "010190-123A", "192.0.2.7", "1.1.1990", "soita esimiehelle")

# What a row says of a person. Who says nothing in one row may agree in another.
MAY, LEFT, SILENT = True, False, None


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a list says of one address."""

    address: str
    may_be_active: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RealList:
    """A list as a service exports it."""

    exporter: str
    name: str  # of the file
    data: bytes
    truths: tuple[Truth, ...]
    # that answer what is asked of such a list
    wishes: ImportOptions = field(default_factory=ImportOptions)

    def may_become_active(self) -> set[str]:
        """Return the addresses, in lower case, that no row of theirs speaks against."""
        said = [(truth.address.lower(), truth.may_be_active) for truth in self.truths]
        left = {address for address, may in said if may is LEFT}
        return {address for address, may in said if may is MAY} - left


State = tuple[Mapping[str, str], bool | None]
Dirt = Callable[[str], str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """How a service writes its lists."""

    header: Sequence[str]
    # Cells of a person: from address, first name, last name, and one of the states below.
    row: Callable[[str, str, str, Mapping[str, str]], Sequence[str]]
    states: Sequence[State]  # cells that tell, and what they say
    name: str = "export.csv"
    delimiter: str = ","


def _of(**cells: str) -> Mapping[str, str]:
    return cells


_TIME = "2026-01-02 10:00:00"
_DIET, _ID, _IP, _BORN, _NOTE = SECRETS
_MAILCHIMP = ["Email Address", "First Name", "Last Name", "Address", "Phone Number", "Birthday",
              "MEMBER_RATING", "OPTIN_TIME", "OPTIN_IP", "CONFIRM_TIME", "CONFIRM_IP", "LATITUDE",
              "LONGITUDE", "GMTOFF", "DSTOFF", "TIMEZONE", "CC", "REGION"]  # fmt: skip


def _mailchimp(a: str, f: str, l: str, s: Mapping[str, str]) -> list[str]:
    start = [a, f, l, "Katu 1 00100 Helsinki", "", _BORN, "2", _TIME, _IP, _TIME, _IP, "60.1",
             "24.9", "2", "3", "Europe/Helsinki", "fi", "18"]  # fmt: skip
    return [*start, *s.values(), _TIME, "1", "abc", _NOTE, '"vip","kurssi"']


_MAILCHIMP_END = ["LAST_CHANGED", "LEID", "EUID", "NOTES", "TAGS"]

SHAPES: Mapping[str, Shape] = {
    "own": Shape(
        header=["email", "name", "language", "region", "standing"],
        row=lambda a, f, l, s: [a, f"{f} {l}", "fi", "Lappi", s["standing"]],
        states=[(_of(standing="active"), MAY)]
        + [(_of(standing=word), LEFT) for word in
           ("unsubscribed", "bounced", "complained", "pending", "erased")]
        + [(_of(standing=word), SILENT) for word in ("left?", "")],
    ),
    "mailchimp subscribed": Shape(
        header=[*_MAILCHIMP, *_MAILCHIMP_END],
        row=_mailchimp,
        states=[({}, MAY)],
        name="subscribed_members_export_8893cd3.csv",
    ),
    "mailchimp unsubscribed": Shape(
        header=[*_MAILCHIMP, "UNSUB_TIME", "UNSUB_CAMPAIGN_TITLE", "UNSUB_CAMPAIGN_ID",
                "UNSUB_REASON", "UNSUB_REASON_OTHER", *_MAILCHIMP_END],
        row=_mailchimp,
        states=[(_of(t=_TIME, c="Joulu", i="1", r="NORMAL", o=""), LEFT)],
        name="unsubscribed_members_export_8893cd3.csv",
    ),
    "mailchimp unsubscribed, renamed": Shape(
        header=[*_MAILCHIMP, "UNSUB_TIME", *_MAILCHIMP_END],
        row=_mailchimp,
        states=[(_of(t=_TIME), LEFT)],
        name="vanha lista.csv",
    ),
    "mailchimp cleaned": Shape(
        header=[*_MAILCHIMP, "CLEAN_TIME", "CLEAN_CAMPAIGN_TITLE", "CLEAN_CAMPAIGN_ID",
                *_MAILCHIMP_END],
        row=_mailchimp,
        states=[(_of(t=_TIME, c="Joulu", i="1"), LEFT)],
        name="cleaned_members_export_8893cd3.csv",
    ),
    "brevo": Shape(
        header=["CONTACT ID", "EMAIL", "FIRSTNAME", "LASTNAME", "SMS", "DOUBLE_OPT-IN", "OPT_IN",
                "EMAIL_BLACKLIST", "SMS_BLACKLIST", "ADDED_TIME", "MODIFIED_TIME", "NOTE"],
        row=lambda a, f, l, s: ["1", a, f, l, "", "", s.get("opt", ""), s["b"], "1", _TIME, _TIME,
                                _NOTE],
        states=[(_of(b=""), MAY), (_of(b="0", opt="1"), MAY), (_of(b="false"), MAY),
                (_of(b="1"), LEFT), (_of(b="true"), LEFT), (_of(b="Yes"), LEFT),
                (_of(b="", opt="0"), LEFT)],
        delimiter=";",
    ),
    "mailerlite": Shape(
        header=["Subscriber", "Status", "Sent", "Opens", "Clicks", "Subscribed", "Unsubscribed",
                "Location", "Name", "Last name", "Company", "IP"],
        row=lambda a, f, l, s: [a, s["s"], "5", "3", "1", _TIME, s.get("u", ""), "Helsinki", f, l,
                                "Säätiö", _IP],
        states=[(_of(s="active"), MAY), (_of(s="Active"), MAY), (_of(s="unsubscribed"), LEFT),
                (_of(s="unconfirmed"), LEFT), (_of(s="bounced"), LEFT), (_of(s="junk"), LEFT),
                (_of(s="active", u=_TIME), LEFT)],
    ),
    "buttondown": Shape(
        header=["email", "notes", "metadata", "tags", "type", "creation_date", "secondary_id",
                "unsubscription_date", "ip_address", "source"],
        row=lambda a, f, l, s: [a, _NOTE, "{}", "", s["t"], _TIME, "1", s.get("u", ""), _IP, "api"],
        states=[(_of(t="regular"), MAY), (_of(t="premium"), MAY), (_of(t="unactivated"), LEFT),
                (_of(t="unsubscribed"), LEFT), (_of(t="removed"), LEFT), (_of(t="spammy"), LEFT),
                (_of(t="undeliverable"), LEFT), (_of(t="complained"), LEFT),
                (_of(t="regular", u=_TIME), LEFT)],
    ),
    "substack": Shape(
        header=["email", "active_subscription", "expiry", "plan", "email_disabled", "created_at",
                "first_payment_at"],
        row=lambda a, f, l, s: [a, "false", "", "other", s["d"], _TIME, ""],
        states=[(_of(d="false"), MAY), (_of(d=""), MAY), (_of(d="true"), LEFT)],
    ),
    "ghost": Shape(
        header=["id", "email", "name", "note", "subscribed_to_emails", "complimentary_plan",
                "stripe_customer_id", "created_at", "deleted_at", "labels", "tiers"],
        row=lambda a, f, l, s: ["1", a, f"{f} {l}", _NOTE, s["s"], "false", "", _TIME,
                                s.get("d", ""), "", ""],
        states=[(_of(s="true"), MAY), (_of(s="false"), LEFT), (_of(s=""), SILENT),
                (_of(s="true", d=_TIME), LEFT)],
    ),
    "listmonk": Shape(
        header=["uuid", "email", "name", "attributes", "status", "created_at", "updated_at"],
        row=lambda a, f, l, s: ["1-2", a, f"{f} {l}", '{"city": "Turku"}', s["s"], _TIME, _TIME],
        states=[(_of(s="enabled"), MAY), (_of(s="disabled"), LEFT), (_of(s="blocklisted"), LEFT)],
    ),
    "keila": Shape(
        header=["Email", "First name", "Last name", "Data", "Status", "External ID"],
        row=lambda a, f, l, s: [a, f, l, f'{{"diet": "{_DIET}"}}', s["s"], ""],
        states=[(_of(s="active"), MAY), (_of(s="unsubscribed"), LEFT),
                (_of(s="unreachable"), LEFT)],
    ),
    "outlook": Shape(
        header=["First Name", "Middle Name", "Last Name", "Title", "Suffix", "Company",
                "Department", "Job Title", "Business Street", "Home State", "Birthday",
                "E-mail Address", "E-mail Type", "E-mail Display Name", "E-mail 2 Address",
                "Notes", "Categories"],
        row=lambda a, f, l, s: [f, "", l, "", "", "Säätiö", "", "Valmentaja", "Katu 1", "", _BORN,
                                a, "SMTP", f"{f} {l} ({a})", "", _NOTE, ""],
        states=[({}, MAY)],
    ),
    "outlook fi": Shape(
        header=["Etunimi", "Toinen nimi", "Sukunimi", "Yritys", "Osasto", "Tehtävänimike",
                "Syntymäpäivä", "Sähköpostiosoite", "Sähköpostilaji", "Sähköpostin näyttönimi",
                "Muistiinpanoja", "Luokat"],
        row=lambda a, f, l, s: [f, "", l, "Säätiö", "", "Valmentaja", _BORN, a, "SMTP", f, _NOTE,
                                ""],
        states=[({}, MAY)],
        delimiter=";",
    ),
    "outlook sv": Shape(
        header=["Förnamn", "Mellannamn", "Efternamn", "Företag", "Avdelning", "Befattning",
                "Födelsedag", "E-postadress", "E-posttyp", "E-postnamn", "Anteckningar"],
        row=lambda a, f, l, s: [f, "", l, "Stiftelse", "", "Coach", _BORN, a, "SMTP", f, _NOTE],
        states=[({}, MAY)],
        delimiter=";",
    ),
    "google contacts": Shape(
        header=["First Name", "Middle Name", "Last Name", "Phonetic First Name", "Name Prefix",
                "Nickname", "File As", "Organization Name", "Organization Title", "Birthday",
                "Notes", "Photo", "Labels", "E-mail 1 - Label", "E-mail 1 - Value",
                "E-mail 2 - Label", "E-mail 2 - Value", "Phone 1 - Label", "Phone 1 - Value"],
        row=lambda a, f, l, s: [f, "", l, "", "", "", "", "Säätiö", "Valmentaja", _BORN, _NOTE, "",
                                "* myContacts", "* Work", a, "", "", "", ""],
        states=[({}, MAY)],
    ),
    "google forms": Shape(
        header=["Aikaleima", "Sähköpostiosoite", "Nimesi", "Organisaatiosi?",
                "Erityisruokavalio (allergiat, muu)", "Saako sinulle lähettää uutiskirjeen?"],
        row=lambda a, f, l, s: ["1.12.2026 10.00.00", a, f"{f} {l}", "Säätiö", _DIET, s["s"]],
        states=[(_of(s="Kyllä"), MAY), (_of(s="Kyllä, mielelläni"), MAY), (_of(s="Ei"), LEFT),
                (_of(s="Ei kiitos"), LEFT), (_of(s=""), SILENT), (_of(s="En halua"), LEFT)],
    ),
    "microsoft forms": Shape(
        header=["ID", "Start time", "Completion time", "Email", "Name", "Sähköpostiosoitteesi",
                "Etunimi", "Sukunimi", "Syntymäaika", "Suostun uutiskirjeen lähettämiseen"],
        row=lambda a, f, l, s: ["1", _TIME, _TIME, "anonymous", "", a, f, l, _BORN, s["s"]],
        states=[(_of(s="Kyllä"), MAY), (_of(s="x"), MAY), (_of(s="Ei"), LEFT), (_of(s=""), SILENT)],
    ),
    "lyyti": Shape(
        header=["Etunimi", "Sukunimi", "Sähköposti", "Organisaatio", "Tila", "Ilmoittautumisaika",
                "Erityisruokavalio", "Henkilötunnus", "Markkinointilupa"],
        row=lambda a, f, l, s: [f, l, a, "Säätiö", s["t"], "1.12.2026 10:00", _DIET, _ID, s["m"]],
        states=[(_of(t="Ilmoittautunut", m="Kyllä"), MAY), (_of(t="Osallistunut", m="1"), MAY),
                (_of(t="Peruutettu", m="Kyllä"), LEFT), (_of(t="Ilmoittautunut", m="Ei"), LEFT),
                (_of(t="Kutsuttu", m="Kyllä"), LEFT), (_of(t="Osallistunut", m=""), SILENT)],
        delimiter=";",
    ),
    "webropol": Shape(
        header=["Vastaajan ID", "Vastausaika", "Sähköposti:", "Nimi:", "1. Maakunta", "Maakunta",
                "Vapaa sana, kommentit, muuta?", "Haluan uutiskirjeen sähköpostiini", ""],
        row=lambda a, f, l, s: ["1", "1.12.2026", a, f"{f} {l}", "18", "Lappi", _NOTE, s["s"], ""],
        states=[(_of(s="1"), MAY), (_of(s="kyllä"), MAY), (_of(s="0"), LEFT), (_of(s="ei"), LEFT),
                (_of(s=""), SILENT)],
        delimiter=";",
    ),
    "suppressions": Shape(
        header=["email", "reason", "created"],
        row=lambda a, f, l, s: [a, "550 no such user", _TIME],
        states=[({}, LEFT)],
        name="suppressions-2026.csv",
    ),
}  # fmt: skip

_NAMES = ["Aino", "Väinö", "Åke", "Müller-Öhman", "Ng", "d'Arcy", "undefined", "-", "Aalto, A",
          'Aino "Ansa"', "VÃ¤inÃ¶", "=1+1", "Aino;A"]  # fmt: skip
_DIRT: Sequence[Dirt] = (
    lambda a: a, lambda a: a, lambda a: a, lambda a: f" {a} ", lambda a: a.upper(),
    lambda a: f"mailto:{a}", lambda a: f"Aino A <{a}>", lambda a: f"{a},", lambda a: f"\u200b{a}",
    lambda a: a.replace("@", " at "),  # no address any more
)  # fmt: skip
_ENCODINGS: Mapping[str, bytes] = {
    "utf-8": b"", "utf-8-sig": b"", "utf-8 ": codecs.BOM_UTF8 * 2, "utf-16": b"", "utf-16-le": b"",
    "cp1252": b"", "xlsx": b"",
}  # fmt: skip


@st.composite
def real_lists(draw: st.DrawFn) -> RealList:
    """Return a list as one of the services writes it."""
    exporter = draw(st.sampled_from(sorted(SHAPES)))
    shape = SHAPES[exporter]
    people = draw(st.lists(_people(shape), min_size=1, max_size=8))
    # A column that is empty throughout is asked about; such lists have tests of their own.
    first: tuple[str, Dirt, str, str, State] = (
        "first@saatio.fi", _DIRT[0], "Aino", "Aalto", shape.states[0],
    )  # fmt: skip
    rows, truths = [], []
    for address, dirty, first_name, last_name, (state, may) in [first, *people]:
        rows.append(shape.row(dirty(address), first_name, last_name, state))
        is_readable = "@" in dirty(address)
        truths.append(Truth(address=address, may_be_active=may if is_readable else SILENT))
    encoding = draw(st.sampled_from(sorted(_ENCODINGS)))
    data = _written([shape.header, *rows], encoding, draw(_dialects(shape)))
    is_asked = encoding == "cp1252" and not _is_utf8(data)
    return RealList(
        exporter=exporter,
        name=shape.name.replace(".csv", ".xlsx") if encoding == "xlsx" else shape.name,
        data=data,
        truths=tuple(truths),
        wishes=ImportOptions(answers={"encoding": "cp1252"} if is_asked else {}),
    )


@st.composite
def _people(draw: st.DrawFn, shape: Shape) -> tuple[str, Dirt, str, str, State]:
    letters = draw(st.text("abcdef.", min_size=1, max_size=3))
    domain = draw(st.sampled_from(["saatio.fi", "kunta.example.org", "gmail.com"]))
    names = st.sampled_from(_NAMES)
    dirty = draw(st.sampled_from(_DIRT))
    state = draw(st.sampled_from(list(shape.states)))
    return f"{letters}@{domain}", dirty, draw(names), draw(names), state


@st.composite
def _dialects(draw: st.DrawFn, shape: Shape) -> Mapping[str, str]:
    delimiter = draw(st.sampled_from([shape.delimiter, ",", ";", "\t"]))
    return {
        "delimiter": delimiter,
        "lineterminator": draw(st.sampled_from(["\r\n", "\n"])),
        "above": draw(st.sampled_from(["", "", f"sep={delimiter}\r\n"])),
    }


def _written(rows: Sequence[Sequence[str]], encoding: str, dialect: Mapping[str, str]) -> bytes:
    if encoding == "xlsx":
        return _as_workbook(rows)
    out = io.StringIO(newline="")
    out.write(dialect["above"])
    writer = csv.writer(
        out, delimiter=dialect["delimiter"], lineterminator=dialect["lineterminator"]
    )
    writer.writerows(rows)
    text = out.getvalue()
    mark = _ENCODINGS[encoding]
    return mark + text.encode(encoding.strip(), errors="ignore")


def _as_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    for number, row in enumerate(rows, start=1):
        for place, value in enumerate(row, start=1):
            cell = sheet.cell(row=number, column=place)
            cell.value = value
            cell.data_type = "s"  # text, also where it looks like a formula
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _is_utf8(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
