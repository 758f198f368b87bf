"""Rules: what is right, and findings when it is not; here those that are checked while reading."""

from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Any

from newsletter.language import Value, Wording, say, say_list, say_with


class Severity(StrEnum):
    """How serious a finding is."""

    ERROR = "error"  # the issue must not be sent
    WARNING = "warning"  # a person must decide
    NOTE = "note"  # good to know

    @property
    def words(self) -> Wording:
        """Return the severity as people read it."""
        return _SEVERITIES[self]


_SEVERITIES = {
    Severity.ERROR: say("error"),
    Severity.WARNING: say("warning"),
    Severity.NOTE: say("note"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counterpart:
    """What stands in another language of an issue where a finding's own lacks it."""

    path: str  # the file it stands in
    line: int
    words: str  # what stands there, such as “46” or “2 links”
    instead: str = ""  # what stands here in its place
    section: tuple[int, int] | None  # the same in both; None if their headings differ
    is_original: bool  # that other file is the original


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """What a check reports about an issue."""

    id: str  # stable name of the check, such as "image-alt"
    severity: Severity
    path: str = ""  # file as the editor knows it, relative to the newsletter's folder
    message: str  # what is wrong
    hint: str = ""  # how to fix it
    line: int | None = None  # first line of the place, counted from 1
    counterpart: Counterpart | None = None  # so that people see both languages side by side

    def at(self, line: int | None) -> "Finding":
        """Return the finding with its line."""
        return replace(self, line=line)

    def in_file(self, path: str) -> "Finding":
        """Return the finding with the file it is about."""
        return replace(self, path=path)

    def beside(self, counterpart: Counterpart) -> "Finding":
        """Return the finding with what it was compared with."""
        return replace(self, counterpart=counterpart)

    def as_data(self) -> dict[str, Any]:
        """Return what reports for machines say; a counterpart only puts in order what it says."""
        names = (field.name for field in fields(self) if field.name != "counterpart")
        return {name: getattr(self, name) for name in names}

    @property
    def place(self) -> str:
        """Return file and line, such as "issues/2026-12.md:7"."""
        return f"{self.path}:{self.line}" if self.line else self.path

    @property
    def said(self) -> tuple[str, ...]:
        """Return what is wrong, and how to mend it if that is known."""
        return (self.message, self.hint) if self.hint else (self.message,)

    @property
    def words(self) -> Wording:
        """Return all of it on one line."""
        hint = (" (", self.hint, ")") if self.hint else ()
        before = (self.place, ": ", self.severity.words, ": ")
        return say_list((*before, self.message, *hint, f" [{self.id}]"), between="")

    def __str__(self) -> str:
        return str.__str__(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A rule that could not be checked; never to be mistaken for one that passed."""

    id: str
    reason: Wording


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What is right, and the source of findings about it, so its id is written once."""

    id: str  # stable, such as "image-alt"
    summary: str  # what is right, in a sentence without a full stop
    source: str = "this program"  # where it comes from: an RFC, a page, a measurement

    def error(
        self, message: str, hint: str = "", /, *, line: int | None = None, **values: Value
    ) -> Finding:
        """Return a finding that must be fixed before the issue is sent."""
        return self.finding(Severity.ERROR, message, hint, line=line, **values)

    def warning(
        self, message: str, hint: str = "", /, *, line: int | None = None, **values: Value
    ) -> Finding:
        """Return a finding that a person must decide about."""
        return self.finding(Severity.WARNING, message, hint, line=line, **values)

    def note(
        self, message: str, hint: str = "", /, *, line: int | None = None, **values: Value
    ) -> Finding:
        """Return a finding that is good to know."""
        return self.finding(Severity.NOTE, message, hint, line=line, **values)

    def finding(
        self,
        severity: Severity,
        message: str,
        hint: str = "",
        /,
        *,
        line: int | None = None,
        **values: Value,
    ) -> Finding:
        """Return a finding with a severity: what is wrong, how to mend it, and what both name."""
        return Finding(
            id=self.id,
            severity=severity,
            message=say_with(message, values),
            hint=say_with(hint, values),
            line=line,
        )

    def skipped(self, reason: Wording) -> Skipped:
        """Return that the rule could not be checked, and why."""
        return Skipped(id=self.id, reason=reason)


# Breaking one of these is found before any check, while an issue is read and its page is made.
ENCODING = Rule(id="encoding", summary="The file is UTF-8 text", source="RFC 3629")
ISSUE_SIZE = Rule(
    id="issue-size", summary="An issue is no longer, and no fuller, than readers can read"
)
FRONT_MATTER = Rule(
    id="front-matter", summary="The front matter has what is needed, and nothing unknown"
)
COMMENT_UNCLOSED = Rule(
    id="comment-unclosed", summary="Each comment ends", source="CommonMark 0.31, section 4.6"
)
NESTING_DEPTH = Rule(
    id="nesting-depth", summary="Lists, quotes and emphasis are nested a few levels alone"
)
EXPLAINED_TWICE = Rule(
    id="explained-twice", summary="Each footnote, abbreviation and link is explained once"
)
HEADING_NAME = Rule(id="heading-name", summary="Each name of a heading is its own")
FOOTNOTE_UNUSED = Rule(id="footnote-unused", summary="Each footnote is referred to")
SIGN_MISREAD = Rule(
    id="sign-misread", summary="No sign of prose at the start of a line is taken by Markdown"
)
ADDRESS_UNUSED = Rule(id="address-unused", summary="Each address that has a name belongs to a link")
ABBREVIATION_UNUSED = Rule(
    id="abbreviation-unused", summary="Each abbreviation that is explained is used"
)
EVENT_UNSHOWN = Rule(id="event-unshown", summary="Each event of the front matter is shown")
DIRECTIVE_UNKNOWN = Rule(id="directive-unknown", summary="Each directive is one there is")
DIRECTIVE_UNCLOSED = Rule(id="directive-unclosed", summary="Each directive ends")
DIRECTIVE_STRAY = Rule(id="directive-stray", summary="Each line of colons closes a directive")
DIRECTIVE_PLACE = Rule(id="directive-place", summary="Directives stand at the left margin")
DIRECTIVE_NESTING = Rule(
    id="directive-nesting", summary="Directives stand where the page can show them"
)
DIRECTIVE_WORDS = Rule(
    id="directive-words", summary="No words stand behind a directive, where nobody sees them"
)
DIRECTIVE_BUTTON = Rule(id="directive-button", summary="A button has an address and words")
DIRECTIVE_IMAGE = Rule(id="directive-image", summary="An image has a file and words")
DIRECTIVE_ONLY = Rule(id="directive-only", summary="A condition can be read as a segment")
DIRECTIVE_COLUMNS = Rule(id="directive-columns", summary="Columns have two to four parts")
DIRECTIVE_EVENT = Rule(
    id="directive-event", summary="An event is one of the front matter, with its facts"
)
DIRECTIVE_REGIONS = Rule(
    id="directive-regions", summary="A list of regions has what regions.toml says"
)
DIRECTIVE_POLL = Rule(
    id="directive-poll", summary="A poll asks one question, with answers to choose from"
)
DIRECTIVE_FIGURE = Rule(
    id="directive-figure", summary="A figure has a file, words for it and a caption"
)
DIRECTIVE_GALLERY = Rule(
    id="directive-gallery", summary="A gallery has two to six pictures, and nothing else"
)
DIRECTIVE_PERSON = Rule(
    id="directive-person", summary="A person has a name, and lines of text alone"
)
DIRECTIVE_PULL = Rule(id="directive-pull", summary="A pulled sentence is one paragraph")
DIRECTIVE_OWN = Rule(
    id="directive-own", summary="A block of the newsletter's own has what its declaration asks for"
)
BLOCK_DECLARED = Rule(
    id="block-declared",
    summary="Each block of the newsletter's own has a template, and a declaration that can be read",
)
HTML_REMOVED = Rule(id="html-removed", summary="No HTML is used that mail programs drop")
HTML_NESTING = Rule(id="html-nesting", summary="No HTML is nested deeper than mail programs follow")
TEMPLATE_MISSING = Rule(id="template-missing", summary="The template that the issue names is there")
TEMPLATE_LOOK = Rule(
    id="template-look", summary="Templates of your own go with the look in newsletter.toml"
)
TEMPLATE_TAGS = Rule(
    id="template-tags", summary="The tags of a template match, in each of its files"
)
TEMPLATE_ELEMENTS = Rule(
    id="template-elements",
    summary="Templates use elements that there are, each where it belongs",
    source="MJML 4, its components and mjml-preset-core",
)
TEMPLATE_ATTRIBUTES = Rule(
    id="template-attributes",
    summary="Elements of templates have attributes that do something, with values that can be read",
    source="MJML 4, its components",
)
TEMPLATE_WORDS = Rule(
    id="template-words", summary="What templates show stands where it is shown: in elements of text"
)
TEMPLATE_COMMENTS = Rule(
    id="template-comments", summary="No remark within a template is mailed to readers"
)
TEMPLATE_ACTIVE = Rule(
    id="template-active",
    summary="Templates hold no scripts, forms or frames, and no styles within the page",
    source="caniemail.com, html-form and html-style",
)
TEMPLATE_UNUSED = Rule(
    id="template-unused", summary="Each file, block and class among the templates is used"
)
STYLE_PROPERTIES = Rule(
    id="style-properties",
    summary="Styles of templates have properties that there are, with values that can be read",
    source="CSS, its list of properties; CSS Color 3",
)
TEMPLATE_CONFLICT = Rule(
    id="template-conflict", summary="No template holds a conflict that an update left"
)
TEMPLATE_NEWER = Rule(
    id="template-newer", summary="Changed templates have what is new in the package"
)
STYLE_IMPORT = Rule(id="style-import", summary="Styles of templates fetch nothing from elsewhere")
STYLE_SYNTAX = Rule(id="style-syntax", summary="Styles of templates can be read to their end")
STYLE_VALUES = Rule(
    id="style-values", summary="A style.jinja of your own has every value that templates use"
)
BRAND_COLOUR = Rule(
    id="brand-colour",
    summary="The brand's colour can be used as it is: for links, and for buttons",
    source="WCAG 2.2, 1.4.3",
)
BRAND_SHOWN = Rule(
    id="brand-shown", summary="Readers of every language get the logo and the words of [brand]"
)
BRAND_LOGO = Rule(id="brand-logo", summary="The logo lies where newsletter.toml says")
SECTION_ALONE = Rule(
    id="section-alone",
    summary="Where a look pairs short sections, none stands alone for a near miss",
)
IMAGE_MISSING = Rule(id="image-missing", summary="Each picture lies where the issue says")
IMAGE_FORMAT = Rule(id="image-format", summary="Each picture can be read as one")
FILE_NAMES = Rule(
    id="file-names",
    summary="Each file of issues, meetings, surveys and material has a name that is read",
)

# All of the above, and none of those below.
READING_RULES = tuple(rule for rule in list(globals().values()) if isinstance(rule, Rule))

# Breaking one of these keeps an issue from being read: no report contains it, nothing silences it.
ISSUE_FILES = Rule(id="issue-files", summary="Each language of an issue has one file of its own")
MEETING_FILE = Rule(
    id="meeting-file", summary="Each meeting has its facts in one file, and its texts in others"
)
REGION_FILE = Rule(id="region-file", summary="Each regional network has its facts in regions.toml")
TEMPLATE = Rule(id="template", summary="The templates can be filled")

# Breaking one of these is found while a survey is read.
SURVEY_FILE = Rule(
    id="survey-file", summary="The front matter of a survey has what is needed, and nothing unknown"
)
SURVEY_QUESTION = Rule(
    id="survey-question", summary="Each question of a survey can be asked, and answered in one way"
)
SURVEY_CONDITION = Rule(
    id="survey-condition", summary="What a question depends on is asked on an earlier page"
)
SURVEY_LANGUAGES = Rule(
    id="survey-languages", summary="A survey asks the same in each of its languages"
)
SURVEY_MATRIX = Rule(
    id="survey-matrix",
    summary="A table of a survey has at most 7 rows and 5 columns, as a phone shows no more",
    source="EUSurvey/EUSURVEY#10, surveyjs/survey-library#7129",
)
SURVEY_CLOSING = Rule(id="survey-closing", summary="A survey closes on a day that is to come")
