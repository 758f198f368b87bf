"""No link and no picture of an issue is lost by a template in silence."""

from pathlib import Path

import pytest

from newsletter.checking.words.lost_targets import check_targets
from newsletter.model import Finding, Severity
from newsletter.render.looks import LOOKS
from tests.checking.conftest import Maker
from tests.checking.desk import IMAGE, WEB_IMAGE, Prepare, letter
from tests.render.own import declare

_URL = "https://www.example.org/ohje"
_LINK = f"[koko ohje]({_URL})"
_WORDS_ONLY = '<mj-text css-class="prose"><p>{{ block.html }}</p></mj-text>'
_CARD = 'holds = "line"\n[arguments.url]\nkind = "address"\n'
_FACE = 'holds = "line"\n[arguments.alt]\n[arguments.face]\nkind = "picture"\nalt = "alt"\n'
_ALL_KINDS = f"""\
{_LINK} ja [{{{{ name }}}}](https://ääkkönen.fi/ä%20b?a=1&b={{{{ email }}}}), [alas](#loppu).[^1]

![Talvi]({IMAGE}) ja [![Kevät]({WEB_IMAGE})]({_URL})

![Talvi]({IMAGE})

::: button {_URL}
Lue
:::

::: box
> {_LINK}
>
> ![Talvi]({IMAGE})
:::

::: only region=Lappi
[Posti](mailto:a@example.org?subject=Hei)
:::

| a | b |
|---|---|
| {_LINK} | ![Talvi]({IMAGE}) |

## Loppu

[^1]: {_LINK}
"""


def told(draft_of: Maker, body: str, prepare: Prepare | None = None) -> list[Finding]:
    draft = draft_of(letter(body), prepare=prepare)
    return [found for found in check_targets(draft) if isinstance(found, Finding)]


def template(name: str, text: str) -> Prepare:
    """Lay down a file of the newsletter's own templates."""

    def lay(issues: Path) -> None:
        path = issues.parent / "templates" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    return lay


def own(name: str, toml: str, mjml: str) -> Prepare:
    """Lay down a block of the newsletter's own."""
    return lambda issues: declare(issues.parent, name, toml, mjml)


@pytest.mark.parametrize(
    ("body", "prepare", "file"),
    [
        (f"::: button {_URL}\nLue\n:::", template("blocks/button.mjml", _WORDS_ONLY), "button"),
        (
            f"Lue {_LINK} hakemiseen.",
            template(
                "blocks/prose.mjml",
                '<mj-text css-class="prose">{{ block.html|striptags }}</mj-text>',
            ),
            "prose",
        ),
        (f"::: card url={_URL}\nLue\n:::", own("card", _CARD, _WORDS_ONLY), "card"),
    ],
    ids=["button", "striptags", "argument"],
)
def test_a_link_that_a_template_drops_is_told_where_it_is_written(
    body: str, prepare: Prepare, file: str, draft_of: Maker
) -> None:
    [finding] = told(draft_of, f"Hei.\n\n{body}", prepare)

    assert (finding.id, finding.severity, finding.line) == ("link-lost", Severity.ERROR, 8)
    assert _URL in str(finding.message)
    assert f"templates/blocks/{file}.mjml" in str(finding.hint)


@pytest.mark.parametrize(
    ("body", "prepare", "file"),
    [
        (
            f"::: figure {IMAGE}\nTalvi\n\nKuvateksti\n:::",
            template(
                "blocks/figure.mjml",
                _WORDS_ONLY,
            ),
            "templates/blocks/figure.mjml",
        ),
        (
            f"::: face face={IMAGE} alt=Anna\nTalvi\n:::",
            own("face", _FACE, _WORDS_ONLY),
            "templates/blocks/face.mjml",
        ),
        (
            f"Katso ![Talvi]({WEB_IMAGE}) tätä.",
            template("extra.css", ".prose img { display: none }"),
            "extra.css",
        ),
        (
            f"![Talvi]({IMAGE})",
            template("extra_screen.css", "img { width: 0 !important; height: 0 !important }"),
            "style",
        ),
        (
            f"![Talvi]({IMAGE})",
            template(
                "extra_screen.css",
                "@media (prefers-color-scheme: dark) { img { display: none !important } }",
            ),
            "style",
        ),
    ],
    ids=["figure", "argument", "hidden", "no-size", "hidden-in-dark"],
)
def test_a_picture_that_nobody_sees_is_told_with_its_line(
    body: str, prepare: Prepare, file: str, draft_of: Maker
) -> None:
    [finding] = told(draft_of, f"Hei.\n\n{body}", prepare)

    assert (finding.id, finding.severity, finding.line) == ("image-lost", Severity.ERROR, 8)
    assert file in str(finding.hint)


def test_a_link_that_stands_elsewhere_as_well_is_missed_where_it_was_written(
    draft_of: Maker,
) -> None:
    button = template("blocks/button.mjml", _WORDS_ONLY)

    [finding] = told(draft_of, f"{_LINK}\n\n::: button {_URL}\nLue\n:::", button)

    assert finding.line == 8


@pytest.mark.parametrize("public_url", ["", 'public_url = "https://news.example.org"\n'])
@pytest.mark.parametrize("look", LOOKS)
def test_nothing_is_missed_in_what_the_package_writes(
    look: str, public_url: str, draft_of: Maker
) -> None:
    draft = draft_of(letter(_ALL_KINDS), toml=f'{public_url}look = "{look}"\n')

    assert list(check_targets(draft)) == []
