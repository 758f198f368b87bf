"""From issue files to editions: what building, checking and sending have in common."""

import datetime as dt
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from newsletter.addresses import mailbox_before, mailbox_of
from newsletter.content import NOTHING, Announced, find_announced, read_issue, variants_of
from newsletter.errors import ConfigError, FindingsError, UsageError
from newsletter.files import find_file
from newsletter.language import say, say_list
from newsletter.model import (
    Brand,
    Counted,
    Edition,
    Finding,
    Issue,
    Logo,
    Origin,
    Origins,
    Picture,
    Severity,
    Stationery,
    Variant,
    number_links,
    rules,
)
from newsletter.render import (
    Letterhead,
    Look,
    LookError,
    MjmlError,
    OwnBlocks,
    find_own_blocks,
    lint_templates,
    list_authored_links,
    load_pictures,
    look_named,
    picture_widths,
    render_edition,
    trace_edition,
)
from newsletter.settings import (
    FILE,
    Settings,
    brand_of,
    line_of_setting,
    load_secret,
    refusal,
    settings_fault,
    unseen_in,
)
from newsletter.upgrades import advise

# For copies that are examined and go to nobody: their links and ids lead nowhere.
_NO_SEND, NO_SECRET = "0" * 32, "no secret"


@dataclass(frozen=True, slots=True, kw_only=True)
class Manuscript:
    """An issue in all its languages, as its files are now."""

    issues: Mapping[str, Issue]  # by language
    default_language: str
    look: Look  # where its templates come from
    own_blocks: OwnBlocks  # of the newsletter and its house
    announced: Announced = NOTHING  # what it may announce

    @property
    def lead(self) -> Issue:
        """Return the issue in the newsletter's language, or else in the first there is."""
        return self.issues.get(self.default_language) or next(iter(self.issues.values()))

    def variants(self) -> list[Variant]:
        """Return, for each language, the variant that shows every conditional block."""
        return [
            Variant(language=language, met=frozenset(issue.conditions))
            for language, issue in self.issues.items()
        ]


def read_manuscript(settings: Settings, issue_id: str) -> Manuscript:
    """Read an issue in all its languages, the newsletter's own first.

    Raise UsageError if there is no such issue, FindingsError with the mistakes in all its files,
    ConfigError for a faulty look.
    """
    language = settings.newsletter.language
    issues: dict[str, Issue] = {}
    look = look_of(settings)
    own = find_own_blocks(look)
    announced = find_announced(
        settings.root / "meetings",
        language=language,
        zone=settings.zone,
        public_url=settings.newsletter.public_url or "",
        asks=settings.contributions.asks(reply_to_of(settings)),
    )
    findings = [found for found in own.findings if found.severity is Severity.ERROR]
    for named, path in variants_of(settings.root / "issues", issue_id, language).items():
        try:
            issue = read_issue(
                path,
                root=settings.root,
                language=named,
                kinds=own.kinds,
                announced=announced,
            )
        except FindingsError as err:
            findings += err.findings
        else:
            if issue.language in issues:
                raise _twins(issues[issue.language], issue)
            issues[issue.language] = issue
    if findings:
        raise FindingsError(tuple(findings))
    ordered = sorted(issues.items(), key=lambda item: item[0] != language)
    return Manuscript(
        issues=dict(ordered),
        default_language=language,
        look=look,
        own_blocks=own,
        announced=announced,
    )


def own_blocks_of(settings: Settings) -> OwnBlocks:
    """Return the blocks that a newsletter or its house declares."""
    return find_own_blocks(look_of(settings))


def _twins(first: Issue, second: Issue) -> UsageError:
    odd = second if "lang" in second.lines else first  # their names have two different languages
    message = say(
        "{first} and {second} are both in “{language}”",
        first=first.path,
        second=second.path,
        language=second.language,
    )
    line, hint = odd.lines.get("lang"), say("keep one of them")
    finding = rules.ISSUE_FILES.error(message, hint, line=line).in_file(odd.path)
    return UsageError(message, findings=(finding,))


def render_manuscript(
    settings: Settings, manuscript: Manuscript, variants: Iterable[Variant]
) -> dict[Variant, Edition]:
    """Render an issue for each variant.

    Raise FindingsError for a missing template, one with a conflict in it, or a picture that cannot
    be read, ConfigError for a faulty template.
    """
    look = manuscript.look
    if missing := tuple(_missing_templates(look, manuscript)):
        raise FindingsError(missing)
    advice = tuple(advise(look, named=settings.newsletter.look))
    if conflicts := tuple(f for f in advice if f.severity is Severity.ERROR):
        raise FindingsError(conflicts)
    around = (*advice, *manuscript.own_blocks.findings, *_missing_logos(settings))
    letterheads = {code: letterhead_of(settings, manuscript, code) for code in manuscript.issues}
    unseen = {code: tuple(_unseen(settings, issue)) for code, issue in manuscript.issues.items()}
    editions = {}
    for variant in variants:
        issue = manuscript.issues[variant.language]
        try:
            made = render_edition(
                issue,
                variant,
                letterheads[issue.language],
                pictures=pictures_of(settings, issue),
                look=look,
            )
        except ConfigError as err:
            raise _explained(settings, look, err, issue.path) from err
        own = (_in_settings(settings, finding) for finding in made.findings)
        editions[variant] = replace(
            made,
            findings=(*own, *around, *unseen[issue.language]),
            links=list_authored_links(made, settings.newsletter.public_url or ""),
        )
    return editions


