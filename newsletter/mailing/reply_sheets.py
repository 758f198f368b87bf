"""Lays out what a mail to somebody says, in their language and with the newsletter's face."""

from functools import partial

from newsletter.consent import Reply
from newsletter.face import Face
from newsletter.language import say_in, spoken_language
from newsletter.mailing.reply_page import Sheet, Way
from newsletter.mailing.reply_words import Places, Said, say_reply

__all__ = ["Places", "Sheet", "language_of", "lay_out", "sheet_of"]


def language_of(reply: Reply, face: Face) -> str:
    """Return the language in which somebody is answered."""
    known = reply.wish.language or (reply.person.language if reply.person else "")
    return spoken_language(known or face.language)


def sheet_of(reply: Reply, places: Places, language: str, face: Face) -> Sheet:
    """Return what stands in a mail that answers somebody."""
    imprint = face.imprint_in(language)
    said = say_reply(reply, places, title=imprint.title, contact=imprint.reply_to)
    return lay_out(said, language, face)


def lay_out(said: Said, language: str, face: Face) -> Sheet:
    """Return what is said in the words of a language, with the newsletter's face."""
    imprint = face.imprint_in(language)
    tell = partial(say_in, language)
    return Sheet(
        language=language,
        subject=tell(said.subject),
        title=imprint.title,
        heading=tell(said.heading),
        paragraphs=[tell(each) for each in said.paragraphs],
        facts=[(tell(label), tell(words)) for label, words in said.facts],
        body=said.body,
        act=Way(name=tell(said.act[0]), url=said.act[1]) if said.act and said.act[1] else None,
        code=Way(name=tell(said.code[0]), url=said.code[1]) if said.code else None,
        rest=[
            tell(part)
            if isinstance(part, str)
            else Way(words=tell(part[0]), name=tell(part[1]), url=part[2])
            for part in said.rest
        ],
        closing=[imprint.title, imprint.sender],
        button=face.colours["button"],
        on_button=face.colours["on_button"],
    )
