"""The words in which servers say that somebody is gone, is not to be had now, or that we are."""

import re

# Without a code that tells, words do, in what no server says otherwise: about us, passing, gone.
ABOUT_US = re.compile(
    r"\b(?:spam\w*|black ?list\w*|block ?list\w*|deny ?list\w*|blocked|banned|dnsbl|rbl|reputation"
    r"|spf|dkim|dmarc|polic(?:y|ies)|unsolicited|not authori[sz]ed|authenticat\w+|virus|malware"
    r"|phishing|suspicious|throttl\w+|rate limit\w*|reverse dns|ptr|s3\d{3}|too many \w+"
    r"|rela[yi]\w* (?:access )?(?:denied|not|is not|prohibited)|(?:unable|not permitted) to relay"
    r"|(?:cannot|can't|won't) relay|sender (?:address )?(?:rejected|denied|verif\w+|domain|ip)"
    r"|content (?:rejected|denied)|message (?:content|rejected)|bounce address tag"
    r"|not allowed to send|not accepting mail from|client host)\b",
    re.IGNORECASE,
)
PASSING = re.compile(
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
IS_NAME = re.compile(r"\w[.@/]\w")
_SOMEBODY = (
    r"(?:users?|user ?id|recip\w+|mail ?box\w*|mail ?drop|address\w*|accounts?|person|people|alias"
    r"|id|customers?|subscriber|member|local[ -]part|domain|host(?:name)?|destination|login|rcpt)"
)
NOBODY = re.compile(
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
