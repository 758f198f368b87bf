"""Cases of what Markdown leaves as it stands: signs that were meant to do something, addresses."""

from tests.checking.desk import (
    ERROR,
    NOTE,
    PREHEADER,
    WARNING,
    Case,
    in_body,
    in_preheader,
    in_subject,
    letter,
)

URL = "https://www.example.org"
EVENT = 'events:\n  p:\n    title: "{}"\n    start: 2027-01-20 09:00\n'

CASES = [
    # --- headings
    # no space after the signs
    in_body("markdown-left", WARNING, 8,
            "Hei.\n\n##Otsikko\nTeksti.", "Hei.\n\n## Otsikko\nTeksti."),
    # a space that Markdown does not take for one
    in_body("markdown-left", WARNING, 8, "Hei.\n\n##\u00a0Otsikko", "Hei.\n\n## Otsikko"),
    # below a line that ends by hand
    in_body("markdown-left", WARNING, 7, "Hei\\\n##Otsikko", "Hei\\\n\\##Otsikko"),
    # one sign before a few words; those of a sentence, or several, mark a subject
    in_body("markdown-left", WARNING, 6,
            "#Kevään päivät\n\nTeksti.", "#Kevään päivät alkavat.\n\nMoi."),
    in_body("markdown-left", WARNING, 6,
            "#Kevään päivät\nTekstiä riittää.",
            "#työelämä nyt\n\n#Työelämä #Kuntoutus\n\n#Työ\n\nC# ja #kevät"),
    # an explanation behind a word; on a line of its own, in code, and with its sign made plain
    in_body("markdown-left", WARNING, 7,
            "Hei.\nLaitos THL, *[THL]: Terveyden ja hyvinvoinnin laitos",
            "Laitos THL `*[A]: b` \\*[B]: c\n\n*[THL]: Terveyden laitos"),
    in_body("markdown-left", WARNING, 6, "- THL *[THL]: laitos", "- THL\n\n*[THL]: laitos"),
    # --- bold
    # not closed
    in_body("markdown-left", WARNING, 7,
            "Hei.\nTule **mukaan nyt\n\nJa kerro.", "Hei.\nTule **mukaan\nnyt**"),
    # begun before a link, and before code
    in_body("markdown-left", WARNING, 6, f"**[Ohjelma]({URL}) nyt", f"**[Ohjelma]({URL})** nyt"),
    in_body("markdown-left", WARNING, 6, "**`koodi` nyt", "`**koodi` nyt"),
    # with underscores
    in_body("markdown-left", WARNING, 8,
            "- yksi\n- kaksi\n- __kolme", "Nimi: ______ a__b __kolme__"),
    # two signs on one side, one on the other
    in_body("markdown-left", WARNING, 6, "Tule **mukaan nyt* vain", "Tule _mukaan_* nyt"),
    in_body("markdown-left", WARNING, 6, "Tule *mukaan nyt** vain", "Tule ***mukaan*** *nyt*"),
    # spaces within
    in_body("markdown-left", WARNING, 6, "Tule ** mukaan ** nyt", "5 ** 3, 2 ** 4 ja 5 * 3"),
    # the end of a word behind a closing quote; both signs are one fault
    in_body("markdown-left", WARNING, 6, "Kuten **”valo”**n", "Kuten **valo**n"),
    # a second time, where the first was meant
    in_body("markdown-left", WARNING, 8,
            "Merkit \\*\\*näin.\n\nTule **näin.", "Merkit \\*\\*näin."),
    # a note at the foot has its mark above
    in_body("markdown-left", WARNING, 8,
            "Maksu 5 €.\n\n**Ilman veroa", "Maksu 5 €**.\n\n**Ilman veroa"),
    # in the front matter, where Markdown means nothing
    in_subject("markdown-left", WARNING, "**Tule** mukaan", "Tule nyt*"),
    in_preheader("markdown-left", WARNING,
                 f"{PREHEADER} [Lue]({URL})", f"{PREHEADER} [Lue] | ## 1"),
    Case("markdown-left", WARNING, 7,
         letter("::: event p\n:::", more=EVENT.format("**P** 1")),
         letter("::: event p\n:::", more=EVENT.format("P* 1"))),
    # --- links and pictures
    # a space between words and address
    in_body("markdown-left", WARNING, 7,
            f"Lue\n[raportti] ({URL}).", f"Lue\n[raportti]({URL}) ([1])."),
    # a line end between them; numbers refer to sources
    in_body("markdown-left", WARNING, 6,
            f"Lue [**raportti**]\n({URL}).", f"Lue (ks. [1] ({URL}))."),
    # the brackets the other way round
    in_body("markdown-left", WARNING, 6, f"(raportti)[{URL}]", "(raportti)[1]"),
    # square brackets twice
    in_body("markdown-left", WARNING, 6, f"[raportti][{URL}]", f"[raportti][a]\n\n[a]: {URL}"),
    # a space in the address
    in_body("markdown-left", WARNING, 6,
            f"[luvut]({URL}/uusi lista)", f"[luvut]({URL}/uusi%20lista)"),
    # an address that does not end
    in_body("markdown-left", WARNING, 6, f"[raportti]({URL}", f"\\[raportti\\]({URL}"),
    # a space before the file, and in its name
    in_body("markdown-left", WARNING, 6, "![Kuva] (p.png)", "![Kuva](p.png)"),
    in_body("markdown-left", WARNING, 6, "![Kuva](p p.png)", "![Kuva](p.png) [x]"),
    # --- notes, tables and lists
    # no such note
    in_body("markdown-left", ERROR, 7,
            "Hei.\nKysely[^1]", "Kysely[^1] [sic][^1] [^1]\n\n[^1]: Lähde."),
    # in the text of a note, which is shown last
    in_body("markdown-left", WARNING, 8,
            "Hei.[^1]\n\n[^1]: Lähde **kysely.\n\nMoi.",
            "Hei.[^1]\n\n[^1]: Lähde \\*\\*kysely.\n\nMoi."),
    # no line of dashes
    in_body("markdown-left", WARNING, 8,
            "Luvut:\n\n| **a** | b |\n| 1 | 2 |",
            "Luvut:\n\n| **a** | b |\n|---|---|\n| 1 | 2 |\n\n| x |\n\na | b\nc | d"),
    # one that is too short
    in_body("markdown-left", WARNING, 6,
            "| a | b |\n|---|\n| 1 | 2 |", "```\n| a | b |\n| 1 | 2 |\n```"),
    # signs without a space, and the dots of a word processor
    in_body("markdown-left", WARNING, 8,
            "Asiat:\n\n-yksi\n-kaksi", "Asiat:\n\n- yksi\n- kaksi\n\n-Me"),
    in_body("markdown-left", WARNING, 6,
            "• yksi\n• kaksi", "yksi • kaksi\\\n-5 astetta\n-6 astetta"),
    # --- what other rules say of Markdown that went wrong
    # it took the stars of a field for italics
    in_body("slot-lookalike", WARNING, 7, "Hei,\n*|FNAME|*!", "Hei,\n|FNAME| *ja* `*|FNAME|*`!"),
    # an address that is none
    in_body("link-empty", ERROR, 7, "Hei.\n[x](https://)", f'Hei.\n[x]({URL}) <a name="a"></a>'),
    # --- bare addresses
    # whose signs were taken for emphasis
    in_body("link-bare", ERROR, 8, f"Hei.\n\nLue {URL}/a*b*c.", f"Hei.\n\nLue <{URL}/a*b*c>."),
    # of a page
    in_body("link-bare", NOTE, 7, f"Hei.\nLue {URL}/sivu.", f"Hei.\nLue <{URL}/sivu>."),
    in_body("link-bare", NOTE, 6, "Lue www.example.org", f"Lue [www.example.org]({URL})"),
    # of a mailbox
    in_body("link-bare", NOTE, 7,
            "- Eino\n- eino@example.org", "- <eino@example.org> `a@example.org`\n- @eino a@b"),
    # of a button, whose words are a link
    in_body("link-bare", NOTE, 6, "www.example.org", f"::: button {URL}\nwww.example.org\n:::"),
    # --- signs that are for the program alone
    # the end of a comment that was never begun
    in_body("marks-left", ERROR, 8, "Hei.\n\nSinä --> minä", "Hei.\n\nSinä → minä `-->`"),
    # colons within a line
    in_body("marks-left", ERROR, 8, "Hei.\n\nKatso ::: box", "Hei.\n\nKatso :: `:::`"),
    # a comment where none can be
    Case("marks-left", ERROR, 2,
         letter("Hei.", subject="Joulukuu <!-- x -->"), letter("Hei. <!-- x -->")),
    # a comment whose dashes a program made long
    in_body("marks-left", ERROR, 8,
            "Hei.\n\nAlku <!— kysy palkkio —> loppu.",
            "Hei.\n\nAlku <!-- kysy palkkio --> loppu — ja niin edelleen."),
    # a note where none can be
    Case("marks-left", ERROR, 2,
         letter("Hei[^1].\n\n[^1]: A", subject="Joulukuu[^1]"),
         letter("Hei[^1].\n\n[^1]: A", subject="Joulukuu [1]")),
    # half a slot
    in_body("marks-left", ERROR, 6, "Hei {{ name", "Hei `{{ name`"),
    # a footnote with a blank in its name
    in_body("marks-left", ERROR, 6, "Hei[^a b]", "Hei [a b]"),
    # a block with too few colons
    in_body("block-lookalike", WARNING, 8,
            f"Hei.\n\n:: button {URL}\nLue\n::", f"Hei.\n\n::: button {URL}\nLue\n:::"),
    # a heading for all above what only some get
    in_body("heading-alone", WARNING, 8,
            "Hei.\n\n## Lappi\n\n::: only region=Lappi\nTule!\n:::\n\n## Muuta\n\nB",
            "Hei.\n\n::: only region=Lappi\n## Lappi\n\nTule!\n:::\n\n## Muuta\n\nB"),
    in_body("heading-alone", WARNING, 8,
            "Hei.\n\n## Alueille\n\n"
            "::: only region=Lappi\nA\n:::\n\n::: only region=Kainuu\nB\n:::",
            "Hei.\n\n## Alueille\n\n::: only region=Lappi\nA\n:::\n\nKaikille."),
    # a box to tick
    in_body("block-lookalike", WARNING, 8, "Hei.\n\n- [ ] kahvi", f"Hei.\n\n- [x]({URL}) y"),
]  # fmt: skip
