"""Misspelt domains, and what was meant."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_suffix(".toml")


def meant_domain(domain: str) -> str:
    """Return the domain that was meant, or "" if this one is not a known misspelling."""
    domain = domain.lower()
    if domain in _meant("domains"):
        return _meant("domains")[domain]
    stem, _, end = domain.rpartition(".")
    meant_end = _meant("ends").get(end, "")
    name = _meant("services").get(stem, stem)
    if not stem or (name == stem and not meant_end):
        return ""
    if not meant_end:
        meant_end = end if end in ("com", "fi", "se") else _meant("homes").get(name, "com")
    meant = f"{name}.{meant_end}"
    return _meant("domains").get(meant, meant)


def with_meant_end(host: str) -> str:
    """Return a host with the ending that was meant, or "" if its ending is not a known mistake."""
    stem, _, end = host.rpartition(".")
    meant = _meant("ends").get(end.lower()) if stem else ""
    return f"{stem}.{meant}" if meant else ""


def slips(addresses: Iterable[str]) -> set[str]:
    """Return the domains among these addresses that are known misspellings."""
    domains = {address[address.rfind("@") + 1 :].strip().lower() for address in addresses}
    return {domain for domain in domains if meant_domain(domain)}


@cache
def _meant(kind: str) -> Mapping[str, str]:
    """Return what was meant by each slip of a kind; few commands look for any."""
    known = tomllib.loads(_FILE.read_text(encoding="utf-8"))[kind]
    return {slip: meant for meant, all_slips in known.items() for slip in all_slips.split()}
