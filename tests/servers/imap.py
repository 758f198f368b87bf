"""A small IMAP server: enough of RFC 3501 to be read from, and all that real ones get wrong."""

import base64
import re
import socket
import socketserver
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass
class Mailbox:
    """What the server holds, how it behaves, and what it was told."""

    mails: dict[int, bytes] = field(default_factory=dict)  # by UID
    validity: int = 1
    username: str = "eroa@example.org"
    password: str = "salasana"  # noqa: S105 - of the tests alone
    token: str = ""
    folder: str = "INBOX"
    refusal: str = "[AUTHENTICATIONFAILED] Invalid credentials"
    capabilities: str = "IMAP4rev1 AUTH=PLAIN AUTH=XOAUTH2"
    refused: set[int] = field(default_factory=set)  # mails that it cannot give out
    drops_at: str = ""  # a command at which it hangs up
    drops_once: bool = False
    hangs_at: str = ""  # one that it never answers
    port: int = 0
    commands: list[str] = field(default_factory=list)
    seen: set[int] = field(default_factory=set)

    def add(self, raw: bytes) -> None:
        """Let a mail arrive."""
        self.mails[max(self.mails, default=0) + 1] = raw


@contextmanager
def serving(mailbox: Mailbox) -> Iterator[Mailbox]:
    """Serve a mailbox on this machine until the end of the block."""
    handler = type("Handler", (_Session,), {"mailbox": mailbox, "over": threading.Event()})
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), handler) as server:
        server.daemon_threads = True
        mailbox.port = server.server_address[1]
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield mailbox
        finally:
            handler.over.set()  # type: ignore[attr-defined]
            server.shutdown()
            thread.join()


class _Session(socketserver.StreamRequestHandler):
    """One connection."""

    mailbox: Mailbox
    over: threading.Event

    def handle(self) -> None:
        self.say("* OK ready")
        while line := self.rfile.readline(8192):
            tag, _, rest = line.decode().strip().partition(" ")
            name = rest.upper()
            if self.mailbox.drops_at and name.startswith(self.mailbox.drops_at):
                if self.mailbox.drops_once:
                    self.mailbox.drops_at = ""
                self.connection.shutdown(socket.SHUT_RDWR)
                return
            if self.mailbox.hangs_at and name.startswith(self.mailbox.hangs_at):
                self.over.wait()
                return
            shown = re.sub(r"(LOGIN \S+) .*", r"\1 ***", rest)
            self.mailbox.commands.append(shown)
            if self.answer(tag, rest) is False:
                return

    def answer(self, tag: str, rest: str) -> bool | None:
        """Answer a command; return False where the connection ends."""
        name, _, arguments = rest.partition(" ")
        box = self.mailbox
        match name.upper():
            case "CAPABILITY":
                self.say(f"* CAPABILITY {box.capabilities}")
                self.ok(tag)
            case "LOGIN":
                names = (box.username, f'"{box.username}"')
                self.judge(tag, arguments in [f'{name} "{box.password}"' for name in names])
            case "AUTHENTICATE":
                self.authenticate(tag, arguments)
            case "SELECT" | "EXAMINE":
                self.select(tag, arguments.strip('"'))
            case "UID":
                self.uid(tag, arguments)
            case "LOGOUT":
                self.say("* BYE")
                self.ok(tag)
                return False
            case _:
                self.say(f"{tag} BAD unknown")
        return None

    def authenticate(self, tag: str, way: str) -> None:
        self.say("+ ")
        said = base64.b64decode(self.rfile.readline(8192)).decode()
        box = self.mailbox
        if way.upper() == "XOAUTH2":
            wanted = f"user={box.username}\1auth=Bearer {box.token}\1\1"
            self.judge(tag, bool(box.token) and said == wanted)
        else:
            self.judge(tag, said == f"\0{box.username}\0{box.password}")

    def select(self, tag: str, folder: str) -> None:
        if folder != self.mailbox.folder:
            self.say(f"{tag} NO [NONEXISTENT] no such folder")
            return
        self.say(f"* {len(self.mailbox.mails)} EXISTS")
        self.say(f"* OK [UIDVALIDITY {self.mailbox.validity}] valid")
        self.say(f"{tag} OK [READ-ONLY] done")

    def uid(self, tag: str, arguments: str) -> None:
        box = self.mailbox
        if "CHARSET" in arguments.upper():
            self.say(f"{tag} BAD [BADCHARSET] no charsets here")
        elif search := re.fullmatch(r"SEARCH UID (\d+):\*", arguments):
            first = min(int(search[1]), max(box.mails, default=0))  # "n:*" has the last one always
            found = [str(uid) for uid in sorted(box.mails) if uid >= first]
            self.say(" ".join(["* SEARCH", *found]))
            self.ok(tag)
        elif fetch := re.fullmatch(r"FETCH (\d+) \(UID BODY(\.PEEK)?\[\]<0\.(\d+)>\)", arguments):
            self.fetch(tag, int(fetch[1]), peeks=bool(fetch[2]), most=int(fetch[3]))
        else:
            self.say(f"{tag} BAD unknown")

    def fetch(self, tag: str, uid: int, *, peeks: bool, most: int) -> None:
        if not peeks:
            self.mailbox.seen.add(uid)
        if uid in self.mailbox.refused:
            self.say(f"{tag} NO [SERVERBUG] cannot read it myself")
            return
        if uid in self.mailbox.mails:
            raw = self.mailbox.mails[uid][:most]
            self.wfile.write(f"* 1 FETCH (UID {uid} BODY[]<0> {{{len(raw)}}}\r\n".encode() + raw)
            self.say(")")
        self.ok(tag)

    def judge(self, tag: str, is_right: bool) -> None:
        self.say(f"{tag} OK done" if is_right else f"{tag} NO {self.mailbox.refusal}")

    def ok(self, tag: str) -> None:
        self.say(f"{tag} OK done")

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())
