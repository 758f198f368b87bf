"""Words with which lists say who left and who agreed: headers, values, names of files."""

import re
from collections.abc import Mapping
from types import MappingProxyType

from newsletter.model import Standing


def _listed(text: str) -> frozenset[str]:
    """Return the phrases of a text, separated by commas."""
    return frozenset(phrase for part in text.split(",") if (phrase := " ".join(part.split())))


# Headers, folded. The meaning of a column that is not here is asked for if it resembles one of
# them.
STATUS_HEADERS = _listed("""
    status, subscriber status, subscription status, email status, contact status, member status,
    email marketing status, email subscription status, email marketing, email campaigns,
    response status, status of subscription, tila, tilauksen tila, tilaajan tila, vastauksen tila,
    osallistumisen tila, ilmoittautumisen tila, osallistumistila, ilmoittautumistila,
    osallistujan tila, prenumerationsstatus, deltagarstatus, anmälningsstatus, svarsstatus
""")
CONSENT_HEADERS = _listed("""
    subscribed, subscribed to emails, subscribed to newsletter, is subscribed, consent,
    email consent, marketing consent, newsletter consent, gdpr consent, email marketing consent,
    accepts marketing, accepts email marketing, permission, email permission, newsletter,
    marketing permissions, i agree, subscribe to newsletter, i want the newsletter, opt in, optin,
    double opt in, email opt in, newsletter opt in, opted in, confirmed, email confirmed,
    confirm time, confirmed at, confirmation date, consent date, consent time, consented at,
    suostumuspäivä, suostumuksen päivämäärä, vahvistuspäivä, samtyckesdatum,
    suostun, suostumus, suostumukseni, annan suostumuksen, lupa, uutiskirjelupa, markkinointilupa,
    sähköpostilupa, sähköinen suoramarkkinointilupa, sähköisen suoramarkkinoinnin lupa, uutiskirje,
    haluan uutiskirjeen, tilaan uutiskirjeen, haluan tilata uutiskirjeen, uutiskirjeen tilaus,
    saa lähettää uutiskirjeen, uutiskirjeen saa lähettää, lupa lähettää uutiskirje,
    samtycke, samtycker, jag samtycker, mitt samtycke, nyhetsbrev, tillstånd, prenumererar,
    jag vill ha nyhetsbrevet, prenumeration på nyhetsbrev, marknadsföringstillstånd
""")
JOINED_HEADERS = _listed("""
    optin time, opt in time, subscribed at, date subscribed, subscription date, subscribe date,
    subscribed on, subscribed date, opt in date, optin date, tilattu, tilauspäivä, liittynyt,
    prenumerationsdatum
""")
# Brevo fills these where it asked for consent; for imported contacts they are empty.
BREVO_JOINED = _listed("opt in, optin, double opt in")
_UNSUBSCRIBED_HEADERS = _listed("""
    unsubscribed, unsub time, unsubscribed at, unsubscribe date, unsubscription date,
    unsubscribe time, date unsubscribed, unsubscribed date, unsubscribed on, unsubscribe reason,
    unsubscription reason, unsub reason, unsub reason other, unsub campaign title,
    unsub campaign id, opt out, optout, opted out, opt out time, optout time, optout date,
    opt out date, opted out at, email opt out, has opted out of email, email blacklist,
    email blacklisted, emailblacklisted, email blocklist, email blocklisted, blacklisted,
    blocklisted, blacklist, blocklist, email disabled, deleted at, is deleted, deleted,
    do not mail, do not email, do not contact, no newsletter, suppressed, globally unsubscribed,
    perunut, peruttu, peruutettu, peruuttanut, perunut uutiskirjeen, poistunut, eronnut, lähtenyt,
    peruutuspäivä, perumispäivä, peruutusaika, uutiskirjekielto, markkinointikielto,
    suoramarkkinointikielto, postituskielto, sähköpostikielto, kielto, ei uutiskirjettä,
    en halua uutiskirjettä, avregistrerad, avslutad, avprenumererad, avanmäld, spärrad,
    avregistrerad datum, avregistreringsdatum, reklamförbud, direktmarknadsföringsförbud,
    inget nyhetsbrev
""")
_BOUNCED_HEADERS = _listed("""
    clean time, clean campaign title, clean campaign id, cleaned, bounced, bounced at, bounce,
    hard bounce, hard bounced, bounce date, bounce reason, bounce type, email hard bounced,
    studsade, palautunut
""")
_COMPLAINED_HEADERS = _listed("""
    complained, complained at, complaint, spam complaint, marked as spam, spam report,
    complaint date, spam
""")
LEFT_HEADERS: Mapping[str, Standing] = MappingProxyType(
    {
        **dict.fromkeys(_UNSUBSCRIBED_HEADERS, Standing.UNSUBSCRIBED),
        **dict.fromkeys(_BOUNCED_HEADERS, Standing.BOUNCED),
        **dict.fromkeys(_COMPLAINED_HEADERS, Standing.COMPLAINED),
    }
)
# A sentence on a form to agree to or to refuse; it must mention mail or a newsletter.
SAYS_NO = re.compile(
    r"(en halua|ei saa|en suostu|kiellän|älä|älkää|jag vill inte|inte|no|do not|don ?t|stop)\b"
)
ASKS_CONSENT = re.compile(
    r"\b(suostun|suostumu\w*|haluan|haluatko|tilaan|saako|saamme|saammeko|saa|lupa|annan luvan"
    r"|hyväksyn|jag samtycker|samtycke|jag vill|vill du|får vi|jag godkänner|prenumerera"
    r"|i agree|i consent|i want|i would like|do you want|would you like|may we|can we|subscribe"
    r"|sign me up|add me|yes)\b"
)
# With one of these words such a sentence may mean the opposite, and is asked about.
LEAVES = re.compile(
    r"\b(pois|peru(a|n|t|u|minen|isi)|lopet|ero(a|ta|n|t)\b|päätt|kielt|lakka|irtisano|keskeyt"
    r"|vastusta|avslut|säga? upp|avregistr|avprenumer|avbeställ|avanmäl|avsäg|sluta|ta bort"
    r"|bli av med|utträ|återkalla|undanbe|stop|unsub|opt(ing|ed)? ?out|remov|cancel|leav|quit"
    r"|end\b|ending|off\b|without|refus|declin|withdraw|revok|delete|cease|discontinu|get rid)"
)
REFUSES = re.compile(
    r"\b(en (halua|suostu|tilaa|hyväksy|anna|salli|ota|tahdo)|ei|ettei|etten|et|eivät|älä|älkää"
    r"|ilman|inte|ej|icke|aldrig|nej|inga|inget|utan|no|not|don ?t|never|nothing|neither|nor)\b"
)
OF_MAIL = re.compile(
    r"\b(uutiskir|sähköpost|postitu|nyhetsbrev|e ?post|utskick|newsletter|e ?mail|mailing)"
)
# Headers that resemble one of those and are harmless all the same.
HARMLESS = re.compile(
    r"(optin|opt in|confirm|unsub|consent|signup|suostumus)? ?(ip|ip address|latitude|longitude)"
    r"|sms (black|block)list(ed)?|sms (opt (in|out)|marketing|consent|subscription status)"
    r"|(subscription|subscriber|subscribe|sign ?up|opt ?in) (source|form|type|plan|id|url|hash)"
    r"|unsubscribe (url|link)"
    r"|active subscription|stripe subscription|complimentary plan|cancel date"
    r"|(maksu|lasku|payment|invoice|order|betalning)\w* (tila|status)|vahvista \w+"
    r"|confirm e ?mail"
    r"|marital status|siviilisääty|civilstånd|employment status|työllisyystilanne|tilaisuu\w*.*"
    r"|(home|business|other) state|state province|emails? (sent|opened|clicked|received)"
    r"|tilanne|työtilanne|tilausnumero|tilaajanumero|whatsapp.*|sub plan|no|nro"
    r"|paid upgrade date"
)
# Headers under which services and forms write a yes, a no or a mark about something else.
HARMLESS_MARKS = re.compile(
    r"(\w+ ){0,3}(id|ids|nro|numero|nummer|number|no|count|lkm|määrä|antal|url|guid)|nr|leid|euid"
    r"|sent|opens?|clicks?|opened|clicked|member rating|latitude|longitude|gmtoff|dstoff|timezone"
    r"|cc|vip|plan|expiry|complimentary plan|stripe \w+|do not call|sms( \w+)*"
    r"|accepts sms marketing|private|yksityinen|privat|sensitivity|priority|tärkeys"
    r"|prioritet|arkaluonteisuus|gender|sukupuoli|kön|sex|all day event|read only"
    r"|suffix|title|prefix|initials|nimikirjaimet"
    r"|attended|attendance|checked in|osallistui|osallistuu( \w+)*|läsnä|paikalla|deltog|närvarande"
    r"|\w*(ruoka|allerg|lounas|illalli|kahvi|kasvis|vegaani|vegan|vegetar|diet|gluten|laktoos|lunch"
    r"|dinner|middag|matpref|parking|pysäköinti|majoitus|etäosallist)\w*( \w+)*|points?|score"
    r"|email open rate|email opened count|(phone|e mail|address|event|relation) \d (label|type)"
    r"|permission to track|active subscription|subscribed ip|two factor|paid"
)
# With one of these words a header may be about leaving or agreeing.
LOOKS_LIKE = re.compile(
    r"unsub|subscri|opt ?(in|out)\b|opted|consent|permission|gdpr|bounc|complain|spam|suppress"
    r"|black ?list|block ?list|deny ?list|\bblocked|do not|\bdnc\b|status|standing|marketing"
    r"|\bactive\b|inactive|deleted|removed|disabled|enabled|cancel|\bleft\b|cleaned|confirm"
    r"|verified|newsletter|\bagree|\baccept|\ballow|mailing ?list|unreachable|invalid|undeliver"
    r"|email ok|\b(exit|end|leave|leaving) date|resign|terminated|expired|deceased|\bquit|\bstop"
    r"|tila\b|tilan(sa)?\b|tilaa|tilaus|tilannut|peru(nut|ttu|utettu|uttanut|utus|n\b|minen)"
    r"|poist(ettu|unut|uneet|o|unu)\b|\bero(nnut|ttu|pvm|päivä)|lopett|lopetus|päätty|kuollut"
    r"|palautu|kielto|kieltä|kielsi|kielletty|suostu|lupa|luvan|hyväksy|\bsalli|haluan|haluatko"
    r"|saako|saamme|saa lähettää|uutiskirje|markkinoin|estetty|esto\b|aktiivi|passiivi|voimassa"
    r"|vahvist|käytössä|sähköpostitse|postitus|^(ei|älä|älkää|no|ej|inte|inget)\b"
    r"|samtyck|godkän|prenumer|nyhetsbrev|avregistr|avslut|avanmäl|avprenumer|tillstånd|tillåt"
    r"|spärr|marknadsför|\bvill\b|reklam|utskick|aktiv\b|utträ|uppsag|avliden|studs|bekräft"
    r"|kuolin|menehty|vainaj|edesmen|\b(erosi|eroaa|eropvm|eropäivä|eroamis\w*|perui|perujat)\b"
    r"|poisto?(pvm|päivä)|poistam|poistumis|\bpoiss?a?\b|\bbounss|\blopetti\b|\bloppu(i|pvm|päivä)"
    r"|\bkirjeen loppu|lakkau|umpeutu|\bavled|\bdöd|dödsd|slutdatum|\bslutat\b|\bslutade?s?\b"
    r"|upphör|borttag|\bstruken\b|avbokad|avbruten|avböjt|\blämnat\b|\bretur(er)?\b|skicka ej"
    r"|date of death|\bdied\b|\bdeath\b|\barchived?\b|suspended|\bbanned\b|exclude|\bchurned"
    r"|end(ed)? (date|at|on)|\bended\b|termination|\blapsed\b|deliverab|reachable|email valid"
)

