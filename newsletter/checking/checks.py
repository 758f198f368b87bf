"""All checks, theme by theme, and the findings they give for one issue."""

from collections.abc import Iterator, Mapping

from newsletter.checking.instruments import Check, Draft, contributed_lines
from newsletter.checking.looks import (
    access,
    css,
    dark,
    dark_contrast,
    destructive,
    footer,
    html,
    legibility,
    speech,
    survival,
    wellformed,
)
from newsletter.checking.post import encoding, leaks, privacy, provider, sender, size, unfilled
from newsletter.checking.report import Report, make_report, run_checks
from newsletter.checking.words import (
    alternative,
    answerable,
    broken_markdown,
    dates,
    frontmatter,
    images,
    invisible_letters,
    link_targets,
    linkform,
    linknames,
    linktext,
    lost_targets,
    meetings,
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
from newsletter.model import READING_RULES, Finding, Rule, rules

# Findings about one line stand in the order of these, and within each in that of its checks.
_THEMES = (
    structure,
    slots,
    link_targets,
    images,
    text,
    lost_targets,
    size,
    footer,
    provider,
    reach,
    answerable,
    unfilled,
    dates,
    meetings,
    linkform,
    linktext,
    pictures,
    alternative,
    wide_tables,
    encoding,
    frontmatter,
    leaks,
    invisible_letters,
    merging,
    privacy,
    sender,
    spam,
    subject,
    repeats,
    parity,
    untranslated,
    webpictures,
    css,
    destructive,
    survival,
    wellformed,
    html,
    speech,
    linknames,
    legibility,
    access,
    dark,
    dark_contrast,
    broken_markdown,
    private_marks,
)

CHECKS = tuple(
    check for theme in _THEMES for check in vars(theme).values() if isinstance(check, Check)
)

OFFLINE_RULES: tuple[Rule, ...] = (
    *dict.fromkeys((*READING_RULES, *(rule for check in CHECKS for rule in check.rules))),
)


def check_draft(draft: Draft, *, silence: Mapping[str, str] | None = None) -> Report:
    """Run every check that needs no network on a draft."""
    said = [*draft.issue.findings, *_about_templates(draft), *run_checks(draft, CHECKS)]
    theirs = contributed_lines(draft.source)
    own = [one for one in said if not (isinstance(one, Finding) and _is_of_others(one, theirs))]
    return make_report(own, OFFLINE_RULES, silence=silence or {})


# Slips of an author's that words which somebody sent in may look like: an address that is no link,
# as none of theirs is one; and signs with a meaning, where they are escaped.
_BARE = {broken_markdown.LINK_BARE.id}
_SIGNS = {private_marks.MARKS_LEFT.id, private_marks.BLOCK_LOOKALIKE.id} | {
    slots.SLOT_LOOKALIKE.id,
    alternative.TEXT_QUALITY.id,
}


def _is_of_others(finding: Finding, theirs: Mapping[int, bool]) -> bool:
    """Return whether a finding is about words of others, which show as they were typed."""
    is_escaped = theirs.get(finding.line or 0)
    return is_escaped is not None and finding.id in (_BARE | _SIGNS if is_escaped else _BARE)


def _about_templates(draft: Draft) -> Iterator[Finding]:
    """Yield what was found in templates: as they are written, and only then as they are filled."""
    yield from draft.templates
    told = {(finding.id, finding.path, finding.line) for finding in draft.templates}
    is_of_own = any(finding.id == rules.STYLE_PROPERTIES.id for finding in draft.templates)
    # Where tags do not match, what stands in what is no more than a guess.
    unsure = {f.path for f in draft.templates if f.id == rules.TEMPLATE_TAGS.id}
    guesses = (rules.TEMPLATE_ELEMENTS.id, rules.TEMPLATE_WORDS.id)
    for one in (finding for edition in draft.editions for finding in edition.findings):
        # What the package's own styles cannot be read for is a value that was told of already.
        is_known = (one.id, one.path, one.line) in told or (is_of_own and not one.path)
        if not is_known and not (one.path in unsure and one.id in guesses):
            yield one
