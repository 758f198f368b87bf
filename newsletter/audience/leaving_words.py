"""Sentences with which people note in a list that somebody left, in three languages."""

import re

# All of these are matched with folded text: words in lower case, one blank between.
_SENTENCES = (
    # Finnish
    r"(?:ei|eivät|en|älä|älkää) (?:\w+ ){0,3}?"
    r"(?:(?:sähkö)?posti(?:a|n|lla|in)?|(?:sähkö)?posteja|postitu\w+|\w*kirje(?:ttä|itä|en)|viestejä"
    r"|viestiä|meiliä|meilejä|mailia|maileja|mainoksia|mainontaa|markkinointia|lähet\w+|tilaa|tilausta"
    r"|listal(?:le|la)|\w+listal(?:le|la))",
    r"(?:ei|eivät|en) (?:\w+ )?enää|(?:ei|eivät|en) halua$|ei tavoiteta|älä häiritse",
    r"peru(?:i|nut|neet|ttu|tut|tti|uttanut|uttaneet|utettu|utetut)",
    r"poist(?:ettu|etut|unut|uneet|ui|uu|akaa|etaan|ettava)|poista",
    r"pois \w*(?:listal|postitu|jakelu|kirje)\w*|(?:sähkö)?postituslistalta|listalta",
    r"(?:otettu|otetaan|ota|ottakaa|jätetty|jätä|jättäkää|jää|jäi|jäänyt) pois",
    r"eron(?:nut|neet)|erosi|lopett(?:anut|aneet|i)|lähtenyt|lähteneet|irtisanou\w+|irtisanottu",
    r"kieltä(?:nyt|neet|ytyi|ytynyt|ytyneet)|kielsi|estetty|estetyt|kieltolista\w*|estolista\w*",
    r"(?:tilaus|jäsenyys|työsuhde) (?:on )?(?:päätty\w+|lopetettu|loppunut|loppui)",
    r"(?:jäi|jää|jäänyt|siirtyi|siirtynyt) eläkkeelle|eläköity\w+",
    r"vaiht(?:anut|aneet|oi|oivat) työ\w+|(?:entinen|entiset|ex) (?:tilaaja|jäsen)\w*|kirje pois",
    r"kuollut|kuoli|menehtynyt|edesmennyt|peruutus|poistopyyn\w+|poisto pyydetty|gdpr poisto",
    r"(?:pyysi|pyydetty|pyytänyt|pyytää|haluaa) (?:\w+ )?(?:poisto\w*|poistamaan|poistaa|pois)",
    r"jättänyt (?:verkosto|yhdisty|organisaatio)\w*",
    r"lopeta\w* (?:\w+ )?(?:lähet|posti)\w*|älä mailaa|(?:ei|en) (?:s )?spostia",
    r"(?:osoite|posti|sähköposti|viesti|viestit) (?:ei (?:ole )?(?:toimi|käytössä)|palautu\w+)",
    # Swedish
    r"(?:inte|ej|inga|inget|ingen|icke) (?:\w+ ){0,3}?"
    r"(?:post|brev\w*|e post|epost|mejl|mail|nyhetsbrev\w*|utskick\w*|reklam|skickas?|prenumer\w+)",
    r"(?:inte|ej|inga|inget|ingen) (?:\w+ ){0,2}?(?:mera?|längre)|vill (?:inte|ej)$|undanbe\w+ sig",
    r"av(?:registrer|prenumerer|beställ)(?:ad|ade|at|as|t|d|da)|avanmäl(?:d|da|t|an)|avböj(?:t|er|de)",
    r"avslutat|avslutad|avslutade|avregistrering|avsäger sig|sagt upp|uppsagd|uppsagt|har lämnat",
    r"slutat|utträtt|utträdd|ur listan|(?:tidigare|före detta) (?:medlem|prenumerant|läsare)\w*",
    r"(?:tagits|tas|ta|togs|tagen|struken) bort|borttag(?:en|na|et)|struk(?:en|its|na)",
    r"avliden|avlidna|avlidit|död|tackat nej|spärr(?:ad|ade|at)|gått i pension|bytt jobb",
    r"(?:skicka|maila) (?:inte|ej)|sluta (?:skicka|maila)|begärt borttagning",
    # English
    r"(?:no|not|dont|don t|doesn t|never|stop|without) (?:\w+ ){0,3}?"
    r"(?:e ?mails?|mails?|mailings?|newsletters?|letters?|send|subscri\w+)",
    r"no (?:longer|more)|(?:not|dont|don t) (?:\w+ ){0,3}?any ?more|(?:do not|dont|don t) contact",
    r"unsub(?:scribe|scribed|scribes|s)?|opt(?:ed|s)? out|bounce[sd]|hard bounce|undeliverable",
    r"removed|remove (?:me|from)|take (?:me )?off|off the list|(?:has|have) left|is dead",
    r"(?:former|previous|past) (?:members?|subscribers?|readers?)",
    r"left (?:the|our|us)|resigned|passed away|deceased|quit|wants? (?:out|off)|does not exist",
    r"cancell?ed (?:\w+ ){0,2}?(?:subscription|newsletter|membership)",
)
# How each of them, and each value that tells alone, begins: quick to look for in many cells. It is
# no wider than need be, lest every Ville, Maria and Tapio of a list be judged at length.
MAY_SAY_LEFT = re.compile(
    r"\b(?=[^\W\d_])(?:ei(?:vät)?\b|en\b|äl|peru|pois|(?:sähkö)?posti|jakelul|listal|otet|ota|otta|jät"
    r"|jää|jäi|eronn|erosi|lopet|lähten|irtis|kielt|kiels|estet|esto|tilaus\b|jäsenyys|työsuhde|siirty"
    r"|eläköi|vaiht|kuol|meneht|edesm|gdpr|pyy[dst]|halua|enti|ex\b|kirje\b|osoite\b|viesti|inte\b"
    r"|ej\b|ing(?:a|et|en)\b|icke|vill\b|undan|av[rpbasl]|sag|upps|har(?:d|\b)|slut|uttr|ur\b"
    r"|ta(?:gits|s|gen|ke|ckat)?\b|togs|bort|stru|död|spär|gåt|bytt|ski|mail|beg|no(?:n|t)?\b|nons"
    r"|don(?:t|\b)|does|nev|stop\b|witho|uns|opt|bou|und|remo|off\b|has\b|have\b|is\b|left|resig|pass"
    r"|dec|quit|want|canc|unc|blo|black|supp|clea|e ?-?mail|compl|marked|spam|studs|ina|dis|delet"
    r"|tidi|före|former|prev|past)"
)
SAYS_LEFT = re.compile(rf"\b(?:{'|'.join(_SENTENCES)})(?!\w)")
# A title inside a list is no person, so that it may be asked about for less.
HEADS_LEAVERS = re.compile(
    r"\b(?:eivät|(?:ei|en) halua|älä|älkää|do not|don t|never|vill (?:inte|ej)|entis\w+"
    r"|aiem\w+|vanhat|former|previous"
    r"|old|tidigare|gamla|inaktiv\w*|passiivi\w*|epäaktiivi\w*|inactive|left|quit|gone|leavers?"
    r"|lopetta\w+|lähte\w+|poist\w+|peru(?:nut|neet|ttu|tut|u\w+)|ero(?:nneet|nnut)|kiel(?:to|lot|tä)\w*"
    r"|estet\w+|esto\w*|roska\w*|palautu\w+|toimimattom\w+|virheelli\w+|vääriä|väärät|kuolleet"
    r"|av(?:slut|regist|prenum|anm|lidna)\w*|utträd\w*|uppsag\w*|borttag\w*|slutat|struk\w*|studs\w*"
    r"|spärr\w*|unsub\w*|remov\w+|delet\w+|block\w*|black\w*|suppress\w*|bounc\w*|cancel\w*|invalid"
    r"|opt(?:ed)? ?outs?|complain\w*|spam|deceased|resigned|declined|reject\w*|stop)\b"
)
# What a title says of those who stay, below one of leavers.
HEADS_READERS = re.compile(
    r"\b(?:tilaaj\w*|aktiivi\w*|nykyis\w+|voimassa\w*|saajat|saa|vastaanottaj\w*|lukij\w*|jäsen\w*"
    r"|subscrib\w*|active|current|recipients?|readers?|members?|prenumerant\w*|aktiva|nuvarande"
    r"|mottagare\w*|läsare|medlem\w*|uudet|new|nya)\b"
)
