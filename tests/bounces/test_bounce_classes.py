"""What a server says is somebody's end, the moment's or ours; in doubt, nobody is taken off."""

import pytest

from newsletter.bounces import BounceClass, class_of, enhanced_code

GONE = (
    "550 User unknown",
    "550 <aino@example.org>: Recipient address rejected: User unknown in local recipient table",
    "550 Recipient address rejected: Access denied",
    "550 Requested action not taken: mailbox unavailable",
    "553 Requested action not taken: mailbox name not allowed",
    "550 mailbox not present",
    "550 non existent user",
    "550 is a deactivated mailbox",
    "550 the user has been deleted",
    "550 aino: no mailbox here by that name",
    "550 address was not found in the directory",
    "550 did not exactly match an address",
    "550 unknown or illegal alias",
    "550 that user is not hosted here",
    "553 this recipient is in my badrecipientto list",
    "User aino not listed in Domino Directory",
    "No matches to nameserver query",
    "Unrouteable address",
    "Host or domain name not found. Name service error for name=x.example type=A",
    "all relevant MX records point to non-existent hosts",
    "an MX or SRV record indicated no SMTP service",
    "550 unknown host",
    "550 Käyttäjää ei löydy",
    "550 Postilaatikkoa ei ole",
    "550 Tili on poistettu",
    "550 Kontot är stängt",
    "550 Adressen finns inte",
    "550 Benutzer existiert nicht",
    "550 Gebruiker onbekend",
    "550 Ukendt bruger",
    "550 kasutajat ei leitud",
    "550 Utilisateur inconnu",
)
PASSES = (
    "connect to mx.example[192.0.2.1]:25: No route to host",
    "No answer from host",
    "Remote host mx.example [192.0.2.1] closed connection in response to initial connection",
    "Remote host closed connection in response to end of data",
    "Connection closed by foreign host",
    "Name service error for name=x.example type=MX: Host not found, try again",
    "450 Requested mail action not taken: mailbox unavailable",
    "450 User unknown, greylisted",
    "550 Service currently unavailable on this host",
    "552 Message rejected. Mailbox over quota",
    "550 Postilaatikko on täynnä",
    "550 Brevlådan är full",
    "550 Postfach voll",
    "554 rejected",
    "host mx.example[192.0.2.1] said: 554 rejected (in reply to end of DATA command)",
    "host mx.example[192.0.2.1] said: 554 Transaction rejected",
    "554 No SMTP service here",
)
OURS = (
    "550-Callout verification failed: 550 User unknown",
    "550-Verification failed for <uutiskirje@example.org> 550-No Such User Here",
    "550 <mail.x.example>: Helo command rejected: Host not found",
    "550 Invalid HELO hostname",
    "554 Your IP address 192.0.2.1 has been rejected",
    "550 your domain is not registered here",
    "550 IP address is not in our whitelist",
    "550 no valid rDNS name for this host",
    "550 Header From: domain is invalid",
    "501 Invalid sender address",
    "550 Domain of sender address does not exist",
    "550 your address is not in the contacts of this user",
    "550 not local host x.example, not a gateway",
    "550 you are not a member of this mailing list",
    "550 the user's filter rejected the message",
    "553 sorry, that domain isn't in my list of allowed rcpthosts",
    "host mx.example said: 550 no such address (in reply to MAIL FROM command)",
)


@pytest.mark.parametrize("status", ["", "5.0.0"])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *((said, BounceClass.HARD) for said in GONE),
        *((said, BounceClass.SOFT) for said in PASSES),
        *((said, BounceClass.ABOUT_US) for said in OURS),
    ],
)
def test_words_tell_who_is_at_fault_where_no_code_does(
    status: str, said: str, meant: BounceClass
) -> None:
    assert class_of(status, said) is meant


@pytest.mark.parametrize(
    ("status", "said", "meant"),
    [
        ("5.1.1", "", BounceClass.HARD),
        ("5.1.1", "450 greylisted, try again", BounceClass.SOFT),
        ("5.1.1", "450 5.1.1 unknown", BounceClass.HARD),
        ("5.1.90", "", BounceClass.ABOUT_US),
        ("5.2.122", "554 too many messages for this recipient", BounceClass.SOFT),
        ("5.2.1", "", BounceClass.HARD),
        ("5.2.1", "receiving mail at a rate that prevents more", BounceClass.SOFT),
        ("5.4.4", "", BounceClass.HARD),
        ("5.6.1", "", BounceClass.SOFT),
        ("5.7.1", "550 5.7.1 No such user!", BounceClass.HARD),
        ("5.7.13", "525 5.7.13 Disabled recipient address", BounceClass.HARD),
        ("5.7.1", "550 5.7.1 Sender address rejected: user unknown", BounceClass.ABOUT_US),
        ("5.7.1", "550 5.7.1 recipient does not want it", BounceClass.ABOUT_US),
        ("5.7.26", "550 5.7.26 No such user", BounceClass.ABOUT_US),
        ("4.7.1", "No such user", BounceClass.SOFT),
    ],
)
def test_a_code_tells_more_than_words_and_the_mildest_counts(
    status: str, said: str, meant: BounceClass
) -> None:
    assert class_of(status, said) is meant


def test_what_nobody_can_tell_is_what_the_caller_takes_it_for() -> None:
    assert class_of("", "554 no") is BounceClass.SOFT
    assert class_of("", "554 no", otherwise=BounceClass.HARD) is BounceClass.HARD
    assert class_of("", "554 spam", otherwise=BounceClass.HARD) is BounceClass.ABOUT_US


def test_a_version_or_an_address_of_the_internet_is_no_code() -> None:
    assert enhanced_code("Exim 4.92.3 at 5.1.1.17 says 550 5.2.2 full") == "5.2.2"
    assert enhanced_code("version 5.1.1 of 192.0.2.1") == ""