# Columns that put people into groups; some groups are of people who left.
GROUP_HEADERS = _listed("""
    jäsenyys, jäsenyyden tila, jäsenlaji, jäsenryhmä, jäsentyyppi, jäsenluokka, asiakkuus, ryhmä,
    ryhmät, ryhmän nimi, luokka, luokat, kategoria, kategoriat, tagit, tunnisteet, lista, listat,
    medlemskap, medlemstyp, medlemsgrupp, grupp, grupper, kategori, kategorier, taggar, etiketter,
    membership, membership type, member type, member group, state, subscriber state, group, groups,
    category, categories, tags, tag, labels, label, segment, segments, lists, list, email lists,
    lifecycle stage, stage
""")
ENDED = re.compile(
    r"\b(päätty\w*|loppu\w+|umpeutu\w*|rauennut|entinen|entiset|ex|ent|arkist\w*|pois|poissa"
    r"|poistettav\w*|perujat|vainaj\w*|kuol\w+|edesmenn\w*|menehtyn\w*|tauolla|passii?v\w*"
    r"|hylät\w*|ei (?:kirjettä|postia|tilaa\w*|jäsen\w*|mukana|uutiskirje\w*)|jäähyllä|lakkau\w*"
    r"|upphör\w*|utgån\w*|vilande|pausa\w*|lämnat|bort|arkiv\w*|avlid\w*|död\w?|före detta|fd"
    r"|lapsed?|expired|ended|terminated|former|cold|churn\w*|lost|dormant|dnc|dead|paused?"
    r"|archived?|on hold|suspended|banned|exclude\w*|do not \w+|no mail\w*"
    r"|not (?:a )?(?:member|subscri\w+))\b"
)

