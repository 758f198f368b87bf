"""Says why a server gave no usable answer."""

from newsletter.language import Wording, say
from newsletter.net import AskError, Cause

# They say something about this machine rather than the server.
OFFLINE = frozenset({Cause.NAME_SERVICE, Cause.NO_WAY})


def words_for(err: AskError) -> Wording:
    """Return words that follow the link in a sentence, unless the cause is in OFFLINE."""
    host, why = err.host, err.detail
    return {
        Cause.ADDRESS: say("is not an address of the web"),
        Cause.NAME: say("names a host that does not exist ({host})", host=host),
        Cause.NAME_SERVICE: say("the name {host} could not be looked up", host=host),
        Cause.INTERNAL: say("leads to an internal address ({address})", address=why),
        Cause.NO_WAY: say("there is no way to {host}", host=host),
        Cause.REFUSED: say("takes no connections"),
        Cause.CERTIFICATE: say(
            "has no valid certificate for {host}: {reason}", host=host, reason=why
        ),
        Cause.TLS: say("cannot be reached over TLS: {reason}", reason=why),
        Cause.SILENT: say("does not answer"),
        Cause.LATE: say("does not answer in time"),
        Cause.PROTOCOL: say("answers with something that is not HTTP"),
        Cause.CUT: say("breaks the connection off"),
        Cause.LOOP: say("is redirected without end"),
    }[err.cause]
