"""A newsletter's folder with blocks of its own."""

from pathlib import Path

from newsletter.model import Finding
from newsletter.render import Look
from newsletter.render.own_blocks import find_own_blocks

# A block with all that one may have.
TIP = """\
summary = "Words to remember"
variants = ["warning"]

[arguments.title]
unnamed = true

[arguments.link]
kind = "address"

[arguments.share]
kind = "number"

[words.fi]
label = "Vinkki"

[words.sv]
label = "Tips"

[text]
first = ["{label}", "{title}: {share} %"]
"""
TIP_MJML = """\
<mj-text padding="8px {{ inset }}px" css-class="prose"><div class="own-tip {{ block.variant }}">
<p>{{ block.words.label }}</p>
{% set title = block.arguments.title %}
{% if title %}<h{{ block.level }}>{{ title }}</h{{ block.level }}>{% endif %}
<p>{{ block.written.share }}</p>
{% for inner in block.blocks %}{% include "blocks/flow.mjml" %}{% endfor %}
{% if block.arguments.link %}<p><a href="{{ block.arguments.link }}">Lue</a></p>{% endif %}
</div></mj-text>
"""
PLAIN = '<mj-text css-class="prose">{{ block.html|html }}</mj-text>'


def declare(root: Path, name: str, toml: str | None, mjml: str | None = PLAIN) -> None:
    """Write the declaration and the template of a block."""
    folder = root / "templates" / "blocks"
    folder.mkdir(parents=True, exist_ok=True)
    for suffix, text in ((".toml", toml), (".mjml", mjml)):
        if text is not None:
            (folder / f"{name}{suffix}").write_text(text, encoding="utf-8")


def found(root: Path) -> tuple[Finding, ...]:
    """Return what is wrong with the blocks of a newsletter."""
    return find_own_blocks(Look(folder=root / "templates")).findings
