"""Finds blocks of a newsletter's own: blocks/NAME.toml declares one, blocks/NAME.mjml shows it."""

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from pydantic import ValidationError

from newsletter.language import Wording, say
from newsletter.model import BLOCK_NAME, PACKAGED_KINDS, Finding, Kinds, rules
from newsletter.render.chain import MOST_BLOCKS, Look
from newsletter.render.declarations import Declaration, Fault
from newsletter.render.template_faults import placed
from newsletter.render.template_files import TemplateFileError, keep_inside, text_of
from newsletter.tomlkeys import BrokenTomlError, faults_of, line_of_key, read_toml

_MOST = 1_000  # templates that are looked through
_FLOW = ".flow"  # before .mjml: a template for the inside of quotes, where MJML cannot stand
# Blocks that Markdown makes, that have no look, or that only say who reads what.
_WITHOUT_VARIANTS = frozenset({"flow", "footnotes", "heading", "literal", "only", "prose", "table"})
_WITHOUT_TEMPLATES = frozenset({"box", "columns", "footnotes", "literal", "only"})
_IN_ROWS = frozenset({"box", "columns"})  # written by row.mjml


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnBlocks:
    """What a newsletter and its house declare, and what is wrong with it."""

    kinds: Kinds
    files: Mapping[str, Path]  # the declaration of each name
    findings: tuple[Finding, ...]


def find_own_blocks(look: Look) -> OwnBlocks:
    """Read the declarations in all folders of a look; the nearest one of a name counts."""
    files, templates = look.own_blocks(".toml"), look.own_blocks(".mjml")
    declared: dict[str, Declaration] = {}
    findings: list[Finding] = []
    for name, path in files.items():
        declaration, faults = _read(name, path, look, is_shown=name in templates)
        findings += faults
        if declaration is not None:
            declared[name] = declaration
    if len(files) > MOST_BLOCKS:
        findings.append(_one_too_many(list(files.values())[MOST_BLOCKS], look))
    strays = _undeclared(templates, files, look)
    findings += (_stray(name, path, look) for name, path in strays.items())
    kinds = Kinds(
        own=tuple(
            declaration.kind(name, flows=f"{name}{_FLOW}" in templates)
            for name, declaration in declared.items()
            if name not in PACKAGED_KINDS
        ),
        variants=tuple((n, tuple(d.variants)) for n, d in declared.items() if d.variants),
        unreadable=frozenset(files.keys() - declared.keys()),
        undeclared=frozenset(strays),
    )
    return OwnBlocks(kinds=kinds, files=files, findings=tuple(findings))


def _read(
    name: str, path: Path, look: Look, *, is_shown: bool
) -> tuple[Declaration | None, list[Finding]]:
    """Return a declaration, None for one with errors, and what is wrong with it."""
    try:
        keep_inside(path, look.roots[path.parents[1]])
        text = text_of(path)
        declaration = Declaration.model_validate(read_toml(text))
    except (TemplateFileError, BrokenTomlError) as err:
        return None, [_fault(path, look, err.message, err.hint, line=err.line)]
    except ValidationError as err:
        faults = faults_of(err, text, Declaration)
        return None, [_fault(path, look, f.message, f.hint, line=f.line) for f in faults]
    found = [*_faults_of_name(name, declaration, is_shown=is_shown), *declaration.faults()]
    if found:
        return None, [
            _fault(path, look, message, hint, line=line_of_key(text, keys))
            for keys, message, hint in found
        ]
    return declaration, [_unseen(path, look, text)] if _is_unseen(name, declaration, look) else []


def _faults_of_name(name: str, declaration: Declaration, *, is_shown: bool) -> Iterator[Fault]:
    """Yield what is wrong with the name of a declaration's file, or for want of a template."""
    if name in PACKAGED_KINDS:
        yield from _faults_of_addition(name, declaration)
    elif not BLOCK_NAME.fullmatch(name):
        message = say("“{name}” cannot be the name of a block", name=name)
        yield (), message, say("call the file by small letters a to z, digits and hyphens")
    elif not is_shown:
        message = say("“{name}” is declared, but there is no template for it", name=name)
        yield (), message, say("write blocks/{name}.mjml beside it", name=name)


def _faults_of_addition(name: str, declaration: Declaration) -> Iterator[Fault]:
    """Yield what cannot be said about a kind of the package."""
    others = declaration.model_fields_set - {"variants", "summary"}
    for key in sorted(others):
        message = say("“{name}” is a block of the package, which alone says what it is", name=name)
        yield (key,), message, say("declare nothing but variants here, or call yours otherwise")
    if name in _WITHOUT_VARIANTS and not others:
        message = say("“{name}” has no variants", name=name)
        yield ("variants",), message, say("take the file out")


def _is_unseen(name: str, declaration: Declaration, look: Look) -> bool:
    """Return whether no template ever looks which variant is asked for."""
    templates = ("row.mjml",) if name in _IN_ROWS else (f"blocks/{name}.mjml", f"blocks/{name}.css")
    return bool(declaration.variants) and not any(
        "variant" in text or any(f"{name}-{variant}" in text for variant in declaration.variants)
        for text in (_words_of(look.file_of(template)) for template in templates)
    )


def _unseen(path: Path, look: Look, text: str) -> Finding:
    finding = rules.BLOCK_DECLARED.warning(
        "no template looks at block.variant, so these variants change nothing",
        "let blocks/{name}.mjml write a class such as {name}-{{{{ block.variant }}}}",
        name=path.stem,
    )
    return placed(finding, look, str(path), line_of_key(text, ["variants"]))


def _undeclared(
    templates: Mapping[str, Path], files: Mapping[str, Path], look: Look
) -> dict[str, Path]:
    """Return the templates for blocks that nothing declares, and no other template includes."""
    shown = PACKAGED_KINDS - _WITHOUT_TEMPLATES
    strays = {
        full: path
        for full, path in templates.items()
        if full.removesuffix(_FLOW) not in files and full not in shown
    }
    if not strays:
        return {}
    others = {p: _words_of(p) for root in look.roots for p in islice(root.rglob("*.mjml"), _MOST)}
    return {
        full.removesuffix(_FLOW): path
        for full, path in strays.items()
        if not any(f"{full}.mjml" in text for other, text in others.items() if other != path)
    }


def _words_of(path: Path | None) -> str:
    with suppress(OSError, TemplateFileError):
        return text_of(path) if path else ""
    return ""


def _one_too_many(path: Path, look: Look) -> Finding:
    message = say("a newsletter has at most {most} blocks of its own", most=MOST_BLOCKS)
    return _fault(path, look, message, say("take out those that no issue uses"), line=1)


def _stray(name: str, path: Path, look: Look) -> Finding:
    if name in PACKAGED_KINDS:
        finding = rules.BLOCK_DECLARED.warning(
            "no template of this name is used: “{name}” is shown by another one",
            "box and columns are written in row.mjml, what is inside quotes in blocks/flow.mjml",
            name=name,
        )
    else:
        finding = rules.BLOCK_DECLARED.warning(
            "nothing declares “{name}”, so no issue can use this template",
            "write blocks/{name}.toml beside it; “newsletter templates new” begins such a file",
            name=name,
        )
    return placed(finding, look, str(path), 1)


def _fault(
    path: Path, look: Look, message: Wording, hint: Wording | str, *, line: int | None
) -> Finding:
    return placed(rules.BLOCK_DECLARED.error(message, hint), look, str(path), line or 1)
