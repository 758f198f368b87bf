"""All checks, theme by theme, and the findings they give for one issue."""

from collections.abc import Mapping

from newsletter.checking.instruments import Check, Draft
from newsletter.checking.looks import (
    access,
    css,
    dark,
    destructive,
    footer,
    html,
    legibility,
    speech,
    survival,
)
from newsletter.checking.post import (
    encoding,
    leaks,
    privacy,
    provider,
    sender,
    size,
    unfilled,
)
from newsletter.checking.report import Report, make_report, run_checks
from newsletter.checking.words import (
    alternative,
    broken_markdown,
    dates,
    frontmatter,
    images,
    invisible_letters,
    link_targets,
    linkform,
    linknames,
    linktext,
    merging,
    parity,
    pictures,
    private_marks,
    reach,
    repeats,
    slots,
    spam,
    structure,
    subject,
    text,
    untranslated,
    webpictures,
    wide_tables,
)
from newsletter.model import READING_RULES, Rule

CHECKS: tuple[Check, ...] = (
    *structure.CHECKS,
    *slots.CHECKS,
    *link_targets.CHECKS,
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
    *wide_tables.CHECKS,
    *encoding.CHECKS,
    *frontmatter.CHECKS,
    *leaks.CHECKS,
    *invisible_letters.CHECKS,
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
    *html.CHECKS,
    *speech.CHECKS,
    *linknames.CHECKS,
    *legibility.CHECKS,
    *access.CHECKS,
    *dark.CHECKS,
    *broken_markdown.CHECKS,
    *private_marks.CHECKS,
)

OFFLINE_RULES: tuple[Rule, ...] = (
    *READING_RULES,
    *(rule for check in CHECKS for rule in check.rules),
)


def check_draft(draft: Draft, *, silence: Mapping[str, str] | None = None) -> Report:
    """Run every check that needs no network on a draft."""
    rendered = (finding for edition in draft.editions for finding in edition.findings)
    said = [*draft.issue.findings, *rendered, *run_checks(draft, CHECKS)]
    return make_report(said, OFFLINE_RULES, silence=silence or {})
