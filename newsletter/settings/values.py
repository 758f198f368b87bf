"""What the tables of `newsletter.toml` have in common."""

import re
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict

from newsletter.addresses import check_mailbox
from newsletter.errors import AudienceError
from newsletter.language import say


class Table(BaseModel):
    """A table whose keys are all known."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


def _one_line(value: str) -> str:
    if not value.strip() or not value.isprintable():
        raise ValueError(say("expected words on one line"))
    return value.strip()


def _language(value: str) -> str:
    if not re.fullmatch(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*", value):  # BCP 47
        raise ValueError(say('expected a language such as "fi", "sv" or "en-GB"'))
    return value


def _mailbox(value: str) -> str:
    try:
        return check_mailbox(value)
    except AudienceError as err:
        raise ValueError(err.words) from err


OneLine = Annotated[str, AfterValidator(_one_line)]
Language = Annotated[str, AfterValidator(_language)]
Mailbox = Annotated[str, AfterValidator(_mailbox)]
