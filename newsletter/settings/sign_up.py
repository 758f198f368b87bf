"""[subscribe] of `newsletter.toml`: what the form asks for, and how many mails strangers cause."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import AfterValidator, Field

from newsletter.language import say
from newsletter.settings.places import check_link
from newsletter.settings.values import Language, OneLine, Table

_TAKEN = ("name", "email", "language", "tracking", "stamp", "proof", "source")
Count = Annotated[int, Field(ge=0, le=1_000_000)]


def _field_name(value: str) -> str:
    if not (value.isascii() and value.replace("_", "").isalnum()) or value in _TAKEN:
        raise ValueError(say('expected the name of an attribute such as "region"'))
    return value


class FieldTable(Table):
    """[[subscribe.fields]]: one more thing that the form asks for, chosen from a list."""

    name: Annotated[OneLine, AfterValidator(_field_name)]  # the attribute that it becomes
    label: OneLine
    labels: Mapping[Language, OneLine] = Field(default_factory=dict)  # in other languages
    choices: Annotated[list[OneLine], Field(min_length=1, max_length=200)]
    required: bool = False

    def label_in(self, language: str) -> str:
        """Return what it is called in a language."""
        return self.labels.get(language) or self.label


class SubscribeTable(Table):
    """[subscribe]: the form by which people sign up."""

    open: bool = True  # whether there is a form at all
    ask_name: Literal["no", "optional"] = "no"
    languages: list[Language] = Field(default=[])  # to choose from; none: the newsletter's own
    fields: list[FieldTable] = Field(default=[])
    privacy_url: Annotated[str, AfterValidator(check_link)] | None = None  # the privacy notice
    welcome: bool = True  # whether who confirms is mailed a welcome,
    latest_issue: bool = True  # with a way to the latest issue
    # What strangers can cause by filling in forms; see docs/people.md.
    mails_a_day: Annotated[int, Field(ge=1, le=20)] = 2  # to one address
    network_hour: Count = 20  # forms from one network without a proof of work,
    network_day: Count = 100  # and that are mailed as they come; then as many a day, one by one
    site_hour: Count = 100  # forms of all together without a proof of work
    site_day: Count = 2000  # mails to strangers as they come; then as many a day, one by one
    slow_hour: Count = 20  # mails to those beyond who give no proof
