"""The tables of caniemail.com: what is in them, how they are asked, how they are made anew."""

import json
from pathlib import Path

import pytest

from newsletter.checking.instruments import failing, named, unknown_clients, within
from newsletter.checking.instruments.consequences import CONSEQUENCE
from newsletter.checking.instruments.features import of_property
from newsletter.checking.instruments.support import platforms_of, support
from newsletter.errors import ConfigError
from tests.checking.conftest import Maker
from tests.checking.desk import letter
from tests.checking.refresh_caniemail import DATA, facts_text, read_checkout

# A change of these is a change of what editors are told: look at it, then write it here.
GOLDEN = [
    ("css-rgb", "gmail.desktop-webmail", "a", "2021-08"),
    ("image-webp", "outlook.windows", "n", "2019"),
    ("css-display-flex", "outlook.windows", "n", "2019"),
    ("css-display-flex", "gmail.ios", "a", "2026-03"),
    ("html-style", "gmail.mobile-webmail", "n", "2023-01"),
    ("css-at-media", "gmail.android", "a", "2022-07"),
    ("css-variables", "outlook.outlook-com", "n", "2024-01"),
    ("html-form", "protonmail.android", "n", "2020-03"),
    ("html-meta-color-scheme", "apple-mail.macos", "y", "16"),
    ("css-important", "orange.ios", "n", "2021-11"),
    ("css-comments", "mail-ru.desktop-webmail", "a", "2024-04"),
]
FEATURE = """\
---
title: "background"
last_test_date: "2023-07-24"
test_url: "https://example.org/a---b"
stats: {
\tgmail: {
\t\tios: {
\t\t\t"2023-08": "y",
\t\t\t"2023-07": "a #6 #7",
\t\t},
\t\tandroid: { "2019-02": "u" }
\t},
\toutlook: {
\t\twindows: { "2019": "a #3", "16.80": "n #1", "17": "u" },
\t},
}
---
"""


@pytest.mark.parametrize(("slug", "platform", "letter", "version"), GOLDEN)
def test_known_rows_are_as_they_were(slug: str, platform: str, letter: str, version: str) -> None:
    found = support(slug, platform)

    assert found is not None
    assert (found.letter, found.version) == (letter, version)


def test_of_a_family_those_platforms_are_told_that_fail() -> None:
    assert failing("css-display-flex", ("outlook",)) == ("outlook.windows",)


def test_what_nobody_has_tested_is_not_known() -> None:
    assert support("css-no-such-thing", "gmail.ios") is None
    assert failing("css-no-such-thing", ("gmail",)) == ()


def test_a_program_that_has_ended_does_not_count() -> None:
    assert "outlook.windows-mail" not in platforms_of("outlook")
    assert platforms_of("outlook.windows-mail") == ("outlook.windows-mail",)


def test_only_the_chosen_clients_are_looked_at() -> None:
    assert within(("gmail", "orange"), ("gmail.ios", "outlook")) == ("gmail.ios",)


def test_platforms_are_named_in_words() -> None:
    assert named(platforms_of("gmail")) == "Gmail"
    assert named(("gmail.ios", "outlook.windows")) == "Gmail for iPhone and Outlook for Windows"


def test_a_misspelt_client_gets_a_suggestion() -> None:
    assert unknown_clients(["gmial", "gmail", "outlook.windows"]) == {"gmial": "gmail"}


def test_an_unknown_client_in_the_settings_is_an_error(draft_of: Maker) -> None:
    with pytest.raises(ConfigError, match="no mail program “gmial”; did you mean “gmail”"):
        draft_of(letter("Hei."), toml='[check]\nclients = ["gmial"]\n')


def test_consequences_are_of_features_there_are() -> None:
    features = json.loads(DATA.read_text(encoding="utf-8"))["features"]

    assert set(CONSEQUENCE) <= set(features)


@pytest.mark.parametrize(
    ("name", "value", "slug"),
    [
        ("left", "0", "css-left-right-top-bottom"),
        ("margin-inline-start", "1px", "css-margin-inline-start-end"),
        ("padding-block", "1px", "css-padding-inline-block"),
        ("border-top-left-radius", "1px", "css-border-radius"),
        ("border-start-start-radius", "1px", "css-border-radius-logical"),
        ("border-bottom-color", "red", "css-border"),
        ("column-gap", "1px", "css-gap"),
        ("column-rule", "1px", "css-column-layout-properties"),
        ("column-count", "2", "css-column-count"),
        ("display", "inline-flex", "css-display-flex"),
        ("display", "none", "css-display-none"),
        ("display", "block", "css-display"),
        ("grid-template-areas", "a", "css-grid-template"),
        ("overflow-x", "auto", "css-overflow"),
        ("--colour", "red", "css-variables"),
    ],
)
def test_a_property_leads_to_its_page(name: str, value: str, slug: str) -> None:
    known = json.loads(DATA.read_text(encoding="utf-8"))["features"]

    assert of_property(name, value) == (slug,)
    assert slug in known


def test_a_makers_own_property_has_no_page() -> None:
    assert of_property("-webkit-text-size-adjust", "100%") == ()
    assert of_property("mso-line-height-rule", "exactly") == ()


def test_a_newer_checkout_is_read_with_its_oddities(tmp_path: Path) -> None:
    # Tabs, commas before a bracket, months out of order, builds in order, unknowns at the end.
    folder = tmp_path / "_features"
    folder.mkdir()
    (folder / "css-background.md").write_text(FEATURE, encoding="utf-8")
    (folder / "_template.md").write_text("---\n---\n", encoding="utf-8")

    text = facts_text(read_checkout(tmp_path), "2026-06-29")

    assert json.loads(text) == {
        "source": "https://github.com/hteumeuleu/caniemail, MIT, see caniemail-LICENSE.txt",
        "commit_date": "2026-06-29",
        "features": {
            "css-background": {
                "tested": "2023-07-24",
                "support": {
                    "gmail": {"ios": "y 2023-08"},
                    "outlook": {"windows": "n 16.80"},
                },
            }
        },
    }


def test_the_licence_travels_with_the_data() -> None:
    notice = DATA.with_name("caniemail-LICENSE.txt").read_text(encoding="utf-8")

    assert "Copyright (c) 2019 Rémi Parmentier" in notice
    assert "Permission is hereby granted" in notice
