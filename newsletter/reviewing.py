"""Reviews an issue as its readers would get it: editions and specimens become a report."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial

from newsletter.checking import (
    ALL_RULES,
    OFFLINE_RULES,
    Audience,
    Draft,
    Report,
    Rule,
    Skipped,
    check_draft,
    join_reports,
    make_report,
    unknown_clients,
)
from newsletter.content import find_odd_names, list_heads, read_issue
from newsletter.errors import ConfigError, FindingsError
from newsletter.files import read_words
from newsletter.gateway import provider_class
from newsletter.language import Wording, lookalike, say
from newsletter.language.phrases import unsubscribe_mailto
from newsletter.mailkeys import PLACE
from newsletter.model import (
    Counting,
    Edition,
    Finding,
    Head,
    Issue,
    Origins,
    Persona,
    Stationery,
    Tracking,
    Variant,
)
from newsletter.personas import counted_of, personas_of, take_specimens, twins_of
from newsletter.press import (
    Manuscript,
    from_of,
    logo_places,
    pictures_of,
    render_manuscript,
    stationery_for,
    trace_variant,
)
from newsletter.providers import mailbox
from newsletter.render import lint_templates
from newsletter.settings import FILE, Settings, line_of_setting, refusal, settings_fault

UNUSABLE = say("templates or settings cannot be used until their errors are mended")
UNREADABLE = say("the issue cannot be read until its errors are mended")
_EARLIER = 12  # issues whose subjects are compared


def review(
    settings: Settings,
    manuscript: Manuscript,
    editions: Mapping[Variant, Edition],
    *,
    audience: Audience | None,
    now: dt.datetime,
    is_sent: bool = False,
    through: str = "",
    frozen: Stationery | None = None,
) -> Report:
    """Check an issue in all its languages; raise ConfigError for a rule that cannot be silenced.

    `through` names the provider, and `frozen` is what its copies carry, if that was settled before:
    settings may differ by now.
    """
    silence = silence_of(settings)
    drafts = drafts_of(
        settings,
        manuscript,
        editions,
        audience=audience,
        now=now,
        is_sent=is_sent,
        through=through,
        frozen=frozen,
    )
    return join_reports(check_draft(draft, silence=silence) for draft in drafts)


def review_unlisted(settings: Settings, manuscript: Manuscript, *, now: dt.datetime) -> Report:
    """Check an issue in its fullest form, as long as there is no list of readers."""
    editions = render_manuscript(settings, manuscript, manuscript.variants())
    return review(settings, manuscript, editions, audience=None, now=now)


def report_unreadable(settings: Settings, findings: tuple[Finding, ...]) -> Report:
    """Report on an issue that cannot be built, so that most rules could not be checked."""
    found = {finding.id for finding in findings}
    skipped = [Skipped(id=r.id, reason=UNREADABLE) for r in OFFLINE_RULES if r.id not in found]
    return make_report([*findings, *skipped], OFFLINE_RULES, silence=silence_of(settings))


def report_unusable(findings: tuple[Finding, ...]) -> Report:
    """Report on templates or settings that cannot be used: nothing silences what is wrong there."""
    found = {finding.id for finding in findings}
    skipped = [Skipped(id=r.id, reason=UNUSABLE) for r in ALL_RULES if r.id not in found]
    return make_report([*findings, *skipped], ALL_RULES, silence={})


def skip_rules(rules: Iterable[Rule], reason: Wording) -> Report:
    """Report that some rules were not checked."""
    skipped = tuple(Skipped(id=rule.id, reason=reason) for rule in rules)
    return make_report(skipped, (), silence={})


def verify_settings(settings: Settings) -> None:
    """Raise ConfigError for an unknown rule or mail program in [check]."""
    silence_of(settings)
    _clients_of(settings)


def silence_of(settings: Settings) -> Mapping[str, str]:
    """Return the editor's reasons by rule; raise ConfigError for an unknown rule."""
    known = {rule.id for rule in ALL_RULES}
    for id in settings.check.silence:
        if id not in known:
            line = line_of_setting(settings, "check", "silence", id)
            message = say("[check.silence]: no rule “{rule}”", rule=id)
            hint = lookalike(id, known) or ""
            raise refusal(settings.root, settings_fault(FILE, line, message, hint))
    return settings.check.silence


def _clients_of(settings: Settings) -> tuple[str, ...]:
    """Return the programs to check for; raise ConfigError for one that was never tested."""
    for name, close in unknown_clients(settings.check.clients).items():
        line = line_of_setting(settings, "check", "clients")
        message = say("[check]: clients: no mail program “{name}”", name=name)
        hint = (
            say("did you mean “{name}”?", name=close)
            if close
            else say("name it as “gmail” or “outlook.windows”")
        )
        raise refusal(settings.root, settings_fault(FILE, line, message, hint))
    return tuple(settings.check.clients)


