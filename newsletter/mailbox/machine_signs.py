"""Signs on the outside of a mail: written by a machine for a person, or by a mail system."""

import re
from email.utils import parseaddr

from newsletter.mailbox.parts import Part

_MACHINE_HEADERS = (  # of autoresponders; whatever they say
    *("x-autoreply", "x-autorespond", "x-autoresponse", "x-auto-reply", "x-autoreply-from"),
    *("x-mail-autoreply", "x-autoresponder", "x-vacation", "x-away-message"),
    *("x-auto-response", "x-facebook-auto-reply", "x-mdaemon-auto-reply"),
)
_PERSON_HEADERS = ("user-agent", "x-mailer", "x-originating-ip", "x-ms-has-attach")
_AUTO_PRECEDENCE = re.compile(r"auto[_-]?repl", re.IGNORECASE)
# Outlook, Exchange, Gmail, Notes and others, in the languages that our readers' colleagues write.
_AUTO_SUBJECT = re.compile(
    r"\W{0,3}(?:automatic reply|automatic response|auto(?:matic)?[ -]?(?:reply|response|answer)"
    r"|autoreply|autoresponder|out[ -]of[ -](?:the[ -])?office|ooo:|vacation(?: reply| message|:)"
    r"|away from (?:my|the) (?:office|desk|mail)|i am (?:out of|away|on (?:vacation|leave|holiday))"
    r"|automaattinen vastaus|automaattivastaus|poissa(?: toimistosta|olo\w*|:)|olen (?:poissa"
    r"|lomalla|vuosilomalla)|lomavastaaja|lomalla\b|automatiskt? (?:svar|svarsmeddelande)|autosvar"
    r"|frånvaro\w*|inte på (?:kontoret|plats)|ej på (?:kontoret|plats)|jag är (?:på semester"
    r"|bortrest|ledig|frånvarande)|semester(?:meddelande|:)|ikke til ?stede|fravær\w*"
    r"|automatische (?:antwort|beantwoording)|automatisch antwoord|abwesenheit\w*"
    r"|réponse automatique|absence du bureau|respuesta automática|fuera de (?:la )?oficina"
    r"|resposta automática|risposta automatica|fuori sede|odpowiedź automatyczna"
    r"|automatická odpověď|automatikus válasz|automātiskā atbilde|automaatvastus"
    r"|automatinis atsakymas|автоматический ответ|автоответ|自動返信|自动回复|自動回覆|자동 회신)",
    re.IGNORECASE,
)
_NOTES_SUBJECT = re.compile(r"AUTO: ")  # of Notes; "Auto" is a car in Finnish
_DAEMON = re.compile(
    r"(?:mailer|mail|delivery|bounce|system|post|smtp|mta)?[-_. ]?(?:daemon|demon)\b"
    r"|post ?master|postmaster|mail ?delivery|(?:mail|delivery)[-_. ]?(?:system|subsystem|agent)"
    r"|microsoftexchange|non-?delivery|mail administrator|internet mail|symantec_|mdaemon"
    r"|bounces?@|^(?:bounce|returned|undeliver\w+|mta|smtp|mailer|devnull|no-?reply-?bounce)@"
    r"|toimitusjärjestelmä|leveranssystem",
    re.IGNORECASE,
)
_FAILED_SUBJECT = re.compile(
    r"\W{0,3}(?:undeliver\w+|(?:mail )?delivery (?:status|failure|failed|problem|error|has failed"
    r"|unsuccessful|notification|report|incomplete)|delivery to|returned mail|mail (?:delivery"
    r"|system error|could not|failure|not delivered)|failure notice|failed (?:mail|delivery)"
    r"|message (?:could not|undeliver\w+|delivery|not delivered|status)|non[ -]?deliver\w+"
    r"|nondeliverable|unable to deliver|warning: |could not (?:be )?(?:send|deliver)|user unknown"
    r"|error (?:sending|delivering)|rejected|bounce|permanent delivery|e?-?mail (?:error|delivery)"
    r"|unzustellbar|nicht zustellbar|notification d.état|toimituksen tila"
    r"|ei (?:voida|voitu) toimittaa|ei toimitettu|toimittaminen epäonnistui"
    r"|palautettu|toimitusvirhe|olevererbart|kunde inte levereras|leveransstatus"
    r"|går inte att leverera|kan inte levereras|leveransfel|ikke levert|ikke leveret|non remis"
    r"|no se puede entregar|não entregue|mensaje no)",
    re.IGNORECASE,
)


def sender_of(mail: Part) -> str:
    """Return the address in header From, in small letters."""
    return parseaddr(mail.header("from"))[1].lower()


def is_from_mail_system(mail: Part) -> bool:
    """Return whether a mail comes from what delivers mail, not from a person's mailbox."""
    if mail.has("x-failed-recipients"):
        return True
    names = (mail.header("from"), mail.header("sender"))
    return any(_DAEMON.search(name) for name in names if name)


def may_be_bounce(mail: Part) -> bool:
    """Return whether a mail without a part for machines may tell of a failure at all.

    Only then do words count: a person who forwards a bounce, or asks about one, writes such too.
    """
    if is_from_mail_system(mail):
        return True
    is_of_person = mail.has("user-agent") or mail.has("in-reply-to")
    returns = mail.header("return-path")
    is_null = returns in ("", "<>", "<#@[]>") or bool(_DAEMON.search(returns))
    return tells_of_failure(mail) and is_null and not is_of_person


def tells_of_failure(mail: Part) -> bool:
    """Return whether the subject of a mail says that another did not arrive."""
    return bool(_FAILED_SUBJECT.match(mail.header("subject")))


def is_auto_reply(mail: Part) -> bool:
    """Return whether a machine answers for a person (RFC 3834, and what came before it)."""
    subject = mail.header("subject")
    if _AUTO_SUBJECT.match(subject) or _NOTES_SUBJECT.match(subject):
        return True
    if _AUTO_PRECEDENCE.match(mail.header("precedence")):
        return True
    if is_from_mail_system(mail):  # reports are automatic, too
        return False
    if any(mail.has(name) for name in _MACHINE_HEADERS) or is_automatic(mail):
        return True
    return mail.has("x-auto-response-suppress") and not any(map(mail.has, _PERSON_HEADERS))


def is_automatic(mail: Part) -> bool:
    """Return whether a mail says that no person wrote it."""
    said = mail.header("auto-submitted").partition(";")[0].strip().lower()
    return said not in ("", "no")
