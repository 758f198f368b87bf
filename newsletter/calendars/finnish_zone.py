"""Finland's time by its rules, as calendars read it.

Outlook on a desk reads time zones by rules alone, and shifts by an hour where it finds lists of
dates (iCalcreator/iCalcreator#86).
"""

HELSINKI = "Europe/Helsinki"
# The European Union's rules, which Finland has had since this form of them began.
ZONE = """\
BEGIN:VTIMEZONE
TZID:Europe/Helsinki
BEGIN:DAYLIGHT
DTSTART:19970330T030000
RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU
TZNAME:EEST
TZOFFSETFROM:+0200
TZOFFSETTO:+0300
END:DAYLIGHT
BEGIN:STANDARD
DTSTART:19971026T040000
RRULE:FREQ=YEARLY;BYMONTH=10;BYDAY=-1SU
TZNAME:EET
TZOFFSETFROM:+0300
TZOFFSETTO:+0200
END:STANDARD
END:VTIMEZONE
"""
