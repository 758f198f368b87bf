"""What is wrong with the settings, as findings that name file and line."""

from pathlib import Path

from newsletter.errors import ConfigError
from newsletter.language import Wording, say, say_list
from newsletter.model import Finding, Severity


def settings_fault(file: str, line: int | None, message: Wording, hint: str = "") -> Finding:
    """Return a finding about the settings; `file` is relative to the newsletter's folder."""
    return Finding(
        id="settings", severity=Severity.ERROR, path=file, line=line, message=message, hint=hint
    )


def refusal(root: Path, *findings: Finding) -> ConfigError:
    """Return the error that lists each finding on a line, with the whole path of its file."""
    lines = (
        say_list((f"{root / finding.place}: ", say_list(finding.said, "; ")), between="")
        for finding in findings
    )
    return ConfigError(say_list(lines, between="\n"), findings=findings)


def not_utf8(file: str, line: int | None) -> Finding:
    """Return the finding about a file that is not UTF-8."""
    return settings_fault(file, line, say("not UTF-8 text"), say("save the file as UTF-8"))
