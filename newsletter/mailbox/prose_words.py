"""How people are told of a failure: where addresses and our own mail stand in a text."""

import re

ID = re.compile(r"^message-id:[ \t]*<([^<>\s]{3,250})>", re.IGNORECASE | re.MULTILINE)
TAG = re.compile(r"<[^<>@]{1,500}>")
FIELD = re.compile(
    r"^[ \t]*(?:>>> |SMTP: )?(?:(?:final|original)-recipient:[ \t]*rfc822;|rcpt to:)[ \t]*<?"
    r"([^\s<>;]{1,64}@[^\s<>;]{1,255})",
    re.IGNORECASE | re.MULTILINE,
)
# Below these lines is our own mail, whose words say nothing.
QUOTED = re.compile(
    r"^(?:[>*-]|[^\S\n])*(?:below this line is a copy|this is a copy of"
    r"|(?:the )?original message(?! was)"
    r"|(?:the )?(?:text|body|header|first|copy) .{0,30}(?:message|mail)|returned (?:message|mail)"
    r"|unsent message|message (?:headers?|text|body|contents?) follow|received: (?:from|by)"
    r"|return-path:|alkuperäinen viesti|ursprungligt meddelande|.{0,20}message header)",
    re.IGNORECASE | re.MULTILINE,
)
# Nobody, or not yet: only a warning.
WARNING = re.compile(
    r"warning(?: message)? only|do not need to re-?send|will (?:be retried|retry|keep trying"
    r"|continue|try again)|has not yet been delivered|not yet been able"
    r"|still (?:being )?(?:trying|attempt)|delivery (?:has been |is )?delayed|delayed mail"
    r"|this is (?:only )?a warning|no action is required on your part"
    r"|message (?:is )?still undelivered after"
    r"|ei ole vielä (?:voitu )?toimit|har ännu inte",
    re.IGNORECASE,
)
