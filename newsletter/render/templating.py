"""Makes the environments in which the templates of a look are filled."""

from collections.abc import Callable
from contextlib import suppress
from functools import lru_cache
from typing import Any

from jinja2 import FileSystemBytecodeCache

from newsletter.render.chain import Look
from newsletter.render.missing import Missing
from newsletter.render.printing import PrintingEnvironment
from newsletter.render.sandbox import TemplateEnvironment
from newsletter.render.sourcelines import MarkingEnvironment
from newsletter.render.template_files import FirstFound


@lru_cache(maxsize=16)
def environment_of(look: Look) -> PrintingEnvironment:
    """Return the environment for the templates of a look; it notices changes at once."""
    cache = _compiled_templates("sandbox")
    return PrintingEnvironment(**_options(look), autoescape=True, bytecode_cache=cache)


@lru_cache(maxsize=16)
def marking_environment_of(look: Look) -> MarkingEnvironment:
    """Return the environment for the same templates that marks the origin of each line."""
    cache = _compiled_templates("marking")
    return MarkingEnvironment(**_options(look), autoescape=True, bytecode_cache=cache)


def plain_environment_of(look: Look, finalize: Callable[..., Any]) -> TemplateEnvironment:
    """Return an environment for templates of plain text, where no sign has a meaning."""
    return TemplateEnvironment(
        **_options(look),
        finalize=finalize,
        bytecode_cache=_compiled_templates("text"),
        trim_blocks=True,
        lstrip_blocks=True,
    )


def _options(look: Look) -> dict[str, Any]:
    return {"loader": FirstFound(look), "undefined": Missing}


def _compiled_templates(kind: str) -> FileSystemBytecodeCache | None:
    """Return where compiled templates are kept: a folder of the user's own for temporary files.

    Compiling them takes as long as the rest of a rendering. Those compiled without the sandbox, by
    an earlier version or another program, are never used.
    """
    with suppress(RuntimeError, OSError):  # there is no such folder, or others may write to it
        return FileSystemBytecodeCache(pattern=f"__newsletter_{kind}_5_%s.cache")
    return None
