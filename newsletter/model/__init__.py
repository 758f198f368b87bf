"""The nouns of the newsletter: what every stage takes in or hands on."""

from newsletter.model.blocks import (
    Block,
    Box,
    Button,
    Columns,
    Condition,
    Divider,
    Figure,
    Footnotes,
    Gallery,
    Heading,
    Image,
    Occasion,
    Only,
    Person,
    Prose,
    Pull,
    Quote,
    Table,
    sources_in,
    walk,
)
from newsletter.model.edition import Edition, Picture, Variant
from newsletter.model.footnotes import refer
from newsletter.model.issue import Head, Issue, Slot
from newsletter.model.people import Recipient, Standing, Subscriber
from newsletter.model.post import (
    BatchState,
    Call,
    Departure,
    End,
    Figures,
    Form,
    IssueState,
    Letter,
    Limits,
    Message,
    NoticeKind,
    Outcome,
    Part,
    SendState,
    State,
    Stationery,
    WhenUnknown,
)
from newsletter.model.rules import READING_RULES, Finding, Rule, Severity, Skipped
from newsletter.model.specimen import (
    ANYBODY,
    LINE_COMMENT,
    Copy,
    Persona,
    Specimen,
    copy_of_form,
    line_named,
    read_message,
    with_lines,
)
