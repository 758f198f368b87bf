"""Reads regions.toml: the file -> regional networks, each mistake with its line."""

import re
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from newsletter.files import read_words
from newsletter.language import (
    closest,
    find_country_region,
    reason_of_disk,
    regions_of_finland,
    say,
)
from newsletter.model import Finding, Region, rules
from newsletter.tomlkeys import BrokenTomlError, faults_of, line_of_key, read_toml

FILE = "regions.toml"
_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_MAILBOX = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;]+")
_ADDRESS = re.compile(r"https?://\S+")


class _Facts(BaseModel):
    """What is told of one network; texts are words, or a table of them by language."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str | dict[str, str]
    areas: Annotated[list[str], Field(min_length=1)]
    text: str | dict[str, str] = ""
    coordinator: str = ""
    organisation: str = ""
    contact: str = ""
    phone: str = ""
    url: str = ""
    sender: str = ""
    reply_to: str = ""
    shows_blocks: bool = False

    @field_validator("areas")
    @classmethod
    def _are_regions(cls, value: list[str]) -> list[str]:
        for area in value:
            if find_country_region(area) is None:
                names = [n for one in regions_of_finland().values() for n in one.names.values()]
                near = closest(area, names)
                if not near:
                    raise ValueError(say("there is no region “{value}”", value=area))
                unlike = say(
                    "there is no region “{value}”; did you mean “{near}”?", value=area, near=near
                )
                raise ValueError(unlike)
        return value

    @field_validator("contact", "reply_to")
    @classmethod
    def _is_address(cls, value: str) -> str:
        if value and not _MAILBOX.fullmatch(value):
            raise ValueError(say("expected an address such as “{url}”", url="lappi@example.org"))
        return value

    @field_validator("url")
    @classmethod
    def _is_url(cls, value: str) -> str:
        if value and not _ADDRESS.fullmatch(value):
            raise ValueError(say("expected an address such as “{url}”", url="https://example.org"))
        return value

    @field_validator("coordinator", "organisation", "phone", "sender")
    @classmethod
    def _on_one_line(cls, value: str) -> str:
        return " ".join(value.split())


class _File(BaseModel):
    """The whole file: networks by their ids."""

    model_config = ConfigDict(extra="forbid", strict=True)

    regions: dict[str, _Facts] = {}


def read_regions(root: Path, *, language: str) -> tuple[tuple[Region, ...], tuple[Finding, ...]]:
    """Return the regional networks of a newsletter in the order of their file, and what is wrong.

    A file with a mistake tells of none; one that is not there, neither. `language` is that of words
    without one.
    """
    path = root / FILE
    try:
        text = read_words(path) if path.exists() else ""
    except OSError as err:
        return (), (rules.REGION_FILE.error(reason_of_disk(err)).in_file(FILE),)
    return _read(text, language)


@lru_cache(maxsize=8)
def _read(text: str, language: str) -> tuple[tuple[Region, ...], tuple[Finding, ...]]:
    try:
        values = read_toml(text)
        facts = _File.model_validate(values)
    except BrokenTomlError as err:
        return (), (_finding(err.line, err.message, err.hint),)
    except ValidationError as err:
        return (), tuple(
            _finding(fault.line, fault.message, fault.hint) for fault in faults_of(err, text, _File)
        )
    odd = [id for id in facts.regions if not _ID.fullmatch(id)]
    if odd:
        hint = say("write small letters a to z, digits and hyphens")
        message = say("“{name}” cannot be in the address of a page", name=odd[0])
        return (), (_finding(line_of_key(text, ["regions", odd[0]]), message, hint),)
    return tuple(_region(id, own, language) for id, own in facts.regions.items()), ()


def _finding(line: int | None, message: str, hint: str) -> Finding:
    return rules.REGION_FILE.error(message, hint, line=line or 1).in_file(FILE)


def _region(id: str, facts: _Facts, language: str) -> Region:
    codes = [found.code for area in facts.areas if (found := find_country_region(area))]
    own = facts.model_dump(exclude={"name", "areas", "text"})
    return Region(
        **own,
        id=id,
        names=_by_language(facts.name, language),
        texts=_by_language(facts.text, language),
        codes=tuple(dict.fromkeys(codes)),
    )


def _by_language(words: Any, language: str) -> dict[str, str]:
    """Return words by language, the newsletter's own first."""
    if isinstance(words, str):
        return {language: words.strip()} if words.strip() else {}
    ordered = sorted(words.items(), key=lambda item: item[0] != language)
    return {code: text.strip() for code, text in ordered}
