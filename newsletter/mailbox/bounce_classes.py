"""What a refusal means: hard, soft, or about us, by its enhanced status code before its words."""

import re

from newsletter.mailbox.verdicts import Kind

_CODE = r"[245]\.\d{1,3}\.\d{1,3}"
# A code stands where servers write one: behind a reply, in brackets, or first on a line. Anything
# else with two dots may be a version or the beginning of an IP address.
_PLACED = re.compile(
    rf"(?:\b[245]\d\d[ -]+[(\[<#]*|[(\[<]?#|[(\[<]|\b(?:status|dsn|smtp|error|code)[=:; ]+\s*"
    rf"(?:[245]\d\d[ -]+)?#?|^\s*)({_CODE})(?![\d.]\d|\d)",
    re.IGNORECASE | re.MULTILINE,
)
_REPLY = re.compile(
    r"(?:^|[\s:;(\[\"'<>=#-])([45]\d\d)(?:[ -](?=\S)|[)\]:,;.]|$)",
    re.MULTILINE,
)

# RFC 3463 and the registry of IANA; 5.1.7, 5.1.8 and Exchange's 5.1.90 are about the sender.
_ABOUT_SENDER = re.compile(r"5\.(7\.\d+|1\.(7|8|9\d|20))")
_GONE = re.compile(r"5\.1\.(?!0$|7$|8$|9\d$|20$)\d+")
_SOFT_CODES = re.compile(r"(4\.\d+\.\d+|5\.2\.[234]|5\.3\.4|5\.4\.[67]|5\.6\.\d+)")

_LONGEST = 2_000  # characters of what a server said

# Without a code that tells, words do, in what no server says otherwise: about us, passing, gone.
_ABOUT_US = re.compile(
    r"\b(?:spam\w*|black ?list\w*|block ?list\w*|deny ?list\w*|blocked|banned|dnsbl|rbl|reputation"
    r"|spf|dkim|dmarc|polic(?:y|ies)|unsolicited|not authori[sz]ed|authenticat\w+|virus|malware"
    r"|phishing|suspicious|throttl\w+|rate limit\w*|reverse dns|ptr|s3\d{3}|too many \w+"
    r"|rela[yi]\w* (?:access )?(?:denied|not|is not|prohibited)|(?:unable|not permitted) to relay"
    r"|(?:cannot|can't|won't) relay|sender (?:address )?(?:rejected|denied|verif\w+|domain|ip)"
    r"|content (?:rejected|denied)|message (?:content|rejected)|bounce address tag"
    r"|not allowed to send|not accepting mail from|client host)\b",
    re.IGNORECASE,
)
_PASSING = re.compile(
    r"quota|(?:mail ?box|mail ?folder|inbox|mail ?drop|account)[^\n]{0,60}?"
    r"\b(?:full|exceed\w*|over|locked|busy)\b"
    r"|mailfull|\bdisk|insufficient|no space|out of space|storage|temporar"
    r"|(?<!going to )try (?:it )?again"
    r"|try later|gr[ea]y ?list|deferr|timed? ?out|expired|too (?:old|large|big|long)"
    r"|connection (?:refused|reset|lost|dropped|failed)|exceeds?\b|size limit|unreachable"
    r"|\bloops?\b|looping|too many hops|rate that|unusual rate|full inbox|over (?:the )?limit"
    r"|resources|retry|configuration error|(?:internal|system|local) error|load too high"
    r"|postilaatikko on täynnä|brevlåda\w* är full",
    re.IGNORECASE,
)
_IS_NAME = re.compile(r"\w[.@/]\w")
_SOMEBODY = (
    r"(?:users?|user ?id|recip\w+|mail ?box\w*|mail ?drop|address\w*|accounts?|person|people|alias"
    r"|id|customers?|subscriber|member|local[ -]part|domain|host(?:name)?|destination|login|rcpt)"
)
_NOBODY = re.compile(
    # "unknown user", "no such mailbox here", "invalid final delivery userid"
    r"\b(?:no|not an?|unknown|invalid|bad|non-?exist\w*|inactive|undeliverable|deleted|closed"
    r"|incorrect|illegal|unroute?able|disabled|discontinued|unavailable|obsolete|wrong)\b"
    rf"[^\n.]{{0,30}}?\b{_SOMEBODY}\b"
    # "user joe@example.org is not known", "<joe@example.org>: no longer at this address"
    rf"|(?:\b{_SOMEBODY}\b|@\w)[^\n]{{0,100}}?\b(?:not (?:be )?(?:found|known|exist\w*|listed|have"
    r"|valid|available|active|recogni[sz]ed|an? |registered|local|in |on |our|belong|defined|here)"
    r"|cannot be found|non-?exist\w*|unknown|invalid|inactive|disabled|deleted|suspended|closed"
    r"|terminated|unavailable|discontinued|deactivated|undeliverable|unroute?able|moved|no longer"
    r"|rejected|gone|removed|does ?n['o]?t (?:exist|have)|is ?n.t (?:valid|known)"
    r"|(?:was|could) ?n.t(?: be)? found)"
    r"|\b(?:does ?n[o']t|do not|don'?t|did ?n[o']t|does not) (?:exist|have an?|match|recogni[sz]e)"
    r"|\bno (?:account|match|entry|mx|mail exchang\w+|one by)\b|\bno such|\bnot our customer"
    r"|unknown[ _-]?user|user[ _-]?unknown|name or service not known|nxdomain|couldn'?t find any"
    r"|null ?mx|recipientnotfound|not found by smtp address lookup|address lookup failed|has left"
    r"|unable to find|can(?:no|')t find|could(?:n't| not) find|not listed in|not a known"
    r"|käyttäjää ei|ei löy(?:dy|tynyt)|hittades inte|finns inte|okänd|tuntematon|unbekannt|inconnu"
    r"|n'existe pas|no existe|desconocid|sconosciut|non esiste|não existe",
    re.IGNORECASE,
)


