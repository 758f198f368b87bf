"""Queries the DNS, and tells a name that does not exist from a name server that does not answer."""

from dataclasses import dataclass

import dns.exception
import dns.name
import dns.rdatatype
import dns.resolver
from dns.rdtypes.ANY.MX import MX
from dns.rdtypes.ANY.TXT import TXT

from newsletter.language import say
from newsletter.model import Severity
from newsletter.net import NameServiceError, NoSuchHostError

_LIFETIME = 5.0  # seconds for one query, including retries


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a record."""

    severity: Severity
    message: str  # follows the name of the domain in a sentence
    hint: str = ""


class Resolver:
    """Queries the system's name servers, or a given one, each question once."""

    def __init__(
        self, server: tuple[str, int] | None = None, *, lifetime: float = _LIFETIME
    ) -> None:
        """Read the system's settings unless `server` gives an IP address and a port."""
        self._stub: dns.resolver.Resolver | None = None
        self._known: dict[tuple[str, str], tuple[bool, tuple[object, ...]]] = {}
        self._unanswered: dict[tuple[str, str], NameServiceError] = {}
        if server:
            self._stub = dns.resolver.Resolver(configure=False)
            self._stub.nameservers, self._stub.port = [server[0]], server[1]
        else:
            try:
                self._stub = dns.resolver.Resolver()
            except (dns.exception.DNSException, OSError):
                return  # raised when a query is made
        self._stub.lifetime = lifetime

    def exists(self, name: str) -> bool:
        """Return whether there is such a name at all."""
        return self._ask(name, "A")[0]

    def txt(self, name: str) -> list[str]:
        """Return the TXT records of a name, each joined from its pieces."""
        found = self._ask(name, "TXT")[1]
        return [b"".join(r.strings).decode(errors="replace") for r in found if isinstance(r, TXT)]

    def mx(self, name: str) -> list[str]:
        """Return the mail servers of a domain, best first; a null MX (RFC 7505) is ""."""
        found = [record for record in self._ask(name, "MX")[1] if isinstance(record, MX)]
        best = sorted(found, key=lambda record: (record.preference, record.exchange))
        return [record.exchange.to_text(omit_final_dot=True).rstrip(".") for record in best]

    def addresses(self, name: str) -> list[str]:
        """Return the IPv4 and IPv6 addresses of a name."""
        return [str(record) for kind in ("A", "AAAA") for record in self._ask(name, kind)[1]]

    def find_addresses(self, host: str) -> list[str]:
        """Return the addresses of a host to connect to; raise NoSuchHostError if it has none."""
        found = self.addresses(host)
        if not found:
            raise NoSuchHostError(host)
        return found

    def _ask(self, name: str, kind: str) -> tuple[bool, tuple[object, ...]]:
        """Return whether the name exists, and its records of a type."""
        key = (name.lower().rstrip("."), kind)
        if key in self._unanswered:
            raise self._unanswered[key]
        if key not in self._known:
            try:
                self._known[key] = self._query(*key)
            except NameServiceError as err:
                self._unanswered[key] = err
                raise
        return self._known[key]

    def _query(self, name: str, kind: str) -> tuple[bool, tuple[object, ...]]:
        if self._stub is None:
            raise NameServiceError(say("this machine names no name server"))
        try:
            answer = self._stub.resolve(
                dns.name.from_text(name), dns.rdatatype.from_text(kind), raise_on_no_answer=False
            )
        except dns.resolver.NXDOMAIN:
            return False, ()
        except (dns.resolver.NoNameservers, dns.resolver.LifetimeTimeout) as err:
            raise NameServiceError(say("no name server answers for {name}", name=name)) from err
        except dns.exception.DNSException:
            return False, ()  # not a name: a label is empty or too long
        return True, tuple(answer.rrset or ())
