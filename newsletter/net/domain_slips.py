"""Misspelt domains, and what was meant."""

from collections.abc import Iterable, Mapping

# Endings that are not top-level domains, and what was meant.
_ENDS: Mapping[str, str] = {
    ".con": ".com", ".cmo": ".com", ".ocm": ".com", ".comm": ".com", ".coom": ".com",
    ".vom": ".com", ".xom": ".com", ".cpm": ".com", ".clm": ".com", ".comn": ".com",
    ".c0m": ".com", ".dom": ".com", ".som": ".com",
    ".fii": ".fi", ".ffi": ".fi", ".fi1": ".fi", ".fin": ".fi", ".f": ".fi",
    ".nett": ".net", ".nte": ".net", ".ent": ".net", ".orgg": ".org", ".ogr": ".org",
}  # fmt: skip
# Misspelt names of services with many readers; the endings those really have.
_SERVICES: Mapping[str, tuple[str, ...]] = {
    "gmail": (
        "gmial", "gmai", "gmal", "gmaill", "gamil", "gnail", "gmil", "gmaik", "gmali", "gmeil",
        "gmaul", "ggmail", "gmailcom", "gimail", "gmmail", "gmail1", "gmaii", "gmaiil",
        "gaml", "gmail-com", "g-mail",
    ),
    "hotmail": (
        "hotmial", "hotmal", "hotmai", "hotmaill", "hotmil", "hotnail", "hotamil", "hotmali",
        "hormail", "homtail", "hotmeil", "htmail", "hotail", "hotmaii", "hotmaik", "hotmmail",
        "ohtmail", "hotmsil", "hitmail",
    ),
    "outlook": (
        "outlok", "outloook", "outook", "oulook", "outllok", "outlool", "outloo", "outlock",
        "otlook", "ootlook", "utlook", "outlookk", "outlouk", "oultook",
    ),
    "yahoo": ("yaho", "yahooo", "yhoo", "yaoo", "yahho", "yhaoo", "tahoo", "yahoi"),
    "icloud": ("iclod", "icoud", "iclould", "icluod", "icloub", "iclud", "ilcoud", "icloude"),
    "luukku": ("luuku", "luukkku", "luukuu"),
    "kolumbus": ("kolumbuss", "kolumbu"),
    "elisanet": ("elisanett", "elsanet", "elisnet", "elisaneti"),
    "saunalahti": ("saunalahi", "saunalathi", "saunlahti", "saunalaht"),
}  # fmt: skip
# Right names with a wrong ending; such domains exist, but hardly anybody has an address there.
_WRONG_ENDS: Mapping[str, str] = {
    **{f"gmail.{end}": "gmail.com" for end in ("co", "cm", "om", "c", "fi", "se", "net", "cim")},
    **{f"hotmail.{end}": "hotmail.com" for end in ("co", "cm", "om", "c", "net", "cim")},
    **{f"outlook.{end}": "outlook.com" for end in ("co", "cm", "om", "c", "net", "cim")},
    **{f"icloud.{end}": "icloud.com" for end in ("co", "cm", "om", "c", "fi", "net")},
    **{f"yahoo.{end}": "yahoo.com" for end in ("cm", "om", "c", "cim")},
    "googlemail.co": "googlemail.com",
    "gmail": "gmail.com", "hotmail": "hotmail.com", "outlook": "outlook.com",
    "luukku.fi": "luukku.com", "elisanet.com": "elisanet.fi", "kolumbus.com": "kolumbus.fi",
    "saunalahti.com": "saunalahti.fi",
}  # fmt: skip
_HOMES = {"luukku": "com", "kolumbus": "fi", "elisanet": "fi", "saunalahti": "fi"}
_MEANT: Mapping[str, str] = {wrong: right for right, slips in _SERVICES.items() for wrong in slips}


def meant_domain(domain: str) -> str:
    """Return the domain that was meant, or "" if this one is not a known misspelling."""
    domain = domain.lower()
    if domain in _WRONG_ENDS:
        return _WRONG_ENDS[domain]
    stem, _, end = domain.rpartition(".")
    meant_end = _meant_end(end)
    name = _MEANT.get(stem, stem)
    if not stem or (name == stem and not meant_end):
        return ""
    if name != stem and not meant_end:
        meant_end = f".{end}" if end in ("com", "fi", "se") else f".{_HOMES.get(name, 'com')}"
    meant = name + meant_end
    return _WRONG_ENDS.get(meant, meant)


def with_meant_end(host: str) -> str:
    """Return a host with the ending that was meant, or "" if its ending is not a known mistake."""
    stem, _, end = host.rpartition(".")
    meant = _meant_end(end.lower()) if stem else ""
    return f"{stem}{meant}" if meant else ""


def _meant_end(end: str) -> str:
    return _ENDS.get(f".{end}", "")


def slips(addresses: Iterable[str]) -> set[str]:
    """Return the domains among these addresses that are known misspellings."""
    domains = {address[address.rfind("@") + 1 :].strip().lower() for address in addresses}
    return {domain for domain in domains if meant_domain(domain)}
