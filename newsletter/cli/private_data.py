"""What is held on a person: given out, erased at their wish, purged, and kept off the list."""

import datetime as dt
import secrets
import sys
from collections.abc import Iterator
from pathlib import Path

import click

from newsletter.cli.common import (
    Ruled,
    Settings,
    UsageError,
    confirm,
    insist,
    json_option,
    readable,
    settings_of,
    tell,
    write_json,
    yes_option,
)
from newsletter.cli.typed_addresses import read_address
from newsletter.consent import (
    Held,
    as_csv,
    as_json,
    find_held,
    forget_everywhere,
    gather,
)
from newsletter.files import private_folder, read_words, write_private
from newsletter.intake import import_suppressions, is_mark
from newsletter.jobs.outdated import Outdated, count_outdated, delete_outdated
from newsletter.language import Wording, say, say_list, say_many
from newsletter.ledger import Ledger, compacting
from newsletter.ledgers import ledger_of
from newsletter.settings import find_secret, note_secrets

_SIGNING = "NEWSLETTER_SECRET"
_FAULTY_SHOWN = 20
_TABLES = {  # what is held of somebody, in words
    "subscribers": say("the list"),
    "former": say("former addresses"),
    "records": say("history"),
    "changes": say("what imports changed"),
    "deliveries": say("mails"),
    "editions": say("answers to forms"),
    "events": say("what was told of mails"),
    "hits": say("opens and clicks"),
    "readers": say("opens and clicks, summed up"),
    "returns": say("what came back about mails"),
    "sign_ups": say("forms and other wishes"),
    "contributions": say("what they sent in"),
    "passed_on": say("what the provider was told"),
    "wordings": say("what was agreed to"),
    "webhooks": say("what the provider posted"),
}
_OTHERS = say("other notes")
_BACKUPS = Path("subscribers") / "backups"


def secret_of(settings: Settings) -> str:
    """Return the secret by which those who were erased are known, or ""."""
    found = find_secret(settings.root, _SIGNING)
    return found.reveal() if found else ""


@click.command("forget", cls=Ruled)
@click.argument("address")
@yes_option
@json_option
@click.pass_context
def forget(ctx: click.Context, address: str, *, yes: bool, as_json: bool) -> None:
    """Erase a person everywhere, at their wish; a keyed hash of the address keeps lists off.

    What is held and what stays is shown first. How many mails went out stays true: deliveries are
    kept without a name. Whoever signs up and confirms, or is added with --again, is on the list
    anew.

    \b
    Example:
      newsletter subscribers forget aino@example.org
    """
    settings, ledger = settings_of(ctx), _ledger(ctx)
    wanted, secret = read_address(address).address, secret_or_new(settings)
    held = find_held(ledger, wanted, secret)
    for line in _described(settings, held):
        tell(line)
    agreed = yes or confirm(say("Erase all of that for good?"))
    if agreed:
        now, outbox = dt.datetime.now(dt.UTC), settings.outbox
        mails = forget_everywhere(ledger, wanted, secret, now, source="forget", outbox=outbox)
        is_compact = compacting.compact(ledger)
        tell(_told(held, mails))
        if not is_compact:
            tell(_LATER)
    else:
        tell(say("Nothing was erased."))
    if as_json:
        rows = {"rows": dict(held.rows), "kept": list(held.marks), "erased": agreed}
        write_json(rows)
    ctx.exit(0 if agreed else 1)


_LATER = say(
    "Another process holds the ledger: what was erased may stand in free space of its file until "
    "you run the same command once more."
)


def secret_or_new(settings: Settings) -> str:
    """Return the secret; make one where there is none: nothing was signed by another yet."""
    if secret := secret_of(settings):
        return secret
    secret = secrets.token_urlsafe(32)
    note_secrets(settings.root, {_SIGNING: secret})
    tell(
        say(
            "Wrote a new NEWSLETTER_SECRET into .env; keep it: by it those who were erased stay "
            "off the list."
        )
    )
    return secret


def _described(settings: Settings, held: Held) -> Iterator[Wording]:
    """Yield what is held of somebody, and what stays."""
    if held.is_erased:
        yield say("Nothing is held of {address} but a keyed hash.", address=held.addresses[0])
        return
    yield say_many(
        "{n:,} entry is held of {address}, in: {tables}.",
        "{n:,} entries are held of {address}, in: {tables}.",
        n=held.count,
        address=held.addresses[0],
        tables=say_list(
            say("{what} ({n:,})", what=_TABLES.get(table, _OTHERS), n=rows)
            for table, rows in held.rows.items()
        ),
    )
    if len(held.addresses) > 1:
        yield say("They had other addresses: {others}.", others=", ".join(held.addresses[1:]))
    yield say("This stays, so that no list adds them again: {marks}", marks=", ".join(held.marks))
    if files := _copies_of_ledgers(settings):
        yield say(
            "Backups, and ledgers that were put aside, may still hold them: delete those you do "
            "not need, and erase again if one is restored where this ledger is lost: {files}",
            files=say_list([_named(settings, file) for file in files]),
        )
    yield say("What your mail provider keeps, and lists in other files, are for you to delete.")


def _copies_of_ledgers(settings: Settings) -> list[Path]:
    """Return the files that may be backups of the ledger, or ledgers of before."""
    folder, own = settings.root / _BACKUPS, settings.database_file
    places = [folder.glob("*"), folder.parent.glob("*.db")]
    places += [own.parent.glob(f"{own.stem}-*{own.suffix}")] if own else []
    return sorted({file for place in places for file in place if file.is_file()} - {own})


