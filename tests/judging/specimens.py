"""Rules whose networks are those of documentation, so that no test names anybody's own."""

from functools import cache

from newsletter.judging import Rulebook, RuleFile, rulebook_of, shipped_file

APPLE, MICROSOFT, BARRACUDA = "192.0.2.10", "192.0.2.74", "192.0.2.138"
PROOFPOINT, MIMECAST, CISCO = "192.0.2.202", "198.51.100.10", "198.51.100.74"
HOME, OFFICE, VPN = "203.0.113.10", "203.0.113.100", "203.0.113.200"
RELAY_OF_APPLE = "2001:db8:a::17"
_NETWORKS = {
    "apple": ["192.0.2.0/26", "2001:db8:a::/48"],
    "microsoft-filter": ["192.0.2.64/26"],
    "barracuda": ["192.0.2.128/26"],
    "proofpoint": ["192.0.2.192/26"],
    "mimecast": ["198.51.100.0/26"],
    "cisco": ["198.51.100.64/26"],
}

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
CHROME = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/142.0.0.0 Safari/537.36"
)
SAFARI = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_7 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like "
    "Gecko) Version/18.7 Mobile/15E148 Safari/604.1"
)
APPLE_MAIL = (
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)"
)
MPP = "Mozilla/5.0"
GMAIL = "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)"
GMAIL_AHEAD = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/42.0.2311.135 Safari/537.36 Edge/12.246 Mozilla/5.0"
)
YAHOO = "YahooMailProxy; https://help.yahoo.com/kb/yahoo-mail-proxy-SLN28749.html"
OUTLOOK = "Microsoft Office/16.0 (Windows NT 10.0; Microsoft Outlook 16.0.19328; Pro)"
THUNDERBIRD = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Thunderbird/140.5.0"
SENTINEL = "Barracuda Sentinel (EE)"
SLACK = "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)"
TEAMS = (
    "Mozilla/5.0 (Windows NT 6.1; WOW64) SkypeUriPreview Preview/0.5 skype-url-preview@example.org"
)


@cache
def rulebook() -> Rulebook:
    """Return the rules that come with the program, with networks of documentation."""
    return rulebook_of(shipped_file(), RuleFile(version="2026-11-30", networks=_NETWORKS))
