"""Words with which cells say yes or no, in Finnish, Swedish and English."""


def _spoken(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Each of these is a whole cell, in lower case.
YES = _spoken("""
    yes y true t 1 x on ok ✓ ✔ ☑ ✅ [x] checked selected agreed accepted granted allowed
    agree accept kyllä k joo tosi suostun hyväksyn hyväksytty sallittu sallin haluan
    tilaan annettu valittu saa ja j sant samtycker godkänner godkänd godkänt
    tillåten tillåts vill given markerad
""")
# These say that somebody did not leave; a word of refusal says that they did.
PLAIN_NO = _spoken("no n false f 0 off none null nil unchecked ei e epätosi nej falskt ej ☐") | {
    "[ ]"
}
NO = PLAIN_NO | _spoken("""
    never disagree declined denied refused not dont kielletty kiellän kieltäydyn kieltäytyi
    kieltänyt en inte avböjer nekad icke ingen inget inga älä älkää ✗ ✘ ❌
""")
# Letters that mean yes in one list, and “kielletty”, “terminated” or “jätetty” in another; clear
# only where the column holds their opposite and nothing else.
CODES = _spoken("k t j")
PAIRS = (("k", "e"), ("j", "n"), ("t", "f"), ("t", "e"))
# A column that holds nothing else says something about each person; the header may not say what.
MARKS = YES | NO | _spoken("xx xxx (x) v * + ! ? # • ● ○ ◯ × ✕ ✖ ☒ ☓ † ☺ joo jep jo jaa nope")

# Whole sentences, matched word by word.
BEFORE_YES = _spoken("i jag minä minulle mig olen")
_YES_WORDS = frozenset(word for word in YES if word.isalpha() and len(word) > 1) - {"on"}
YES_STARTS = _YES_WORDS | _spoken("""
    yeah yep sure absolutely definitely certainly gladly want would consent subscribe send add
    juu jep toki totta tottakai ehdottomasti mielelläni annan lähettäkää lähetä lisätkää
    jo jaa visst gärna skicka prenumererar
""")
YES_SENTENCE = YES_STARTS | _spoken("""
    i me my you your the a to it please thanks thank of course like love get receive newsletter
    newsletters email emails by we may
    minulle minä sinä te kiitos kiitoksia kiitti luvan suostumuksen suostumukseni mielelläni
    uutiskirje uutiskirjeen uutiskirjettä uutiskirjeitä uutiskirjeet uutiskirjeiden uutiskirjeenne
    uutiskirjeelle tilata saada saamaan vastaanottaa lähettää lähettämiseen lähettämisen
    sähköpostia sähköpostitse sähköpostilla sähköpostiin sähköpostiini sähköpostiosoitteeseeni
    jag mig ni er ert tack ha få gärna nyhetsbrev nyhetsbrevet epost mejl mail skicka skickas
    ta emot per via med
""")
YES_DATED = _YES_WORDS | _spoken("kiitos tack thanks please")
NO_SENTENCE = NO | _spoken("""
    i me my you the a to it do am any want would like please thanks thank need agree consent accept
    interested receive newsletter newsletters email emails mail mails send subscribe now more
    minulle minä kiitos kiitoksia halua tahdo suostu hyväksy tilaa anna lupaa suostumusta saa
    lähettää lähettäkö lähetä kiinnosta kiinnostunut tarvitse tarvetta uutiskirje uutiskirjettä
    uutiskirjeitä sähköpostia postia mailia enää nyt
    jag mig er ert tack vill ha få samtycker godkänner intresserad nyhetsbrev nyhetsbrevet epost
    mejl utskick skicka helst nu mer mera längre
""")
