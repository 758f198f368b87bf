"""Test servers on loopback: real ones, in threads or processes, apart from the product's code.

Where a provider's wire format is spoken: `brevo`, `mailgun`, `mailjet`, `postmark`, `resend`,
`sendgrid` and `ses`. Each has its routes, what it refuses by the published format, how it merges,
its limits and its words of error; what it is asked afterwards is in its `_reports`. `dialect` has
what they share, `schemas` and `openapi` check formats, `fate` invents what becomes of mail.

`account` keeps an account's journal and `faults` names what can go wrong with a call; `wire` puts
HTTP before it, `house` a process around it, `direct` puts it behind a session of `requests`.

`smtp` is a mail server (`smtp_session`, `smtp_faults`) and `postfix` Debian's; `web` is a site to
link to, `answering` gives any answer, `dns` answers names, `postgres` is a database and `sink` is
for measuring. `forked` starts programs in processes, `served` keeps servers in them.
"""
