"""What figures are called where a change of one is told."""

from newsletter.language import Wording, say

_PLAIN = {
    "sent": say("sent"),
    "delivered": say("delivered"),
    "bounced_hard": say("bounced for good"),
    "bounced_soft": say("bounced for now"),
    "unsubscribed": say("left"),
    "complained": say("complained"),
    "replied": say("replied"),
    "counted": say("readers whose opens can be seen"),
    "half_after": say("hours until half of the opens"),
}
_COUNTED = {
    "opens": say("image loads"),
    "openers": say("opened"),
    "clicks": say("clicks"),
    "clickers": say("followed a link"),
}
_CLASSES = {
    "human": say("people, likely"),
    "unknown": say("not known"),
    "machine": say("machines"),
    "hidden": say("hidden"),
}


def name_of_figure(name: str) -> Wording:
    """Return what a figure is called, such as "delivered" or "openers.human"; its name if new."""
    what, _, who = name.partition(".")
    if what in _COUNTED and who in _CLASSES:
        return say("{figure} ({who})", figure=_COUNTED[what], who=_CLASSES[who])
    return _PLAIN.get(name, Wording(name))
