"""Finds `newsletter.toml`, reads it, and explains what is wrong with it."""

from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from newsletter.errors import ConfigError
from newsletter.files import find_above, read_file, read_words
from newsletter.language import say, say_list
from newsletter.settings.faults import not_utf8, refusal, settings_fault
from newsletter.settings.schema import Settings
from newsletter.settings.secrets import SECRETS, find_secret
from newsletter.tomlkeys import BrokenTomlError, faults_of, line_of_key, read_toml

FILE = "newsletter.toml"


def find_root(start: Path) -> Path:
    """Return the nearest folder at or above `start` that contains newsletter.toml, as git does."""
    try:
        start = start.resolve()
        found = find_above(start, FILE)
    except OSError as err:
        gone = say("the folder you are in is gone, or cannot be entered; go to another")
        raise ConfigError(gone, findings=(settings_fault(FILE, None, gone),)) from err
    if found:
        return found.parent
    message = say("no {file} in {folder} or any folder above it", file=FILE, folder=str(start))
    hint = say(
        "make a newsletter with “newsletter init DIR” or point at one with “newsletter -C DIR”"
    )
    finding = settings_fault(FILE, None, message, hint)
    raise ConfigError(say_list((message, hint), "; "), findings=(finding,))


def load_settings(start: Path) -> Settings:
    """Read the settings at or above `start`; raise ConfigError naming file, line and key."""
    root = find_root(start)
    settings = parse_settings(root, read_settings(root))
    for name in SECRETS:
        with suppress(ConfigError):  # reported by the command that needs it; here it is only masked
            find_secret(root, name)
    return settings


def parse_settings(root: Path, text: str) -> Settings:
    """Return the settings that a text gives; raise ConfigError naming file, line and key."""
    try:
        values = read_toml(text)
    except BrokenTomlError as err:
        raise refusal(root, settings_fault(FILE, err.line, err.message, err.hint)) from err
    try:
        settings = Settings.model_validate(values)
    except ValidationError as err:
        found = [
            settings_fault(FILE, f.line, f.message, f.hint) for f in faults_of(err, text, Settings)
        ]
        raise refusal(root, *found) from err
    settings._root = root
    return settings


def read_settings(root: Path) -> str:
    """Return the text of the settings; raise ConfigError where it is none."""
    try:
        data = read_file(root / FILE)
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as err:
        line = data[: err.start].count(b"\n") + 1
        raise refusal(root, not_utf8(FILE, line)) from err


def line_of_setting(settings: Settings, *keys: str) -> int | None:
    """Return the line of newsletter.toml with a setting such as newsletter, from."""
    return line_of_key(read_words(settings.root / FILE), keys)
