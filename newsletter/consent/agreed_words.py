"""What people read when they agree, kept word for word, so that it can be proved later."""

import hashlib

from newsletter.language import say, say_in
from newsletter.model import ConsentWording


def word_consent(language: str, *, title: str, sender: str, asks_tracking: bool) -> ConsentWording:
    """Return what a form in a language says one agrees to by sending it."""
    parts = [
        say(
            "I want this newsletter by e-mail: {title}. I can leave at any time by a link in each "
            "mail.",
            title=title,
        ),
        say("My address is used for nothing else. The sender is {sender}.", sender=sender),
    ]
    text = " ".join(say_in(language, part) for part in parts)
    if asks_tracking:
        text += "\n" + say_in(language, TRACKING)
    return _worded(language, text)


def word_publication(language: str, *, title: str) -> ConsentWording:
    """Return what whoever sends in news agrees to by the box of its form."""
    parts = [
        say(
            "You may publish this in {title} and in its archive on the web, with my name. You may "
            "shorten it and mend its language.",
            title=title,
        ),
        say(
            "If I send a picture, I took it or may pass it on, and whoever can be recognised in "
            "it agrees."
        ),
    ]
    return _worded(language, " ".join(say_in(language, part) for part in parts))


def _worded(language: str, text: str) -> ConsentWording:
    digest = hashlib.sha256(f"{language}\0{text}".encode()).hexdigest()
    return ConsentWording(language=language, text=text, digest=digest)


# By a box of its own that is not ticked: what one agrees to beyond the newsletter.
TRACKING = say(
    "You may count whether I open the mails and which links I follow. I can withdraw this whenever "
    "I want."
)