# Values of a status, folded.
_MAY = _listed("""
    active, subscribed, enabled, confirmed, regular, premium, gifted, trialed, comped, free, paid,
    unpaid, past due, churning, opted in, optin, opt in, valid, deliverable,
    aktiivinen, tilaaja, tilannut, vahvistettu, voimassa, aktiv, prenumererar, bekräftad,
    attending, registered, participated, attended, submitted, completed, responded, replied,
    did not attend, no show, ilmoittautunut, osallistunut, osallistuu, vahvistanut, vastannut,
    vastattu, valmis, lähetetty, ei osallistunut, anmäld, deltog, deltagit, deltar, svarat,
    besvarad, deltog inte
""")
_UNSUBSCRIBED = _listed("""
    unsubscribed, unsubscribe, unsub, opted out, optout, opt out, inactive, disabled, blocklisted,
    blacklisted, blocked, suppressed, removed, deleted, archived, paused, cancelled, canceled,
    left, declined, refused, churned, revoked, withdrawn, denied, not attending,
    perunut, peruttu, peruutettu, peruuttanut, poistettu, poistunut, eronnut, lähtenyt, estetty,
    kieltänyt, kielletty, passiivinen, ei osallistu, ei tilaa, ei tilaaja, ei aktiivinen,
    avregistrerad, avslutad, avprenumererad, avanmäld, avbokad, spärrad, blockerad, inaktiv,
    borttagen, tackat nej, deltar inte
""")
_BOUNCED = _listed("""
    bounced, bounce, cleaned, hard bounced, hardbounced, hardbounce, hard bounce, email bounced,
    invalid, undeliverable, unreachable, error, failed, nonexistent, palautunut, virheellinen,
    tavoittamattomissa, studsad, studsade, ogiltig
""")
_COMPLAINED = _listed("""
    complained, complaint, complainer, spam, junk, spammy, abuse, marked as spam, spam complaint,
    roskaposti, klagat
""")
_PENDING = _listed("""
    pending, unconfirmed, unactivated, nonsubscribed, non subscribed, transactional, waiting,
    not confirmed, notconfirmed, unverified, invited, no response, never subscribed,
    not subscribed, awaiting confirmation, odottaa, vahvistamatta, vahvistamaton, kutsuttu,
    avaamatta, kesken, ei vastannut, ei vastausta, ei reagoinut, väntar, obekräftad, inbjuden,
    ej svarat
""")
STATUS_VALUES: Mapping[str, Standing] = MappingProxyType(
    {
        **dict.fromkeys(_MAY, Standing.ACTIVE),
        **dict.fromkeys(_PENDING, Standing.PENDING),
        **dict.fromkeys(_UNSUBSCRIBED, Standing.UNSUBSCRIBED),
        **dict.fromkeys(_BOUNCED, Standing.BOUNCED),
        **dict.fromkeys(_COMPLAINED, Standing.COMPLAINED),
    }
)
# Values found only in a column about leaving; whatever its header, it is asked about.
LEAVING_VALUES = _listed("""
    unsubscribed, unsubscribe, unsub, opted out, optout, opt out, blocklisted, blacklisted,
    suppressed, bounced, cleaned, hard bounced, hardbounced, hard bounce, email bounced,
    complained, complaint, marked as spam, spam complaint, nonsubscribed, non subscribed,
    unconfirmed, perunut, peruttu, peruutettu, peruuttanut, perunut uutiskirjeen, kieltänyt,
    ei uutiskirjettä, ei halua uutiskirjettä, en halua uutiskirjettä, avregistrerad,
    avprenumererad, avanmäld, studsade, inactive, disabled, cancelled, canceled, blocked, deleted,
    passiivinen, poistettu, poistunut, eronnut, estetty, inaktiv, avslutad, spärrad, blockerad
""")

