"""Where the pages of the archive are: below a public URL, or as files beside one another."""

from dataclasses import dataclass
from typing import Protocol
from urllib.parse import quote


class Addresses(Protocol):
    """Where things are, as a page links to them."""

    @property
    def root(self) -> str:
        """Return what whole addresses begin with, without a slash at its end; "" if unknown."""

    @property
    def leave(self) -> str:
        """Return where somebody asks for their link to unsubscribe."""

    @property
    def subscribe(self) -> str:
        """Return where one subscribes; "" for nowhere."""

    def place(self, path: str) -> str:
        """Return where "pictures/x.png" or "look/x.css" is."""

    def index(self, language: str) -> str:
        """Return where the list of issues is in a language."""

    def issue(self, issue: str, language: str) -> str:
        """Return where an issue is in a language."""

    def feed(self, kind: str, language: str, page: int = 1) -> str:
        """Return where a feed is: kind is "atom" or "json"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """The addresses that the public service answers below a path of its host."""

    base: str  # such as "/kirje"; "" for the root
    root: str
    leave: str
    subscribe: str = ""

    def place(self, path: str) -> str:
        """Return where something is."""
        return f"{self.base}/{path}"

    def index(self, language: str) -> str:
        """Return where the list is."""
        return f"{self.base}/archive?lang={language}"

    def issue(self, issue: str, language: str) -> str:
        """Return where an issue is."""
        return f"{self.base}/{quote(issue)}?lang={language}"

    def feed(self, kind: str, language: str, page: int = 1) -> str:
        """Return where a feed is."""
        further = f"&page={page}" if page > 1 else ""
        return f"{self.base}/feed.{kind}?lang={language}{further}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filed:
    """The addresses of files in one folder; those in the newsletter's language have plain names."""

    language: str
    root: str
    leave: str
    subscribe: str = ""

    def place(self, path: str) -> str:
        """Return where something is."""
        return path

    def index(self, language: str) -> str:
        """Return where the list is."""
        return self._named("index", language, "html")

    def issue(self, issue: str, language: str) -> str:
        """Return where an issue is."""
        return quote(self.file_of(issue, language))

    def file_of(self, issue: str, language: str) -> str:
        """Return the name of the file of an issue."""
        return self._named(issue, language, "html")

    def feed(self, kind: str, language: str, page: int = 1) -> str:  # noqa: ARG002 - there is one
        """Return where a feed is."""
        return self._named("feed", language, kind)

    def _named(self, stem: str, code: str, kind: str) -> str:
        return f"{stem}.{kind}" if code == self.language else f"{stem}.{code}.{kind}"


def whole(at: Addresses, address: str) -> str:
    """Return an address with its host."""
    origin = "/".join(at.root.split("/", 3)[:3])
    return f"{origin}{address}" if address.startswith("/") else f"{at.root}/{address}"
