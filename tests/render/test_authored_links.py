"""The links of an issue are known with their words and sections, whoever counts clicks on them."""

from pathlib import Path

import pytest

from newsletter.model import AuthoredLink, Variant
from newsletter.press import read_manuscript, render_manuscript
from newsletter.settings import load_settings

AT = "https://www.example.org"
ISSUE = f"""\
---
subject: "Joulukuu"
preheader: "Tässä kirjeessä kerrotaan, mitä syksyllä tapahtuu."
date: 2026-12-15
---
Hei {{{{ name|"sinä" }}}}! Lue [opas &
*ohje*]({AT}/opas).

## Teema&shy;päivä

[omasi]({AT}/?n={{{{ name }}}}) ja [kirjoita](mailto:a@example.org)

::: button {AT}/ilmo
Ilmoittaudu
:::

### Ohjelma

[www.example.org/ohjelma]({AT}/ohjelma), [taas]({AT}/opas), [tietosuoja]({AT}/tietosuoja)
ja [arkisto](https://news.example.org/2026-11).
"""
SETTINGS = f"""\
[newsletter]
title = "Kirje"
language = "fi"
from = "Kirje <kirje@example.org>"
sender = "Example Foundation, Street 1, 00100 Helsinki"
public_url = "https://news.example.org"
[brand]
legal = "[Tietosuoja]({AT}/tietosuoja)"
[tracking]
opens = "{{opens}}"
"""


@pytest.mark.parametrize("opens", ["off", "consented"])
def test_links_are_known_in_order_with_their_words_and_sections(tmp_path: Path, opens: str) -> None:
    (tmp_path / "issues").mkdir()
    (tmp_path / "issues" / "2026-12.md").write_text(ISSUE, encoding="utf-8")
    (tmp_path / "newsletter.toml").write_text(SETTINGS.format(opens=opens), encoding="utf-8")
    settings = load_settings(tmp_path)
    manuscript = read_manuscript(settings, "2026-12")

    [edition] = render_manuscript(settings, manuscript, [Variant(language="fi")]).values()

    def link(where: str, words: str, section: str, *, leads: bool = True) -> AuthoredLink:
        return AuthoredLink(url=where, words=words, section=section, leads=leads)

    assert edition.links == (
        link(f"{AT}/opas", "opas & ohje", ""),
        link(f"{AT}/ilmo", "Ilmoittaudu", "Teemapäivä"),
        link(f"{AT}/ohjelma", "www.example.org/ohjelma", "Ohjelma", leads=False),
        link(f"{AT}/tietosuoja", "tietosuoja", "Ohjelma", leads=False),  # a template has it, too
        link("https://news.example.org/2026-11", "arkisto", "Ohjelma", leads=False),
    )