def drafts_of(
    settings: Settings,
    manuscript: Manuscript,
    editions: Mapping[Variant, Edition],
    *,
    audience: Audience | None,
    now: dt.datetime,
    is_sent: bool = False,
    through: str = "",
    frozen: Stationery | None = None,
) -> Iterator[Draft]:
    """Yield the issue in each language with everything that is known about it."""
    table, provider = settings.newsletter, provider_class(settings, through)
    can = provider.capabilities
    carried = frozen or stationery_for(settings, manuscript, editions.values())
    counting = carried.counted.counting if carried.counted else settings.tracking.counting
    take = partial(take_specimens, settings, carried, through=through, now=now)
    templates = () if is_sent else lint_templates(manuscript.look)
    logos, odd = logo_places(settings), () if is_sent else tuple(find_odd_names(settings.root))
    heads = list_heads(settings.root, language=table.language)
    for language, issue in manuscript.issues.items():
        own = {v: e for v, e in editions.items() if v.language == language}
        personas = personas_of(own, longest=audience.longest if audience else {})
        takes_part = counted_of(personas, counting)
        personas = [_outside(one, counting) for one in (*personas, *twins_of(personas))]
        earlier = _earlier(heads, issue)
        yield Draft(
            trace=partial(_trace, settings, manuscript, own),
            issue=replace(issue, findings=(*issue.findings, *odd)),
            editions=tuple(own.values()),
            templates=templates,
            sender=table.sender_in(language),
            unsubscribe=_mailto(carried, language),
            provider=provider.name,
            inline_pictures=can.inline_pictures,
            own_unsubscribe=can.own_unsubscribe,
            tracking_switch=can.tracking_switch,
            public_url=carried.public_url,
            media_url=table.media_url or "",
            audience=audience,
            source=read_words(settings.root / issue.path),
            specimens=tuple(take(own, personas)),
            counted=tuple(take(own, takes_part)) if takes_part else (),
            pictures=pictures_of(settings, issue),
            logos=logos,
            siblings={k: v for k, v in manuscript.issues.items() if k != language},
            earlier=earlier,
            meetings=manuscript.announced.meetings,
            previous=_previous(settings, manuscript, earlier[0]) if earlier else None,
            from_=mailbox(*frozen.sender) if frozen else from_of(settings, manuscript),
            usual_from=table.from_,
            reply_to=carried.reply_to,
            tracking=counting.value,
            clients=_clients_of(settings),
            today=now.astimezone(settings.zone).date(),
            is_sent=is_sent,
            stands_in_for=table.language
            if issue is manuscript.lead and table.language not in manuscript.issues
            else "",
        )


def _outside(persona: Persona, counting: Counting) -> Persona:
    """Return a reader who takes no part in counting: their copy has the author's own addresses."""
    is_of_all = counting is Counting.AGGREGATE
    return replace(persona, tracking=Tracking.DENIED if is_of_all else Tracking.UNKNOWN)


def _trace(
    settings: Settings, manuscript: Manuscript, own: Mapping[Variant, Edition], edition: Edition
) -> Origins:
    """Return where an edition's parts were written; nothing if its templates are broken by now."""
    variant = next((v for v, one in own.items() if one is edition), None)
    with suppress(ConfigError):
        return trace_variant(settings, manuscript, variant) if variant else Origins()
    return Origins()


def _mailto(carried: Stationery, language: str) -> str:
    """Return how the address of the mail begins by which each reader unsubscribes."""
    whole = unsubscribe_mailto(carried.leave_to or carried.reply_to, language)
    return whole.partition(PLACE)[0] if carried.leave_to else whole


def _earlier(heads: Sequence[Head], issue: Issue) -> tuple[Head, ...]:
    """Return the issues before one in its language, the newest first."""
    before = [
        head
        for head in heads
        if head.language == issue.language and head.date is not None and head.id != issue.id
    ]
    before = [h for h in before if (h.date or dt.date.max, h.id) < (issue.date, issue.id)]
    return tuple(sorted(before, key=lambda h: (h.date, h.id), reverse=True)[:_EARLIER])


def _previous(settings: Settings, manuscript: Manuscript, head: Head) -> Issue | None:
    """Read an earlier issue; None if it is broken by now."""
    path = settings.root / head.path
    with suppress(FindingsError, OSError):
        kinds = manuscript.own_blocks.kinds
        return read_issue(
            path,
            root=settings.root,
            language=head.language,
            kinds=kinds,
            announced=manuscript.announced,
        )
    return None
