"""Read what a server wrote down: a line of JSON for whatever happened to it."""

from abc import ABC, abstractmethod
from typing import Any


class Journal(ABC):
    """The lines of a server, by what they are about."""

    @abstractmethod
    def journal(self) -> list[dict[str, Any]]:
        """Read every line that is complete."""

    def messages(self) -> list[dict[str, Any]]:
        """Read the lines of accepted messages, one per recipient."""
        return [line for line in self.journal() if "email" in line]

    def violations(self) -> list[str]:
        """Read what the server objected to."""
        return self._told("violation")

    def repeats(self) -> list[str]:
        """Read the idempotency keys that came again."""
        return self._told("repeat")

    def cancelled(self) -> list[str]:
        """Read what scheduled mail was called off."""
        return self._told("cancelled")

    def asked(self) -> list[str]:
        """Read the requests that were not for sending, such as "GET /stats/outbound?tag=a"."""
        return self._told("asked")

    def faulted(self) -> list[str]:
        """Read the faults that struck, in order."""
        return self._told("fault")

    def _told(self, key: str) -> list[str]:
        return [line[key] for line in self.journal() if key in line]