def _in_settings(settings: Settings, finding: Finding) -> Finding:
    """Return a finding with its place, if it is about the brand."""
    if finding.id != rules.BRAND_COLOUR.id:
        return finding
    return finding.in_file(FILE).at(line_of_setting(settings, "brand", "colour"))


def _missing_logos(settings: Settings) -> Iterator[Finding]:
    for name, place in logo_places(settings).items():
        if not find_file(settings.root, name).is_file():
            yield rules.BRAND_LOGO.error(
                "there is no picture “{source}”",
                "put it into the newsletter's folder, next to newsletter.toml, or mend the name",
                line=place.line,
                source=name,
            ).in_file(FILE)


def logo_places(settings: Settings) -> dict[str, Origin]:
    """Return where newsletter.toml names each file of a logo."""
    places: dict[str, Origin] = {}
    for keys, name in settings.brand.logo_files if settings.brand else ():
        line = line_of_setting(settings, "brand", *keys) or 1
        places.setdefault(name, Origin(path=FILE, line=line))
    return places


def _unseen(settings: Settings, issue: Issue) -> Iterator[Finding]:
    """Yield what of the brand the readers of an issue get nothing of, for want of a language."""
    table, language, own = settings.brand, issue.language, settings.newsletter.language
    for keys in unseen_in(table, language=language, own=own, day=issue.date) if table else ():
        yield rules.BRAND_SHOWN.warning(
            "this is there for other languages alone, so readers of “{language}” get none",
            "write one for “{language}” as well",
            line=line_of_setting(settings, "brand", *keys),
            language=language,
        ).in_file(FILE)


def trace_variant(settings: Settings, manuscript: Manuscript, variant: Variant) -> Origins:
    """Return where in the templates the parts of an edition were written."""
    issue = manuscript.issues[variant.language]
    return trace_edition(
        issue,
        variant,
        letterhead_of(settings, manuscript, issue.language),
        pictures=pictures_of(settings, issue),
        look=manuscript.look,
    )


def look_of(settings: Settings) -> Look:
    """Return where the newsletter's templates come from; raise ConfigError for a faulty look."""
    try:
        return look_named(settings.newsletter.look, folder=settings.root / "templates")
    except LookError as err:
        file, line = FILE, err.line
        if err.path:
            file = Path(os.path.relpath(err.path, settings.root)).as_posix()
        else:
            line = line_of_setting(settings, "newsletter", "look")
        fault = settings_fault(file, line, err.message, err.hint)
        raise refusal(settings.root, fault) from err


def _explained(settings: Settings, look: Look, err: ConfigError, path: str) -> ConfigError:
    """Return the error of a faulty template with all that is wrong with the templates."""
    lint = lint_templates(look)
    said = () if _is_said_better(err, lint) else err.findings
    # A template of the package is filled by what one's own says; it is no file of the newsletter.
    found = tuple(one if one.path else one.in_file(path) for one in said)
    findings = tuple(dict.fromkeys((*found, *lint)))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if len(errors) == len(err.findings) and found and found == err.findings:
        return ConfigError(err.words, findings=findings)
    lines = (
        say_list((f"{settings.root / finding.place}: ", say_list(finding.said, "; ")), "")
        for finding in errors
    )
    return ConfigError(say_list(lines, "\n"), findings=findings)


def _is_said_better(err: ConfigError, lint: Iterable[Finding]) -> bool:
    """Return whether the templates show by themselves what MJML or Jinja stumbled over."""
    is_of_tags = isinstance(err.__cause__, MjmlError)
    rule = rules.TEMPLATE_TAGS if is_of_tags else rules.TEMPLATE
    paths = {finding.path for finding in err.findings}
    return any(one.id == rule.id and (is_of_tags or one.path in paths) for one in lint)


def template_advice(settings: Settings) -> list[Finding]:
    """Return what to look after in the templates, whatever is written; raise ConfigError."""
    return list(advise(look_of(settings), named=settings.newsletter.look))


