"""Changes single values in the text of `newsletter.toml` and `.env`; all other lines stay."""

import json
import re
import tomllib
from collections.abc import Mapping
from io import StringIO
from typing import Any

from dotenv import dotenv_values

from newsletter.errors import ConfigError
from newsletter.language import say

Key = tuple[str, str]  # a table and a key of it

_VALUE = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'|\[[^\]\n#]*\]|[^\s#,]+")
_PLAIN = re.compile(r"[\w.:/+=@%,~-]+", re.ASCII)


def value_in(values: Mapping[str, Any], key: Key) -> Any:
    """Return a value of parsed settings; None if it is not set."""
    table = values.get(key[0], {})
    return table.get(key[1]) if isinstance(table, Mapping) else None


def with_value(text: str, key: Key, value: Any) -> str:
    """Return the text of settings with a value set; None comments its line out.

    Raise ConfigError, naming the line to write, where the text is written in another way than ours,
    so that nothing but this value would have to change.
    """
    before = tomllib.loads(text.removeprefix("\ufeff"))
    if value_in(before, key) == value:
        return text
    end = "\r\n" if "\r\n" in text else "\n"
    changed = end.join(_changed(text.split(end), key, value))
    if _parsed(changed) != _wanted(before, key, value):
        line = f"[{key[0]}] {key[1]} = {_written(value)}" if value is not None else ""
        raise ConfigError(
            say(
                "newsletter.toml: “{key}” stands there in a way that cannot be changed from here; "
                "write it yourself: {line}",
                key=".".join(key),
                line=line or say("take the line out"),
            )
        )
    return changed


def with_secret(text: str, name: str, value: str) -> str:
    """Return the text of `.env` with a secret set; raise ConfigError for one it cannot hold."""
    before = dotenv_values(stream=StringIO(text))
    quoted = value if _PLAIN.fullmatch(value) else "'" + re.sub(r"([\\'])", r"\\\1", value) + "'"
    line, lines = f"{name}={quoted}", text.splitlines()
    at = [n for n, old in enumerate(lines) if re.match(rf"\s*(export\s+)?{name}\s*=", old)]
    if at:
        lines[at[-1]] = line
    else:
        lines.append(line)
    changed = "\n".join(lines) + "\n"
    if dotenv_values(stream=StringIO(changed)) != {**before, name: value}:
        raise ConfigError(
            say("{name} cannot be written into .env from here; write it yourself", name=name)
        )
    return changed


def _changed(lines: list[str], key: Key, value: Any) -> list[str]:
    table, name = key
    begin = next((n for n, line in enumerate(lines) if _is_header(line, table)), None)
    if begin is None:
        own = [f"[{table}]", f"{name} = {_written(value)}", ""]
        return [*lines, *own] if not lines[-1] else [*lines, "", *own]
    after = (n for n, line in enumerate(lines) if n > begin and re.match(r"\s*\[", line))
    end = next(after, len(lines))
    set_at = next((n for n in range(begin, end) if _is_key(lines[n], name)), None)
    if set_at is not None:
        return [*lines[:set_at], _replaced(lines[set_at], value), *lines[set_at + 1 :]]
    at = _place(lines, begin, end, name)
    return [*lines[:at], f"{name} = {_written(value)}", *lines[at:]]


def _place(lines: list[str], begin: int, end: int, name: str) -> int:
    """Return where a new line belongs: below its example, or the last key with its remarks."""
    for at in range(begin + 1, end):
        if re.match(rf"#\s*{re.escape(name)}\s*=", lines[at]):
            return at + 1
    keys = [at for at in range(begin, end) if at == begin or re.match(r"\s*[\w\"'-]", lines[at])]
    at = keys[-1] + 1
    while at < end and re.match(r"\s+#", lines[at]):
        at += 1
    return at


def _replaced(line: str, value: Any) -> str:
    """Return a line with another value; a remark behind it stays where it began, if it can."""
    if value is None:
        return f"# {line}"
    head, equals, rest = line.partition("=")
    old = _VALUE.match(rest.lstrip())
    remark = rest.lstrip()[old.end() :].strip() if old else rest
    written = f"{head}{equals} {_written(value)}"
    if not remark:
        return written
    column = len(line.rstrip()) - len(remark)
    return f"{written:<{column}}{remark}" if len(written) < column else f"{written}   {remark}"


def _is_header(line: str, table: str) -> bool:
    return re.match(rf"\s*\[\s*{re.escape(table)}\s*\]\s*(#.*)?$", line) is not None


def _is_key(line: str, name: str) -> bool:
    return re.match(rf"\s*{re.escape(name)}\s*=", line) is not None


def _written(value: Any) -> str:
    """Return a value as TOML: texts, lists of them, numbers and switches are as in JSON."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


def _parsed(text: str) -> Any:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except tomllib.TOMLDecodeError:
        return None


def _wanted(values: Mapping[str, Any], key: Key, value: Any) -> dict[str, Any]:
    table = values.get(key[0], {})
    own = {k: v for k, v in table.items() if k != key[1]} if isinstance(table, Mapping) else {}
    return {**values, key[0]: own if value is None else {**own, key[1]: value}}
