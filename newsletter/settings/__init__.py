"""Settings from `newsletter.toml`, secrets from the environment or `.env`, checked once."""

from newsletter.settings.brand import BrandTable, brand_of, unseen_in
from newsletter.settings.exposure import exposed_files, restrict_command
from newsletter.settings.faults import refusal, settings_fault
from newsletter.settings.lines import Key, value_in, with_secret, with_value
from newsletter.settings.loading import (
    FILE,
    find_root,
    line_of_setting,
    load_settings,
    parse_settings,
    read_settings,
)
from newsletter.settings.noting import note_look, note_secrets, note_settings
from newsletter.settings.places import check_database_url, parse_nameserver
from newsletter.settings.schema import FeedTable, Settings, recipients_a_second
from newsletter.settings.secrets import (
    SECRETS,
    Secret,
    environment_with,
    find_secret,
    load_secret,
)

__all__ = [
    "FILE",
    "SECRETS",
    "BrandTable",
    "FeedTable",
    "Key",
    "Secret",
    "Settings",
    "brand_of",
    "check_database_url",
    "environment_with",
    "exposed_files",
    "find_root",
    "find_secret",
    "line_of_setting",
    "load_secret",
    "load_settings",
    "note_look",
    "note_secrets",
    "note_settings",
    "parse_nameserver",
    "parse_settings",
    "read_settings",
    "recipients_a_second",
    "refusal",
    "restrict_command",
    "settings_fault",
    "unseen_in",
    "value_in",
    "with_secret",
    "with_value",
]