def _missing_templates(look: Look, manuscript: Manuscript) -> Iterator[Finding]:
    for issue in manuscript.issues.values():
        name = f"{issue.template}.mjml"
        if not any(_is_there(folder / name) for folder in (look.folder, *look.shared)):
            yield rules.TEMPLATE_MISSING.error(
                "there is no template “{name}”",
                "there are: {names}",
                line=issue.lines.get("template"),
                name=issue.template,
                names=", ".join(look.pages()),
            ).in_file(issue.path)


def _is_there(path: Path) -> bool:
    with suppress(OSError):  # such as a name too long for any file
        return path.is_file()
    return False


def pictures_of(settings: Settings, issue: Issue) -> dict[str, Picture]:
    """Return the pictures beside an issue, as mailed, by the source in the issue."""
    return load_pictures(
        issue.picture_sources,
        settings.root / "issues",
        issue.path,
        widths=picture_widths(issue),
        hosted=bool(settings.newsletter.pictures_url),
    )


def picture_files(edition: Edition) -> dict[str, Picture]:
    """Return the pictures of a page by file name, hosted ones in both densities."""
    found = [one for picture in edition.shown for one in (picture, picture.single)]
    return {picture.filename: picture for picture in found if picture}


def letterhead_of(settings: Settings, manuscript: Manuscript, language: str) -> Letterhead:
    """Return what an issue in a language shows about the newsletter."""
    table = settings.newsletter
    return Letterhead(
        title=table.title_in(language),
        sender=table.sender_in(language),
        reply_to=reply_to_of(settings, manuscript),
        public_url=table.public_url or "",
        media_url=table.media_url or "",
        counting=settings.tracking.counting,
        has_archive=settings.archive.public and manuscript.lead.id not in settings.archive.hidden,
        leaves_by_key=bool(settings.mailbox.leave_to),
        brand=brand_in(settings, language, manuscript.issues[language].date),
    )


def brand_in(settings: Settings, language: str, day: dt.date) -> Brand:
    """Return what readers of a language see of the house in an issue of a day."""
    if settings.brand is None:
        return Brand()
    title, own = settings.newsletter.title_in(language), settings.newsletter.language
    brand = brand_of(settings.brand, title=title, language=language, own=own, day=day)
    return replace(brand, logo=_logo_there(settings, brand.logo))


def _logo_there(settings: Settings, logo: Logo | None) -> Logo | None:
    """Return a logo as far as its files exist; what is missing is told."""
    if logo is None or not find_file(settings.root, logo.source).is_file():
        return None
    has_dark = logo.dark and find_file(settings.root, logo.dark).is_file()
    return logo if has_dark else replace(logo, dark="")


def stationery_for(
    settings: Settings, manuscript: Manuscript, editions: Iterable[Edition] = ()
) -> Stationery:
    """Return what every copy of an issue carries, whether it is examined or sent.

    An issue has one sender and one address for replies, whatever the language of its readers. The
    links of these editions are those on which clicks are counted.
    """
    table, lead, counting = settings.newsletter, manuscript.lead, settings.tracking.counting
    return Stationery(
        key=_NO_SEND,
        folder=lead.id,
        sender=mailbox_of(from_of(settings, manuscript)),
        reply_to=reply_to_of(settings, manuscript),
        tag=lead.tag,
        list_id=list_id_of(settings),
        public_url=table.public_url or "",
        leave_to=settings.mailbox.leave_to,
        secret=NO_SECRET,
        counted=Counted(counting=counting, links=number_links(editions))
        if counting.is_ours
        else None,
    )


def from_of(settings: Settings, manuscript: Manuscript) -> str:
    """Return the mailbox an issue comes from; that of a network has its name before the house's."""
    lead, own = manuscript.lead, settings.newsletter.from_
    return lead.sender or (mailbox_before(lead.sender_name, own) if lead.sender_name else own)


def reply_to_of(settings: Settings, manuscript: Manuscript | None = None) -> str:
    """Return the address for replies to an issue, or to any, in the form used in mail."""
    own = manuscript.lead.reply_to if manuscript else ""
    return mailbox_of(own or settings.newsletter.reply_to or settings.newsletter.from_)[1]


def list_id_of(settings: Settings) -> str:
    """Return the id by which readers' filters recognize the newsletter (RFC 2919)."""
    address = mailbox_of(settings.newsletter.from_)[1]
    return re.sub(r"[^\w.-]", "-", address.replace("@", "."), flags=re.ASCII)


def link_secret(settings: Settings) -> str:
    """Return what signs links and keys of readers; raise ConfigError if it is not set."""
    purpose = say("signing links (public_url is set)")
    if not settings.newsletter.public_url:
        purpose = say("signing the address to unsubscribe by ([mailbox] unsubscribe is set)")
    return load_secret(settings.root, "NEWSLETTER_SECRET", purpose=purpose).reveal()
