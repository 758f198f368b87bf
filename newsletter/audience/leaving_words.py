"""Phrases with which people note in a list that somebody left, in three languages."""

import re

# All of these are matched against folded text: words in lower case, separated by single spaces.
_SENTENCES = (
    # Finnish
    r"(?:ei|eivät|en|ette|älä|älkää) (?:\w+ ){0,3}?"
    r"(?:(?:sähkö)?posti(?:a|n|lla|in)?|(?:sähkö)?posteja|postitu\w+|\w*kirje(?:ttä|itä|en)?"
    r"|viestejä"
    r"|viestiä|viestintää|meiliä|meilejä|mailia|maileja|mainoksia|mainontaa|\w*markkinointia"
    r"|lähet\w+|tilaa|tilausta|tila(?:nnut|nneet)|listal(?:le|la)|\w+listal(?:le|la)|spämm\w+|infoa"
    r"|\w*tiedot(?:tei|et)ta|kutsuja|yhteydenotto\w+|yhteyttä|kontakto\w+|vastaanot\w+|ota vastaan"
    r"|kiinnost(?:a|unut|uneet)|vahvista(?:nut|neet)|suostumusta|lupaa(?! kuva)|uutisk|uk)",
    r"(?:en|ei) kiitos|^ei toimi$|ei aktiivi(?:nen|set)|väärä henkilö|toivo[oit]\w* ettei"
    r"|pyy(?:si|tää|tänyt|dän) ettei",
    r"(?:ei|eivät|en) (?:\w+ )?enää|(?:ei|eivät|en) halua$|ei tavoiteta|älä häiritse",
    r"peru(?:i|nut|neet|ttu|tut|tti|a|u|vat|kaa|isin|taan|ttava|utti|uttaa|uttaisin|uttakaa|uttanut"
    r"|uttaneet|utettu|utetut|utetaan)|perun (?:\w+ )?(?:tilau|jäsenyy|\w*kirje)\w*",
    r"poist(?:ettu|etut|unut|uneet|ui|uu|akaa|etaan|ettava|ettavat|oon|oa|umassa|uva|uvat)"
    r"|poista(?:pa)?",
    r"poisto(?= \d|$)|poiston pyy\w+|poistaa$|(?:saa|saisi|void?aan|voi|voisit\w*|voitte\w*"
    r"|pitä\w+)"
    r" poistaa|poistaisit\w*|poistaa (?:minu|yhteys|tieto|tiedo|nime|osoit)\w*",
    r"^pois$|nukku(?:nut|i) pois|pois \w*(?:listal|postitu|jakelu|kirje)\w*"
    r"|(?:sähkö)?postituslistalta|listalta",
    r"(?:otettu|otetaan|ota|ottakaa|jätetty|jätetään|jätä|jättäkää|jää|jäi|jäänyt) pois",
    r"eron(?:nut|neet)|erosi|eroaa|erotettu|lopett(?:anut|aneet|i|aa|avat)|lopetet(?:tu|ut|aan)",
    r"lähti (?:talo|yhdisty|verkosto|järjestö|organisaatio|eläkk)\w*|^lähti$|lähtenyt|lähteneet"
    r"|irtisanou\w+|irtisanottu",
    r"kieltä(?:nyt|neet|ytyi|ytynyt|ytyneet)|kielsi|estetty|estetyt|kieltolista\w*|estolista\w*",
    r"(?:(?:suora)?markkinointi|postitus|(?:sähkö)?posti|(?:uutis)?kirje|tiedotus|mainos|viesti"
    r"|yhteydenotto)kiel(?:to|lo)\w*",
    r"^kielto$|kieltää (?:\w+ )?(?:\w*post|\w*kirje|\w*markkin|viest|yhtey)\w*|estänyt|blokat\w+",
    r"(?:tilaus|jäsenyys|työsuhde|toiminta) (?:on )?(?:päätty\w+|lopetettu|loppunut|loppui|lakannut"
    r"|katkaistu|keskeyt\w+)|^keskeyt(?:etty|ti|tänyt)$|lakkaute\w+|konku|estän|halusi|stryks?\b"
    r"|delivery|(?:uutis)?kirjekrssi\w*",
    r"(?:suostumu\w*|lupa|luvan) (?:on )?(?:vede\w+|peru\w+|puuttu\w+|vanhent\w+|umpeut\w+|evät\w+"
    r"|poist\w+|päätty\w+)|ve(?:ti|tänyt|tää) (?:\w+ )?(?:suostumu|luva)\w*|ilman (?:lupaa"
    r"|suostumus\w*)",
    r"vahvistus puuttuu|vahvistamat(?:ta|on|tomat)|odottaa vahvist\w+|(?:de|in)aktivoi\w+"
    r"|mykist\w+",
    r"passivoi\w+|epäaktiivi\w+|mustalla listalla|^suljettu$|^tauolla\b|^tauko$|optannut ulos",
    r"tietosuojapyyn\w+|tietojen poist\w+|unohdet\w+ gdpr|tulla unohdetuksi|gdpr pyyn\w+",
    r"siirtynyt (?:muihin|toisiin|toiseen|muualle)|eläkkeelle \d\w*|roskapostiksi"
    r"|valittanut postitu\w+",
    r"(?:jäi|jää|jäänyt|siirtyi|siirtynyt) eläkkeelle|eläköity\w+",
    r"vaiht(?:anut|aneet|oi|oivat) työ\w+|(?:entinen|entiset|ent|ex) (?:tilaaja|jäsen|työnteki)\w*",
    r"kirje pois|kuollut|kuoli|menehty\w+|edesm(?:ennyt|enneet)?|vainaj\w*|kuolinpes\w+|peruutus",
    r"poistopyyn\w+|poisto pyydetty|gdpr poisto",
    r"(?:pyysi|pyydetty|pyytänyt|pyytää|pyydän|halua\w*|halusi\w*|toivo[oit]\w*|tahto\w*) (?:\w+ )?"
    r"(?:poisto\w*|poistamaan|poistaa|poistua|pois|eroon|erota)",
    r"jättänyt (?:verkosto|yhdisty|organisaatio)\w*",
    r"lopeta\w* (?:\w+ )?(?:lähet|posti)\w*|älä mailaa|(?:ei|en) (?:s )?spostia",
    r"(?:osoite|posti|sähköposti|viesti|viestit) (?:ei (?:ole )?(?:toimi|käytössä)|palautu\w+"
    r"|(?:on )?(?:vanhent|väärä|virheel|toimimat)\w*)|palautu(?:u|vat)|^palautu(?:i|nut|neet)$"
    r"|kimpo\w+",
    r"(?:väärä|virheellinen|vanhentunut|toimimaton) \w*(?:osoite|posti|meili)|postilaatikko täynnä",
    # Swedish
    r"(?:inte|ej|inga|inget|ingen|icke) (?:\w+ ){0,3}?"
    r"(?:post|brev\w*|e post|epost|mejl|mail|nyhetsbrev\w*|utskick\w*|reklam|skickas?|prenumer\w+"
    r"|samtyck\w+|kontakta\w*|intresser\w+|bekräft\w+|anställd)|obekräft\w+|spärrlist\w*|^nix$",
    r"(?:kontakta|jobbar|arbetar|fungerar|funkar) (?:\w+ )?(?:inte|ej)|(?:inte|ej) kvar"
    r"|reklamspärr\w*",
    r"återkall\w+|samtycket? (?:saknas|upphör\w*|drag\w+)|nej tack|tacka(?:r|de) nej|^slippa$",
    r"(?:vill|få|bad om att|önskar) slippa|slippa (?:\w*brev|utskick|mejl|\w*post)\w*|i retur"
    r"|returneras",
    r"vill (?:inte|ej) (?:(?:ha|få)$|vara med)|säg(?:a|er) upp|rader(?:ad|ade|at|as|a)|^stryks?$",
    r"gå(?:tt|r) bort|gick bort|bortgång\w+|avled|dog \d\w*|dödsbo\w*|bortplock\w+"
    r"|ska(?:ll)? bort$",
    r"studs(?:ar|ade|at|ad)?|(?:fel|felaktig|ogiltig) (?:e ?post|adress|mejl|mail)\w*|klagat"
    r"|skräppost",
    r"(?:fd|f d|före detta|tidigare) anställd\w*|(?:fd|f d) (?:medlem|prenumerant)\w*|slutade"
    r"|slutar",
    r"prenumerationen (?:har )?upphör\w*|^upphört$|^avbruten$|^pausad$|utesl(?:uten|utet|utna)",
    r"lämna(?:t|de|r) (?:förening|organisation|nätverk|förbund|list|oss)\w*|bytt arbets\w+",
    r"(?:bett|bad|ber) om (?:\w+ )?borttag\w+",
    r"(?:inte|ej|inga|inget|ingen) (?:\w+ ){0,2}?(?:mera?|längre)|vill (?:inte|ej)$|undanbe\w+ sig",
    r"av(?:registrer|prenumerer|beställ)(?:ad|ade|at|as|t|d|da)|avanmäl(?:d|da|t|an)|avböj(?:t|er"
    r"|de)",
    r"avslutat|avslutad|avslutade|avregistrering|avsäger sig|sagt upp|uppsagd|uppsagt|har lämnat",
    r"slutat|utträtt|utträdd|ur listan|(?:tidigare|före detta) (?:medlem|prenumerant|läsare)\w*",
    r"(?:tagits|tas|ta|togs|tagen|struken) bort|borttag(?:en|na|et)|struk(?:en|its|na)",
    r"avliden|avlidna|avlidit|död|tackat nej|spärr(?:ad|ade|at)|gått i pension|bytt jobb",
    r"(?:skicka|maila) (?:inte|ej)|sluta (?:skicka|maila)|begärt borttagning",
    # English
    r"(?:no|not|dont|don t|doesn t|never|stop|without) (?:\w+ ){0,3}?"
    r"(?:e ?mails?|mails?|mailings?|newsletters?|letters?|send(?:ing)?|subscri\w+|marketing"
    r"|consent|opt(?:ed)? in|confirmed|confirm"
    r"|interested|valid)|unconfirmed|^pending$|pending confirm\w+|undelivered|delivery failed",
    r"consent (?:was |is |has )?(?:withdrawn|revoked|expired|missing|denied)|^(?:withdrawn"
    r"|revoked)$",
    r"(?:withdr[ae]w\w*|revoked?) (?:\w+ )?consent|no thanks?|(?:please|pls|plz) (?:remove|delete"
    r"|stop)",
    r"delete (?:me|my|him|her|them|all|this)|gdpr (?:delet|eras|remov)\w+|request\w* (?:\w+ )?"
    r"(?:deletion|removal|erasure)|erasure request\w*|forget me|be forgotten|to be (?:deleted"
    r"|removed)",
    r"^(?:deleted?|remove|left|dead|rip|r i p|expired|lapsed|declined|refuse[sd]|opposed|stop|dnc"
    r"|dnd)$",
    r"(?:take|took|taken) (?:\w+ ){0,3}?off|object(?:s|ed) to|left (?:company|organi\w+)|died",
    r"(?:does not|doesn t|doesnt|did not|didn t|don t|do not) want(?:$| it| to (?:receive|be|get"
    r"|hear))",
    r"subscription (?:was |has |is )?(?:cancel\w+|ended|expired|stopped)|no such (?:user|mailbox"
    r"|address)",
    r"user unknown|address not found|mailbox full|mailer daemon|bouncing|soft bounce|^bounce$"
    r"|bounssa\w*",
    r"bouncaa|bounssa\w+|suppression list|(?:us|reported) as spam|account closed|closed account"
    r"|unsub\w+",
    r"(?:bad|wrong|invalid|dead|incorrect) (?:e ?mail|address)\w*|(?:ex|lapsed) (?:member"
    r"|subscriber)s?",
    r"(?:e ?mail|address) (?:is )?(?:bad|wrong|invalid|dead|not work\w+)|former employees?",
    r"changed jobs|moved (?:on|to another)",
    r"no (?:longer|more)|(?:not|dont|don t) (?:\w+ ){0,3}?any ?more|(?:do not|dont|don t) contact",
    r"unsub(?:scribe|scribed|scribes|s)?|opt(?:ed|s)? out|bounce[sd]|hard bounce|undeliverable",
    r"removed|remove (?:me|my|from)|off (?:the|your) list|(?:has|have) left|is dead",
    r"(?:former|previous|past) (?:members?|subscribers?|readers?)",
    r"left (?:the|our|us)|resigned|passed away|deceased|quit|wants? (?:out|off)|does not exist",
    r"cancell?ed (?:\w+ ){0,2}?(?:subscription|newsletter|membership)",
)
# The beginning of each of them, and of each value that is enough by itself: quick to search for in
# many cells. It is as narrow as possible, so that not every Ville, Maria and Tapio in a list needs
# the full check.
MAY_SAY_LEFT = re.compile(
    r"[†✝]|\([kd]\.|\b(?=[^\W\d_])(?:ei(?:vät)?\b|en\b|ette\b|äl|peru|pois|(?:sähkö)?posti"
    r"|jakelul|listal|otet|ota|otta|jät"
    r"|jää|jäi|eronn|erosi|lopet|lähten|irtis|kielt|kiels|estet|esto|tilaus\b|jäsenyys|työsuhde"
    r"|siirty"
    r"|eläköi|vaiht|kuol|meneht|edesm|gdpr|pyy[dst]|halua|enti|ex\b|kirje\b|osoite\b|viesti|inte\b"
    r"|ej\b|ing(?:a|et|en)\b|icke|vill\b|undan|av[rpbasl]|sag|upps|har(?:d|\b)|slut|uttr|ur\b"
    r"|ta(?:gits|s|gen|ke|ckat)?\b|togs|bort|stru|död|spär|gåt|bytt|ski|mail|beg|no(?:n|t)?\b|nons"
    r"|don(?:t|\b)|does|nev|stop\b|witho|uns|opt|bou|und|remo|off\b|has\b|have\b|is\b|left|resig"
    r"|pass"
    r"|dec|quit|want|canc|unc|blo|black|supp|clea|e ?-?mail|compl|marked|spam|studs|ina|dis|delet"
    r"|tidi|före|former|prev|past|lupaa?\b|luva|eläkkeelle|suostum|toivo[oit]|tahto|nukku|eroaa"
    r"|erote|lähti"
    r"|(?:suora)?markkinointik|(?:tiedotus|mainos|yhteydenotto)k|blok|toiminta\b|keskey|lakkau"
    r"|konku|estän|halusi|stryks?\b|delivery|(?:uutis)?kirjek"
    r"|ve(?:ti|tän|tää)\b|vahvist|deakt|inakt|mykis|passivoi|epäakt|mustal|sulje|tauko\b|tauol"
    r"|optann"
    r"|tietosu|tietoj|unohd|roskap|valitt|ent\b|vainaj|palaut|kimpo|väärä\b|virhee|vanhentun|toimim"
    r"|obekr|reklams|kontakt|jobbar|arbetar|fungera|funka|åter|samtyc|nej\b|slipp|retur|säg|rader"
    r"|gick"
    r"|går\b|dog\b|fel\b|felakt|ogilt|klaga|skräp|fd?\b|pausad|upphör|prenumerat|utesl|lämna|nix\b"
    r"|pending|consent|withdr|revok|please|pls|plz|forg[eo]t|erasu|reque|r(?:ip)?\b|dead\b|expir"
    r"|lapsed"
    r"|refuse|oppose|dn[cd]\b|object|died\b|subscription|user\b|address|account|closed|wrong|incorr"
    r"|changed|moved|did(?:n|\b))"
)
SAYS_LEFT = re.compile(rf"\b(?:{'|'.join(_SENTENCES)})(?!\w)")
# What signs, capitals and brackets tell, which are lost in folded text: “† Aino”, “Aino (POIS)”.
MARKS_LEFT = re.compile(
    r"[†✝]|[(\[] *(?:[kd]\.? ?\d{4}|(?i:pois|poissa|exit|out|fd|ei|nej|no)) *[)\]]"
    r"|(?<=[^\W\d_] )(?:POIS|EI|NEJ|BORT)\W*$"
)
# What sounds like leaving and is about something else, unless more is said.
OF_SOMETHING_ELSE = re.compile(
    r"(?:peruttu|peruutettu|peru(?:i|nut)|peruut(?:ti|tanut)|poistettu"
    r"|cancell?ed) (?:\w+ )?(?:loun|ateri"
    r"|kahvi|ilmoittautumi|osallistumi|varau|tilaisuu|tapaami|kokou|hotel|majoi|seminaar|koulutu"
    r"|tuplar"
    r"|kaksoiskap|lunch)\w*(?: \w*(?:seminaari|kurssi|koulutu|tilaisuu|kokou|työpaj)\w*)?(?: \d+)*"
    r"|(?:ei lähetetä laskua|laskua ei lähetetä)(?: postitse)?|faktura inte per e ?post"
    r"|removed duplicates?"
    r"|(?:does not|do not|don t) sends? invoices(?: by post)?|ingen e post ?faktura"
    r"|(?:lisätty|saatu|tuli|tullut|poimittu|siirretty|ilmoittautui) (?:\w+ ){0,2}?\w*listalta"
    r"|(?:vain|haluaa) uutiskirjeen? ei muuta (?:postia|markkinointia)"
    r"|(?:slutat|slutade) (?:röka|på kurs\w*)|quit smoking(?: ry)?"
    r"|(?:avbeställt|avanmäl[dt](?: sig)?|tackat nej|avböjt(?: inbjudan)?) (?:till |från )?"
    r"(?:lunch|seminari|fest|middag|kurs)\w*|avslut(?:ad|ade|at) (?:kurs|studie|utbildning"
    r"|projekt)\w*(?: \d+)?"
    r"|(?:kieltänyt|kieltäytyi|kieltää) kuva\w+|(?:jäi|jäänyt) pois (?:koulutu|kokou|kurssi)\w*"
    r"|(?:quit|removed|opt out|left|bounced|stop|no more waste) (?:oy|ab|ltd|ry)|estetty hanke"
)
# A title inside a list is not a person, so less evidence is enough to ask about it.
LEAVERS_TITLES = re.compile(
    r"\b(?:eivät|(?:ei|en) halua|älä|älkää|do not|don t|never|vill (?:inte|ej)|ent(?:inen|is\w+)"
    r"|aiem\w+|vanhat|former|previous"
    r"|old|tidigare|gamla|inaktiv\w*|passiivi\w*|epäaktiivi\w*|inactive|left|quit|gone|leavers?"
    r"|lopetta\w+|lähte\w+|poist\w+|peru(?:nut|neet|ttu|tut|u\w+|j\w+)|ero(?:nneet|nnut)"
    r"|\w*kiel(?:to|lo|lett|lä|täyt|tän)\w*|arkisto\w*|arkiv\w*|archive\w*|passivoi\w*|vainaj\w*"
    r"|edesmen\w*"
    r"|menehtyn\w*|hylät\w*|karanteen\w*|jäähylis\w*|muuttaneet|lakkaute\w*|vahvistam\w*"
    r"|ei vahvist\w*"
    r"|poislähten\w*|pending|unconfirmed|obekräft\w*|utgång(?:na|en)|död[ae]?|slutade|returer"
    r"|lämnat"
    r"|dead|not (?:interested|confirmed)|dnc|erasures?|dropped|expired|lapsed|churned|utgått"
    r"|avbok\w*"
    r"|felaktig\w*|ogiltig\w*|vääri\w*|non subscri\w*|ei tilaaj\w*|ei jäsen\w*|complaints?"
    r"|withdrawn"
    r"|estet\w+|esto\w*|roska\w*|palautu\w+|toimimattom\w+|virheelli\w+|vääriä|väärät|kuolleet"
    r"|av(?:slut|regist|prenum|anm|lidna)\w*|utträd\w*|uppsag\w*|borttag\w*|slutat|struk\w*"
    r"|studs\w*"
    r"|spärr\w*|unsub\w*|remov\w+|delet\w+|block\w*|black\w*|suppress\w*|boun[cs]\w*|cancel\w*"
    r"|invalid"
    r"|opt(?:ed)? ?outs?|complain\w*|spam|deceased|resigned|declined|reject\w*|stop)\b"
)
# What begins or ends a short name or title of people who left; longer texts use it for other
# things.
DENIES = re.compile(
    r"^(?:ei|eivät|ej|inte|icke|inga|no|not|non|nej|pois|bort|out|nix)\b|\b(?:ei|pois|bort|ej"
    r"|inte)$"
)
# What a title below one of leavers says about those who stay.
READERS_TITLES = re.compile(
    r"\b(?:tilaaj\w*|aktiivi\w*|nykyis\w+|voimassa\w*|saajat|saa|vastaanottaj\w*|lukij\w*|jäsen\w*"
    r"|subscrib\w*|active|current|recipients?|readers?|members?|prenumerant\w*|aktiva|nuvarande"
    r"|mottagare\w*|läsare|medlem\w*|osallistuj\w*|deltagare|participants?|uudet|new|nya)\b"
)
