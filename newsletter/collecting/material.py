"""Writes items as Markdown for an editor to prune; what they pruned never comes back."""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from newsletter.collecting.cache import Cache
from newsletter.collecting.items import Item, Seen, Window, unique
from newsletter.content.escaping import escape_markdown, escape_url
from newsletter.language import say, say_in

_AS_NEAR = 1  # decimals of nearness: what differs by less is as near


def head_of(issue_id: str, language: str) -> str:
    """Return what a new file of material begins with, in the newsletter's language."""
    title = say_in(language, say("Material for {issue}", issue=escape_markdown(issue_id)))
    advice = say_in(
        language,
        say(
            "Prune and change as you like. Collecting again adds only what is new, at the end of "
            "the file. To begin anew, delete the file."
        ),
    )
    return f"# {title}\n\n<!-- {advice} -->\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """The list of material for one issue."""

    path: Path
    issue_id: str
    cache: Cache
    language: str  # the newsletter's own
    write_date: Callable[[dt.date], str]  # as written in the newsletter's language

    def choose(self, items: Iterable[Item], window: Window) -> tuple[list[Item], list[Item]]:
        """Return the items of the wanted days, and those among them that are new.

        An item without a date is new only once, whatever issue it was offered for.
        """
        offered = self.cache.offered()
        if not self.path.exists():
            offered.pop(self.issue_id, None)
        here = Seen(offered.pop(self.issue_id, ()))
        elsewhere = Seen(key for keys in offered.values() for key in keys)
        wanted = [
            item
            for item in unique(items)
            if window.holds(item) and (item.date or item.key in here or item.key not in elsewhere)
        ]
        return wanted, [item for item in wanted if item.key not in here]

    def add(self, items: Sequence[Item], today: dt.date) -> None:
        """Append items to the file, which is created if necessary; do nothing without items."""
        if not items:
            return
        is_new = not self.path.exists()
        before = [] if is_new else self.cache.offered().get(self.issue_id, [])
        head = head_of(self.issue_id, self.language) if is_new else ""
        since = say_in(self.language, say("Added {day}", day=self.write_date(today)))
        added = "" if is_new else f"\n# {since}\n"
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(head + added + self._sections(items))
        self.cache.offer(self.issue_id, [*before, *(item.key for item in items)])

    def _sections(self, items: Sequence[Item]) -> str:
        """Return a section for each source, in the order of the feeds.

        In it what is nearest to issues of the past comes first, and of what is as near the newest.
        """
        written = []
        for source, group in groupby(items, key=lambda item: item.source):
            ordered = sorted(group, key=_rank, reverse=True)
            lines = "\n".join(self._line(item) for item in ordered)
            written.append(f"\n## {escape_markdown(source)}\n\n{lines}\n")
        return "".join(written)

    def _line(self, item: Item) -> str:
        title, url = escape_markdown(item.title), escape_url(item.link)
        line = f"- [{title}]({url})" if url else f"- {title}"
        if item.date:
            line += f" – {self.write_date(item.date)}"
        if item.found:
            line += f" – *{escape_markdown(', '.join(item.found))}*"
        return f"{line}\n  {escape_markdown(item.summary)}" if item.summary else line


def _rank(item: Item) -> tuple[float, dt.date]:
    return round(item.near, _AS_NEAR), item.date or dt.date.min