def _named(settings: Settings, file: Path) -> str:
    is_inside = file.is_relative_to(settings.root)
    return str(file.relative_to(settings.root) if is_inside else file)


def _told(held: Held, mails: int) -> Wording:
    if mails:
        return say_many(
            "Erased {address}, and {n} mail in the local outbox.",
            "Erased {address}, and {n:,} mails in the local outbox.",
            n=mails,
            address=held.addresses[0],
        )
    return say("Erased {address}.", address=held.addresses[0])


def suppress_listed(ctx: click.Context, file: Path, *, yes: bool, as_json: bool) -> None:
    """Note who gets no mail, from a list of addresses or keyed hashes; nobody is added."""
    settings, ledger = settings_of(ctx), _ledger(ctx)
    is_piped = str(file) == "-"
    said, faulty = _read_off(sys.stdin.read() if is_piped else read_words(file))
    if not yes:
        insist(
            say("Keep everybody in {file} off the list?", file=readable(str(file))),
            otherwise=say("Nothing was written."),
        )
    secret, now = secret_or_new(settings), dt.datetime.now(dt.UTC)
    done = import_suppressions(ledger, said, readable(file.name), secret=secret, now=now)
    tell(
        say(
            "{added:,} addresses are noted as not to be mailed; {off:,} people were on the list "
            "and get no more mail.",
            added=done.added,
            off=done.taken_off,
        )
    )
    for word in faulty[:_FAULTY_SHOWN]:
        tell(say("“{word}” is neither an address nor a keyed hash", word=readable(word)), fg="red")
    if as_json:
        write_json({"added": done.added, "removed": done.taken_off, "faulty": faulty})
    ctx.exit(1 if faulty else 0)


def _read_off(text: str) -> tuple[list[str], list[str]]:
    """Return the addresses and hashes of a text, one a line, and what is neither."""
    said, faulty = [], []
    for word in filter(None, map(str.strip, text.splitlines())):
        try:
            said.append(word if is_mark(word) else read_address(word).address)
        except UsageError:
            faulty.append(word)
    return said, faulty


def write_dossier(ledger: Ledger, typed: str, folder: Path) -> None:
    """Write all that is held on a person into a folder: one JSON, and a CSV of each table."""
    address = read_address(typed).address
    held = gather(ledger, address)
    if not held:
        raise UsageError(say("nothing is held of {address}", address=address))
    try:
        private_folder(folder)
        write_private(folder / "person.json", as_json(held))
        for table, rows in held.items():
            write_private(folder / f"{table}.csv", as_csv(rows))
    except OSError as err:
        raise UsageError(
            say("{folder}: {reason}; name another folder", folder=str(folder), reason=str(err))
        ) from err
    tell(
        say(
            "Wrote what is held of {address} to {folder}: person.json, and a CSV of each table. "
            "Give it to nobody else.",
            address=address,
            folder=str(folder),
        )
    )


@click.command("purge", cls=Ruled)
@click.option("--dry-run", is_flag=True, help="Only tell what would be deleted.")
@yes_option
@json_option
@click.pass_context
def purge_command(ctx: click.Context, *, dry_run: bool, yes: bool, as_json: bool) -> None:
    """Delete what is older than [retention] allows; a job does so every night.

    People who left long ago are erased: a keyed hash of their address stays.

    \b
    Example:
      newsletter subscribers purge --dry-run
    """
    settings, ledger, now = settings_of(ctx), _ledger(ctx), dt.datetime.now(dt.UTC)
    told = count_outdated(settings, ledger, now)
    for line in _listed(told):
        tell(line)
    agreed = bool(told) and not dry_run and (yes or confirm(say("Delete that for good?")))
    if agreed:
        secret = secret_of(settings) if not told.purged.departed else secret_or_new(settings)
        told = delete_outdated(settings, ledger, secret, now)
        compacting.compact(ledger)
    tell(say("Deleted.") if agreed else say("Nothing was deleted."))
    if as_json:
        counts = {
            "wishes": told.purged.wishes,
            "answers": told.purged.answers,
            "contributions": told.purged.contributions,
            "posted": told.purged.posted,
            "returns": told.purged.returns,
            "departed": told.purged.departed,
            "registrations": told.registrations,
            "survey_answers": told.survey_answers,
            "sealed_answers": told.sealed_answers,
        }
        write_json({**counts, "deleted": agreed})
    ctx.exit(0 if agreed or dry_run or not told else 1)


def _listed(told: Outdated) -> Iterator[Wording]:
    old = told.purged
    yield say("{n:,} forms and other wishes that are over", n=old.wishes)
    yield say("{n:,} mails that answered them, of which the figures stay", n=old.answers)
    yield say("{n:,} messages of the provider that were read", n=old.posted)
    yield say("{n:,} notes of what came back about mails", n=old.returns)
    yield say("{n:,} contributions and requests that were decided", n=old.contributions)
    yield say("{n:,} people who left long ago", n=old.departed)
    yield say("{n:,} registrations: answers, needs or names after a meeting", n=told.registrations)
    yield say("{n:,} answers to surveys, cut off from whose they are", n=told.survey_answers)
    yield say(
        "{n:,} sealed answers to surveys that fewer than five answered", n=told.sealed_answers
    )


def _ledger(ctx: click.Context) -> Ledger:
    ledger = ledger_of(settings_of(ctx))
    ctx.call_on_close(ledger.close)
    return ledger