def enhanced_code(text: str) -> str:
    """Return the first enhanced status code where servers write one, "" if there is none."""
    found = _PLACED.search(text[:_LONGEST])
    return found[1] if found else ""


def class_of(status: str, *texts: str) -> Kind:
    """Return what a failure means, by its status code and what was said, the server's words first.

    What nobody can tell is soft: it is shown, and counts only if it comes again and again.
    """
    texts = tuple(text[:_LONGEST] for text in texts if text.strip())
    told = enhanced_code(texts[0]) if texts else ""
    codes = [code for code in (told, status) if code and not _is_vague(code)]
    if any(_ABOUT_SENDER.fullmatch(code) for code in codes):
        return Kind.ABOUT_US
    if any(_SOFT_CODES.fullmatch(code) for code in codes):
        return Kind.SOFT
    if any(_GONE.fullmatch(code) for code in codes):
        return Kind.HARD
    by_words = next(filter(None, map(_by_words, texts)), None)
    if by_words is None and codes and codes[0] in ("5.1.0", "5.2.1"):
        return Kind.HARD  # unless words tell otherwise
    if not codes and (status.startswith("4") or _is_deferral(texts, status or told)):
        return Kind.SOFT
    return by_words or Kind.SOFT


def _is_vague(code: str) -> bool:
    """Return whether a code says no more than that something failed."""
    return code.startswith("2") or code.endswith(".0.0")


def _is_deferral(texts: tuple[str, ...], status: str) -> bool:
    reply = _REPLY.search(texts[0]) if texts else None
    return not status.startswith("5") and bool(reply and reply[1].startswith("4"))


def _by_words(text: str) -> Kind | None:
    # The names of hosts and pages say nothing: "antispam.example.org said: user unknown".
    words = " ".join(word for word in text.split() if not _IS_NAME.search(word))
    if _ABOUT_US.search(words):
        return Kind.ABOUT_US
    if _PASSING.search(words):
        return Kind.SOFT
    return Kind.HARD if _NOBODY.search(text) else None
