"""An editor who knows no English meets none: what commands print differs from what they do in it.

A line that is the same in English and in another language must be made of data alone.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from tests.conftest import StartBrevo, make_site
from tests.language.catalogs import LANGUAGES

LIST = """\
email,name,tila,Kieli,Rooli
aino@example.org,Aino,tilaaja,fi,ohjaaja
bo@example.org,Bo,tilaaja,sv,ohjaaja
cia@example.org,Cia,perunut,fi,
ilkka@example,Ilkka,tilaaja,fi,
dan@example.org <dan@example.org>,Dan,tilaaja,fi,
"""
FAULTY = """\
---
subject: "Kesäkuun kirje"
date: 2026-06-15
number: 6
---
Tavataan keskiviikkona 16.6.2026 (kirjoita tähän paikka).

## Kuulumisia

[Sivut](http://www.example.org/) ![](kuva.png)
"""
# Typed words, with what is typed at their questions; codes of exits do not matter here.
MONTH: tuple[tuple[str, str], ...] = (
    ("init kirje", ""),
    ("init .", ""),
    ("subscribers import lista.csv", "ei\n"),
    ("subscribers import lista.csv", "kyllä\n"),
    ("subscribers import tyhja.csv", ""),
    ("subscribers add eeva@example.org --name Eeva --set region=Lappi", ""),
    ("subscribers add eeva@example.org", ""),
    ("subscribers add eeva@", ""),
    ("subscribers show eeva@example.org", ""),
    ("subscribers show nobody@example.org", ""),
    ("subscribers list --segment alue=Lappi", ""),
    ("subscribers rename eeva@example.org eva@example.org", ""),
    ("subscribers remove eva@example.org", ""),
    ("subscribers undo --list", ""),
    ("subscribers undo", "ei\n"),
    ("subscribers export people.xlsx", ""),
    ("new 2026-07", ""),
    ("new 2026-07", ""),
    ("new 2026-7", ""),
    ("new 2026-07 --lang sv", ""),
    ("new 2026-08 --from 2026-06", ""),
    ("check 2026-05", ""),
    ("check 2026-06", ""),
    ("check 2026-05 --verbose", ""),
    ("check 2026-99", ""),
    ("build 2026-06", ""),
    ("collect 2026-06", ""),
    ("send 2026-05", ""),
    ("send 2026-06 --dry-run", ""),
    ("send 2026-06 --test me@example.org", "kyllä\n"),
    ("send 2026-06", "ei\n"),
    ("send 2026-06 --at 1.1.2020", ""),
    ("send 2026-06 --at 2020-01-01T09:00", ""),
    ("send 2026-06 --canary 1", "kyllä\nei\n"),
    ("status", ""),
    ("status 2026-06", ""),
    ("status 2026-06 --recipients", ""),
    ("send 2026-06", "kyllä\nkyllä\n"),
    ("send 2026-06", ""),
    ("send 2026-06 --pause", ""),
    ("status 2026-06 --findings", ""),
    ("stats", ""),
    ("stats 2026-01", ""),
    ("list", ""),
    ("list --year 2020", ""),
    ("doctor", ""),
    ("setup", "\n\n\nkirje at\n\n\nsmtpp\noutbox\n-\n\nei\n"),
    ("setup", "\n"),
    ("setup --yes --provider pigeon", ""),
    ("templates", ""),
    ("templates use letter", ""),
    ("templates copy quoet", ""),
    ("templates copy quote", ""),
    ("templates diff quote", ""),
    ("templates update", ""),
    ("templates update --house", ""),
    ("subscribers undo", "kyllä\n"),
    ("chek", ""),
    ("check", ""),
    ("send 2026-06 --pause --resume", ""),
    ("preview --port x", ""),
    ("-C missing list", ""),
)
# Words of data: what the editor wrote, and names of settings, services, files and options.
DATA = re.compile(
    r"""
    \bnewsletter\ (?:new|setup)\b | \bcd\ \S+ | \bchmod\ \S+ | \[\[collect.feeds\]\] | \burl\ =
    | \[[a-z-]+\] | <[^>]*> | \S+@\S* | https?://\S+ | (?:~|\.\.?)?/[^\s:;]+ | --?[A-Za-z-]+
    | \S+\.(?:toml|md|csv|html|css|mjml|jinja|txt|eml|png|sarif|json|xlsx|db)\b
    | \b(?:newsletter|outbox|brevo|fi|sv|en|UTC|HTML|CSV|JSON|Ctrl-C|SIGTERM|Europe|Helsinki)\b
    | \{\{[^}]*\}\} | \b\w+=\w+ | \b\w*[\d_]\w*\b
    | \b(?:Kesäkuun|kirje|Aino|Bo|Cia|Ilkka|Dan|Eeva|default|letter|magazine|tila|Tila)\b
    """,
    re.VERBOSE,
)


def _said(root: Path, language: str, start: StartBrevo) -> Iterator[tuple[str, set[str]]]:
    """Play the month in a language; yield each command with the lines it prints."""
    site = make_site(root / language)
    site.environment["NEWSLETTER_LANG"] = language
    site.write("issues/2026-05.md", FAULTY)
    site.write("lista.csv", LIST)
    site.write("tyhja.csv", "email\n")
    start(site)
    for typed, answers in MONTH:
        words = [str(site.root / w) if w.endswith(".csv") else w for w in typed.split()]
        done = site.run(*words, answer=answers, code=None)
        lines = (done.stdout + done.stderr).replace(str(root / language), "").splitlines()
        assert "Traceback" not in done.stderr, typed
        yield typed, {line.strip() for line in lines}


def _is_data(line: str) -> bool:
    return not re.search(r"[^\W\d_]{2,}", DATA.sub("", line))


def test_no_line_of_a_month_is_english(tmp_path: Path, start_brevo: StartBrevo) -> None:
    english = list(_said(tmp_path, "en", start_brevo))

    for language in LANGUAGES:
        for (typed, ours), (_, theirs) in zip(
            _said(tmp_path, language, start_brevo), english, strict=True
        ):
            same = {line for line in ours & theirs if not _is_data(line)}
            assert same == set(), f"{language}: newsletter {typed}"
