"""The words by which machines begin a mail, and the names that mail systems go by."""

import re

# Outlook, Exchange, Gmail, Notes and others, in the languages that our readers' colleagues write.
AUTO_SUBJECT = re.compile(
    r"\W{0,3}(?:automatic reply|automatic response|auto(?:matic)?[ -]?(?:reply|response|answer)"
    r"|autoreply|autoresponder|out[ -]of[ -](?:the[ -])?office|ooo:|vacation(?: reply| message|:)"
    r"|away from (?:my|the) (?:office|desk|mail)|i am (?:out of|away|on (?:vacation|leave|holiday))"
    r"|automaattinen (?:vastaus|\w*ilmoitus)|automaattivastaus|lomailmoitus|lomavastaaja"
    r"|poissa(?: toimistosta|olo\w*|:)|olen (?:poissa|lomalla|vuosilomalla)|(?:vuosi)?lomalla\b"
    r"|automatiskt? (?:svar|svarsmeddelande)|autosvar"
    r"|frånvaro\w*|inte på (?:kontoret|plats)|ej på (?:kontoret|plats)|jag är (?:på semester"
    r"|bortrest|\w*ledig|frånvarande)|semester(?:meddelande|:| re:| sv:)|ikke til ?stede|fravær\w*"
    r"|automatische (?:antwort|beantwoording)|automatisch antwoord|abwesenheit\w*"
    r"|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina"
    r"|resposta automática|risposta automatica|fuori sede|odpowiedź automatyczna"
    r"|automatická odpověď|automatikus válasz|automātiskā atbilde|automaatvastus"
    r"|automatinis atsakymas|автоматический ответ|автоответ|自動返信|自动回复|自動回覆|자동 회신)",
    re.IGNORECASE,
)
ANSWER_SUBJECT = re.compile(r"\W{0,3}(?:re|vs|sv|aw|antw)\s*:", re.IGNORECASE)
NOTES_SUBJECT = re.compile(r"AUTO: ")  # of Notes; "Auto" is a car in Finnish
# What receivers report of a domain: its DMARC (RFC 7489, section 7.2.1.1), its TLS (RFC 8460).
DOMAIN_REPORT = re.compile(r"(?:\[\w+\] )?report domain: ?\S.*\bsubmitter: ?\S", re.IGNORECASE)
DAEMON = re.compile(
    r"(?:mailer|mail|delivery|bounce|system|post|smtp|mta)?[-_. ]?(?:daemon|demon)\b"
    r"|post[ _-]?master|mail ?delivery|(?:mail|delivery)[-_. ]?(?:system|subsystem|agent)"
    r"|microsoftexchange|non-?delivery|(?:mail|system) ?administrator|internet mail|symantec_"
    r"|mdaemon|bounces?@|^(?:bounce|ndr|returned|undeliver\w+|mta|smtp|mailer|devnull)@"
    r"|^no-?reply-?bounce@"
    r"|toimitusjärjestelmä|leveranssystem|järjestelmänvalvoja|systemadministratör",
    re.IGNORECASE,
)
# Programs that people write with, as they name themselves in X-Mailer.
MAILER = re.compile(
    r"apple|i(?:pad|phone)|outlook|thunderbird|windows.{0,6}mail|yahoo|ymail|evolution|kmail|zimbra"
    r"|roundcube|squirrel|horde|open-xchange|gmx|em client|the bat|lotus|notes|groupwise|webmail",
    re.IGNORECASE,
)
FAILED_SUBJECT = re.compile(
    r"\W{0,3}(?:undeliver\w+|(?:mail )?delivery (?:status|failure|failed|problem|error|has failed"
    r"|unsuccessful|notification|report|incomplete)|delivery to|returned mail|mail (?:delivery"
    r"|system error|could not|failure|not delivered)|failure notice|failed (?:mail|delivery)"
    r"|message (?:could not|undeliver\w+|delivery|not delivered|status)|non[ -]?deliver\w+"
    r"|nondeliverable|unable to deliver|warning: |could not (?:be )?(?:send|deliver)|user unknown"
    r"|error (?:sending|delivering)|rejected|bounce|permanent delivery|e?-?mail (?:error|delivery)"
    r"|unzustellbar|nicht zustellbar|notification d.état|toimituksen tila"
    r"|ei (?:voi|voida|voitu) toimittaa|ei toimitettu|toimittaminen epäonnistui"
    r"|palautettu|toimitusvirhe|olevererbart|kunde inte levereras|leveransstatus"
    r"|går inte att leverera|kan inte levereras|leveransfel|ikke levert|ikke leveret|non remis"
    r"|no se puede entregar|não entregue|mensaje no)",
    re.IGNORECASE,
)
