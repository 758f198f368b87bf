"""The words in which servers say that somebody is gone, is not to be had now, or that we are."""

import re

# Without a code that tells, words do, in what no server says otherwise: about us, passing, gone.
ABOUT_US = re.compile(
    r"\b(?:spam\w*|black ?list\w*|block ?list\w*|deny ?list\w*|white ?list\w*|allow ?list\w*"
    r"|blocked|banned|dnsbl|rbl|reputation|spf|dkim|dmarc|polic(?:y|ies)|unsolicited"
    r"|not authori[sz]ed|authenticat\w+|virus|malware|phishing|suspicious|throttl\w+|rate limit\w*"
    r"|reverse dns|rdns|ptr|s3\d{3}|too many \w+|filter(?:s|ed)?"
    r"|rela[yi]\w* (?:access )?(?:denied|not|is not|prohibited)|(?:unable|not permitted) to relay"
    r"|(?:cannot|can't|won't) relay|not a gateway|allowed rcpthosts|cert for gatewaying"
    r"|(?:invalid|bad|unknown) sender|sender (?:rejected|denied|verif\w+|domain|ip|is|e-?mail)"
    r"|(?:ip|client|source|originating|sender|sending|envelope|from:?) address|header from"
    r"|from: domain|your (?:ip|server|mail ?server|host|domain|address)\b(?! book)"
    r"|in reply to (?:mail from|helo|ehlo)"
    r"|(?:invalid|bad|wrong|illegal) (?:helo|ehlo)|(?:helo|ehlo) (?:command|name|argument|host)"
    r"|content (?:rejected|denied)|message (?:content|rejected(?!\W{1,3}mailbox))"
    r"|bounce address tag|not allowed to send|not accepting mail from|client host"
    r"|call(?:out|back)\b.{0,20}fail\w*|verif\w+ failed|while verifying|not a member)\b",
    re.IGNORECASE,
)
PASSING = re.compile(
    r"quota|(?:mail ?box|mail ?folder|inbox|mail ?drop|account)[^\n]{0,60}?"
    r"\b(?:full|exceed\w*|over|locked|busy)\b"
    r"|mailfull|\bdisk|insufficient|no space|out of space|storage|temporar|\bcurrently\b"
    r"|(?<!going to )try (?:it )?again"
    r"|try later|gr[ea]y ?list|deferr|timed? ?out|expired|too (?:old|large|big|long)"
    r"|connection (?:was )?(?:refused|reset|lost|dropped|failed|closed|aborted|broken)"
    r"|(?:closed|closing|closes) (?:the )?connection|network is"
    r"|\bno (?:route|answer|response|reply)\b"
    r"|exceeds?\b|size limit|unreachable"
    r"|\bloops?\b|looping|too many hops|rate that|unusual rate|full inbox|over (?:the )?limit"
    r"|resources|retry|configuration error|(?:internal|system|local) error|load too high"
    r"|on täynnä|(?:brevlåd|postlåd)\w* är full|\bvoll\b|überfüllt|pleine?\b",
    re.IGNORECASE,
)
IS_NAME = re.compile(r"\w[.@/]\w")
_SOMEBODY = (
    r"\b(?:users?|user ?id|recip\w+|mail ?box\w*|mail ?drop|address\w*|accounts?|person|people"
    r"|alias|id|customers?|subscriber|member|local[ -]part|login|rcpt)\b"
)
# A host that rejects, closes or does not answer says nothing of who is behind it.
_PLACE = r"\b(?:domain|host(?:s|name)?|destination)\b"
_NO_SUCH = (
    r"\b(?:no such|unknown|invalid|non[ -]?exist\w*|undeliverable|illegal|unroute?able|obsolete)\b"
)
_NO = (
    r"\b(?:no|not an?|bad|inactive|deleted|closed|dead|deactivated|incorrect|disabled|discontinued"
    r"|unavailable|wrong)\b"
)
_IS_NOT = (
    r"(?:not (?:be )?(?:found|known|exist\w*)|cannot be found|unknown|non-?exist\w*|no longer"
    r"|invalid)"
)
_IS_GONE = (
    r"(?:not (?:be )?(?:listed|present|have|valid|available|active|recogni[sz]ed|an? |registered"
    r"|local|in |on |our|belong|defined|here|hosted)"
    r"|inactive|disabled|deleted|suspended|closed|terminated|unavailable|discontinued|deactivated"
    r"|undeliverable|unroute?able|moved|rejected|gone|removed|does ?n['o]?t (?:exist|have)"
    r"|is ?n.t (?:valid|known)|(?:was|could) ?n.t(?: be)? found)"
)
_NOBODY_IN_ENGLISH = (
    # "unknown user", "no such mailbox here", "invalid final delivery userid", "unknown host"
    rf"(?:{_NO_SUCH}|{_NO})[^\n.]{{0,30}}?{_SOMEBODY}",
    rf"{_NO_SUCH}[^\n.]{{0,15}}?{_PLACE}",
    # "user joe@example.org is not known", "<joe@example.org>: no longer at this address"
    rf"(?:{_SOMEBODY}|@\w)[^\n]{{0,100}}?\b(?:{_IS_NOT}|{_IS_GONE})",
    rf"{_PLACE}[^\n]{{0,60}}?\b(?:{_IS_NOT}|does ?n['o]?t exist)",
    r"\b(?:do(?:es)?|did) ?n['o]t (?:exactly )?(?:exist|have an?|match|recogni[sz]e)",
    r"\bno (?:account|match(?:es)?|entry|mx|mail exchang\w+|one by)\b|\bno ?such|null ?mx",
    r"indicated no smtp service|\bnot our customer|not listed in|not a known|has left|nxdomain",
    r"mailbox name not allowed|bad ?(?:rcpt|recipient)to|unknown[ _-]?user|user[ _-]?unknown",
    r"name or service not known|couldn'?t find any|recipientnotfound|address lookup failed",
    r"not found by smtp address lookup|unable to find|(?:can(?:no|')t|could(?:n't| not)) find",
)
_NOBODY_ELSEWHERE = (
    r"(?:käyttäjää|postilaatikkoa|osoitetta|vastaanottajaa|tiliä) ei|ei löy(?:dy|tynyt)|tuntematon",
    r"ei ole (?:enää )?olemassa|(?:tili|postilaatikko|osoite) on (?:suljettu|poistettu)",
    r"hittades inte|finns inte|(?:kontot|adressen|(?:brev|post)lådan) är (?:stäng|borttag|avslut)",
    r"okänd|unbekannt|onbekend|ukendt|ukjent|existiert nicht|ei leitud|inconnu|introuvable",
    r"n'existe pas|no existe|desconocid|sconosciut|non esiste|não existe",
)
NOBODY = re.compile("|".join((*_NOBODY_IN_ENGLISH, *_NOBODY_ELSEWHERE)), re.IGNORECASE)
# What leaves no doubt, even beside a code that means a policy.
SURELY_NOBODY = re.compile(
    r"\bno such (?:user|mailbox|recipient|person|account)\b|\bunknown (?:user|recipient|mailbox)\b"
    r"|\b(?:user|recipient|mailbox|account) (?:is )?(?:unknown|not found|does ?n['o]t exist"
    r"|does not exist)\b|\bdisabled recipient address\b",
    re.IGNORECASE,
)