# Names of files that hold people who left, word by word; if there are other words, the editor is
# asked.
NAMES_OF_DEPARTURES: Mapping[str, Standing] = MappingProxyType(
    {
        **dict.fromkeys(
            _listed("""
                unsubscribed, unsubscribes, unsubscribers, unsubscribe, unsubs, unsub,
                unsubscription, unsubscriptions, optout, optouts, optedout, suppressed, suppression,
                suppressions, blocked, blocks, blocklist,
                suppressions, blocked, blocks, blocklist,
                blocklisted, blacklist, blacklisted, denylist, nonsubscribed, poistuneet,
                poistetut, peruneet, peruuttaneet, peruutetut, perutut, eronneet, kieltäneet,
                estetyt, lähteneet, kieltolista, estolista, avslutade, avregistrerade,
                avprenumererade, avanmälda, spärrade, blockerade, spärrlista
            """),
            Standing.UNSUBSCRIBED,
        ),
        **dict.fromkeys(
            _listed("""
                bounced, bounces, bounce, cleaned, hardbounces, hardbounced, invalid, invalids,
                undelivered, undeliverable, palautuneet, virheelliset, studsade, studsar, ogiltiga
            """),
            Standing.BOUNCED,
        ),
        **dict.fromkeys(
            _listed("""
                complaints, complained, complaint, spamreports, spam, abuse, valitukset, klagomål
            """),
            Standing.COMPLAINED,
        ),
    }
)
# What else appears in the names that services and people give such files.
BESIDE_DEPARTURES = _listed("""
    members, member, export, exports, email, emails, e, mail, audience, contacts, contact, list,
    lists, report, reports, subscribers, subscriber, segment, group, global, hubspot, crm,
    mailchimp, mailerlite, mailgun, mg, sendgrid, brevo, postmark, newsletter, addresses, all, copy,
    download, the, from, hard, soft, spam, users, people, recipients, data, lista, listat, luettelo,
    jäsenet, jäsen, osoitteet, sähköpostit, uutiskirje, uutiskirjeen, uutiskirjeestä, listalta,
    kopio, listan, register, medlemmar, adresser, nyhetsbrev, nyhetsbrevet, kopia, och, ja, and
""")
