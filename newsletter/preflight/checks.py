"""All checks, theme by theme, and what they come to for one issue."""

from collections.abc import Mapping

from newsletter.preflight import (
    access,
    alternative,
    css,
    dark,
    dates,
    destructive,
    encoding,
    footer,
    frontmatter,
    headers,
    images,
    leaks,
    leftovers,
    legibility,
    letters,
    linkform,
    linknames,
    links,
    linktext,
    marks,
    markup,
    merging,
    parity,
    pictures,
    privacy,
    provider,
    reach,
    repeats,
    sender,
    size,
    slots,
    spam,
    speech,
    structure,
    subject,
    survival,
    tables,
    text,
    unfilled,
    untranslated,
    webpictures,
)
from newsletter.preflight.draft import Draft
from newsletter.preflight.report import Check, Report, make_report, run_checks
from newsletter.rules import READING_RULES, Rule

CHECKS: tuple[Check, ...] = (
    *structure.CHECKS,
    *slots.CHECKS,
    *links.CHECKS,
    *images.CHECKS,
    *text.CHECKS,
    *size.CHECKS,
    *footer.CHECKS,
    *provider.CHECKS,
    *reach.CHECKS,
    *unfilled.CHECKS,
    *dates.CHECKS,
    *linkform.CHECKS,
    *linktext.CHECKS,
    *pictures.CHECKS,
    *alternative.CHECKS,
    *tables.CHECKS,
    *encoding.CHECKS,
    *frontmatter.CHECKS,
    *headers.CHECKS,
    *leaks.CHECKS,
    *letters.CHECKS,
    *merging.CHECKS,
    *privacy.CHECKS,
    *sender.CHECKS,
    *spam.CHECKS,
    *subject.CHECKS,
    *repeats.CHECKS,
    *parity.CHECKS,
    *untranslated.CHECKS,
    *webpictures.CHECKS,
    *css.CHECKS,
    *destructive.CHECKS,
    *survival.CHECKS,
    *markup.CHECKS,
    *speech.CHECKS,
    *linknames.CHECKS,
    *legibility.CHECKS,
    *access.CHECKS,
    *dark.CHECKS,
    *leftovers.CHECKS,
    *marks.CHECKS,
)

OFFLINE_RULES: tuple[Rule, ...] = (
    *READING_RULES,
    *(rule for check in CHECKS for rule in check.rules),
)


def check_draft(draft: Draft, *, silence: Mapping[str, str] | None = None) -> Report:
    """Look at a draft with every check that needs no network."""
    rendered = (finding for edition in draft.editions for finding in edition.findings)
    said = [*draft.issue.findings, *rendered, *run_checks(draft, CHECKS)]
    return make_report(said, OFFLINE_RULES, silence=silence or {})
