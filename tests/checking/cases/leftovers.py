"""Cases of what Markdown leaves as it stands: signs that were meant to do something, addresses."""

from tests.checking.desk import ERROR, NOTE, PREHEADER, WARNING, Case, letter

URL = "https://www.example.org"
EVENT = 'events:\n  p:\n    title: "{}"\n    start: 2027-01-20 09:00\n'

CASES = [
    # --- headings
    # no space after the signs
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n##Otsikko\nTeksti."), fine=letter("Hei.\n\n## Otsikko\nTeksti."),
    ),
    # a space that Markdown does not take for one
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n##\u00a0Otsikko"), fine=letter("Hei.\n\n## Otsikko"),
    ),
    # below a line that ends by hand
    Case(
        id="markdown-left", severity=WARNING, line=7,
        faulty=letter("Hei\\\n##Otsikko"), fine=letter("Hei\\\n\\##Otsikko"),
    ),
    # one sign before a few words; those of a sentence, or several, mark a subject
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("#Kevään päivät\n\nTeksti."), fine=letter("#Kevään päivät alkavat.\n\nMoi."),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("#Kevään päivät\nTekstiä riittää."),
        fine=letter("#työelämä nyt\n\n#Työelämä #Kuntoutus\n\n#Työ\n\nC# ja #kevät"),
    ),
    # an explanation behind a word; on a line of its own, in code, and with its sign made plain
    Case(
        id="markdown-left", severity=WARNING, line=7,
        faulty=letter("Hei.\nLaitos THL, *[THL]: Terveyden ja hyvinvoinnin laitos"),
        fine=letter("Laitos THL `*[A]: b` \\*[B]: c\n\n*[THL]: Terveyden laitos"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("- THL *[THL]: laitos"), fine=letter("- THL\n\n*[THL]: laitos"),
    ),
    # --- bold
    # not closed
    Case(
        id="markdown-left", severity=WARNING, line=7,
        faulty=letter("Hei.\nTule **mukaan nyt\n\nJa kerro."),
        fine=letter("Hei.\nTule **mukaan\nnyt**"),
    ),
    # begun before a link, and before code
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"**[Ohjelma]({URL}) nyt"), fine=letter(f"**[Ohjelma]({URL})** nyt"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("**`koodi` nyt"), fine=letter("`**koodi` nyt"),
    ),
    # with underscores
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("- yksi\n- kaksi\n- __kolme"), fine=letter("Nimi: ______ a__b __kolme__"),
    ),
    # two signs on one side, one on the other
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("Tule **mukaan nyt* vain"), fine=letter("Tule _mukaan_* nyt"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("Tule *mukaan nyt** vain"), fine=letter("Tule ***mukaan*** *nyt*"),
    ),
    # spaces within
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("Tule ** mukaan ** nyt"), fine=letter("5 ** 3, 2 ** 4 ja 5 * 3"),
    ),
    # the end of a word behind a closing quote; both signs are one fault
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("Kuten **”valo”**n"), fine=letter("Kuten **valo**n"),
    ),
    # a second time, where the first was meant
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Merkit \\*\\*näin.\n\nTule **näin."), fine=letter("Merkit \\*\\*näin."),
    ),
    # a note at the foot has its mark above
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Maksu 5 €.\n\n**Ilman veroa"), fine=letter("Maksu 5 €**.\n\n**Ilman veroa"),
    ),
    # in the front matter, where Markdown means nothing
    Case(
        id="markdown-left", severity=WARNING, line=2,
        faulty=letter("Hei.", subject="**Tule** mukaan"), fine=letter("Hei.", subject="Tule nyt*"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=3,
        faulty=letter("Hei.", preheader=f"{PREHEADER} [Lue]({URL})"),
        fine=letter("Hei.", preheader=f"{PREHEADER} [Lue] | ## 1"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=7,
        faulty=letter("::: event p\n:::", more=EVENT.format("**P** 1")),
        fine=letter("::: event p\n:::", more=EVENT.format("P* 1")),
    ),
    # --- links and pictures
    # a space between words and address
    Case(
        id="markdown-left", severity=WARNING, line=7,
        faulty=letter(f"Lue\n[raportti] ({URL})."), fine=letter(f"Lue\n[raportti]({URL}) ([1])."),
    ),
    # a line end between them; numbers refer to sources
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"Lue [**raportti**]\n({URL})."), fine=letter(f"Lue (ks. [1] ({URL}))."),
    ),
    # the brackets the other way round
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"(raportti)[{URL}]"), fine=letter("(raportti)[1]"),
    ),
    # square brackets twice
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"[raportti][{URL}]"), fine=letter(f"[raportti][a]\n\n[a]: {URL}"),
    ),
    # a space in the address
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"[luvut]({URL}/uusi lista)"), fine=letter(f"[luvut]({URL}/uusi%20lista)"),
    ),
    # an address that does not end
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter(f"[raportti]({URL}"), fine=letter(f"\\[raportti\\]({URL}"),
    ),
    # a space before the file, and in its name
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("![Kuva] (p.png)"), fine=letter("![Kuva](p.png)"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("![Kuva](p p.png)"), fine=letter("![Kuva](p.png) [x]"),
    ),
    # --- notes, tables and lists
    # no such note
    Case(
        id="markdown-left", severity=ERROR, line=7,
        faulty=letter("Hei.\nKysely[^1]"), fine=letter("Kysely[^1] [sic][^1] [^1]\n\n[^1]: Lähde."),
    ),
    # in the text of a note, which is shown last
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Hei.[^1]\n\n[^1]: Lähde **kysely.\n\nMoi."),
        fine=letter("Hei.[^1]\n\n[^1]: Lähde \\*\\*kysely.\n\nMoi."),
    ),
    # no line of dashes
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Luvut:\n\n| **a** | b |\n| 1 | 2 |"),
        fine=letter("Luvut:\n\n| **a** | b |\n|---|---|\n| 1 | 2 |\n\n| x |\n\na | b\nc | d"),
    ),
    # one that is too short
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("| a | b |\n|---|\n| 1 | 2 |"), fine=letter("```\n| a | b |\n| 1 | 2 |\n```"),
    ),
    # signs without a space, and the dots of a word processor
    Case(
        id="markdown-left", severity=WARNING, line=8,
        faulty=letter("Asiat:\n\n-yksi\n-kaksi"), fine=letter("Asiat:\n\n- yksi\n- kaksi\n\n-Me"),
    ),
    Case(
        id="markdown-left", severity=WARNING, line=6,
        faulty=letter("• yksi\n• kaksi"), fine=letter("yksi • kaksi\\\n-5 astetta\n-6 astetta"),
    ),
    # --- what other rules say of Markdown that went wrong
    # it took the stars of a field for italics
    Case(
        id="slot-lookalike", severity=WARNING, line=7,
        faulty=letter("Hei,\n*|FNAME|*!"), fine=letter("Hei,\n|FNAME| *ja* `*|FNAME|*`!"),
    ),
    # an address that is none
    Case(
        id="link-empty", severity=ERROR, line=7,
        faulty=letter("Hei.\n[x](https://)"), fine=letter(f'Hei.\n[x]({URL}) <a name="a"></a>'),
    ),
    # --- bare addresses
    # whose signs were taken for emphasis
    Case(
        id="link-bare", severity=ERROR, line=8,
        faulty=letter(f"Hei.\n\nLue {URL}/a*b*c."), fine=letter(f"Hei.\n\nLue <{URL}/a*b*c>."),
    ),
    # of a page
    Case(
        id="link-bare", severity=NOTE, line=7,
        faulty=letter(f"Hei.\nLue {URL}/sivu."), fine=letter(f"Hei.\nLue <{URL}/sivu>."),
    ),
    Case(
        id="link-bare", severity=NOTE, line=6,
        faulty=letter("Lue www.example.org"), fine=letter(f"Lue [www.example.org]({URL})"),
    ),
    # of a mailbox
    Case(
        id="link-bare", severity=NOTE, line=7,
        faulty=letter("- Eino\n- eino@example.org"),
        fine=letter("- <eino@example.org> `a@example.org`\n- @eino a@b"),
    ),
    # of a button, whose words are a link
    Case(
        id="link-bare", severity=NOTE, line=6,
        faulty=letter("www.example.org"), fine=letter(f"::: button {URL}\nwww.example.org\n:::"),
    ),
    # --- signs that are for the program alone
    # the end of a comment that was never begun
    Case(
        id="marks-left", severity=ERROR, line=8,
        faulty=letter("Hei.\n\nSinä --> minä"), fine=letter("Hei.\n\nSinä → minä `-->`"),
    ),
    # colons within a line
    Case(
        id="marks-left", severity=ERROR, line=8,
        faulty=letter("Hei.\n\nKatso ::: box"), fine=letter("Hei.\n\nKatso :: `:::`"),
    ),
    # a comment where none can be
    Case(
        id="marks-left", severity=ERROR, line=2,
        faulty=letter("Hei.", subject="Joulukuu <!-- x -->"), fine=letter("Hei. <!-- x -->"),
    ),
    # a comment whose dashes a program made long
    Case(
        id="marks-left", severity=ERROR, line=8,
        faulty=letter("Hei.\n\nAlku <!— kysy palkkio —> loppu."),
        fine=letter("Hei.\n\nAlku <!-- kysy palkkio --> loppu — ja niin edelleen."),
    ),
    # a note where none can be
    Case(
        id="marks-left", severity=ERROR, line=2,
        faulty=letter("Hei[^1].\n\n[^1]: A", subject="Joulukuu[^1]"),
        fine=letter("Hei[^1].\n\n[^1]: A", subject="Joulukuu [1]"),
    ),
    # half a slot
    Case(
        id="marks-left", severity=ERROR, line=6,
        faulty=letter("Hei {{ name"), fine=letter("Hei `{{ name`"),
    ),
    # a footnote with a blank in its name
    Case(
        id="marks-left", severity=ERROR, line=6,
        faulty=letter("Hei[^a b]"), fine=letter("Hei [a b]"),
    ),
    # a block with too few colons
    Case(
        id="block-lookalike", severity=WARNING, line=8,
        faulty=letter(f"Hei.\n\n:: button {URL}\nLue\n::"),
        fine=letter(f"Hei.\n\n::: button {URL}\nLue\n:::"),
    ),
    # a heading for all above what only some get
    Case(
        id="heading-alone", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n## Lappi\n\n::: only region=Lappi\nTule!\n:::\n\n## Muuta\n\nB"),
        fine=letter("Hei.\n\n::: only region=Lappi\n## Lappi\n\nTule!\n:::\n\n## Muuta\n\nB"),
    ),
    Case(
        id="heading-alone", severity=WARNING, line=8,
        faulty=letter(
            "Hei.\n\n## Alueille\n\n::: only region=Lappi\nA\n:::\n\n::: only region=Kainuu\nB\n:::"
        ),
        fine=letter("Hei.\n\n## Alueille\n\n::: only region=Lappi\nA\n:::\n\nKaikille."),
    ),
    # a box to tick
    Case(
        id="block-lookalike", severity=WARNING, line=8,
        faulty=letter("Hei.\n\n- [ ] kahvi"), fine=letter(f"Hei.\n\n- [x]({URL}) y"),
    ),
]  # fmt: skip
