"""Run Debian's Postfix on loopback from a folder of its own, and read what it delivers."""

import os
import shutil
import signal
import smtplib
import subprocess
import tempfile
import time
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from typing import Self

from tests.waiting import PATIENCE

from .listening import free_port

POSTFIX = shutil.which("postfix", path=f"{os.environ.get('PATH', '')}:/usr/sbin")
_OWNER = 5000  # of the mail; Postfix writes none as root
_PREPENDED = (b"Return-Path:", b"X-Original-To:", b"Delivered-To:", b"Received:")

_MAIN = """\
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/mail.log
maillog_file_prefixes = {root}
inet_interfaces = loopback-only
inet_protocols = ipv4
myhostname = postfix.example.org
mydestination =
mynetworks =
smtputf8_enable = no
disable_dns_lookups = yes
smtpd_peername_lookup = no
alias_maps =
alias_database =
local_recipient_maps =
default_transport = error:nothing leaves this machine
relay_transport = error:nothing leaves this machine
virtual_transport = virtual
virtual_mailbox_domains = example.org
virtual_mailbox_base = {root}/mail
virtual_mailbox_maps = regexp:{root}/boxes
virtual_uid_maps = static:{owner}
virtual_gid_maps = static:{owner}
smtpd_relay_restrictions = reject_unauth_destination
smtpd_recipient_restrictions = check_recipient_access regexp:{root}/access
"""
_MASTER = """\
127.0.0.1:{port} inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""
# Everybody at example.org has a mailbox, but for one who is gone; another's is busy.
_BOXES = "!/^gone@/ all/\n"
_ACCESS = "/^later@/ 450 4.2.1 Mailbox is busy\n"


def why_not() -> str:
    """Say why Postfix cannot run here; nothing if it can."""
    if not POSTFIX:
        return "Debian's Postfix is not installed: apt-get install postfix"
    return "" if os.geteuid() == 0 else "Postfix is started as root only"


@dataclass(kw_only=True)
class Postfix:
    """A mail server for the time of a `with` block, everything it keeps in one folder."""

    certificate: Path | None = None  # key and certificate in PEM; STARTTLS is offered with it
    host: str = field(default="127.0.0.1", init=False)
    port: int = field(default=0, init=False)
    _root: Path = field(default=Path(), init=False, repr=False)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Start it, and wait until it greets."""
        # Not below a test's own folder: Postfix gives up root's rights, and must get in.
        self._root = Path(tempfile.mkdtemp(prefix="newsletter-postfix-"))
        try:
            self._root.chmod(0o755)
            self.port = free_port()
            self._configure()
            self._command("start")
            self._wait()
        except BaseException:
            self.stop()
            raise

    def stop(self) -> None:
        """End its own processes, and leave nothing behind."""
        pid_file = self._root / "queue/pid/master.pid"
        if pid_file.exists():
            group = int(pid_file.read_text(encoding="ascii"))  # the master leads its own
            self._command("stop")
            _wait_for_end(group)
        shutil.rmtree(self._root)

    def messages(self, count: int, *, timeout: float = 30.0) -> dict[str, bytes]:
        """Wait for so many messages; return them by address, as they were sent to Postfix."""
        folder, deadline = self._root / "mail/all/new", time.monotonic() + timeout
        while len(paths := list(folder.glob("*"))) < count:
            if time.monotonic() > deadline:
                log = (self._root / "mail.log").read_text(encoding="utf-8", errors="replace")
                raise TimeoutError(f"{len(paths)} of {count} messages arrived\n{log[-2000:]}")
            time.sleep(0.05)
        return dict(_as_sent(path.read_bytes()) for path in paths)

    def _configure(self) -> None:
        for name in ("queue", "data", "mail"):
            (self._root / name).mkdir()
        shutil.chown(self._root / "data", "postfix")
        os.chown(self._root / "mail", _OWNER, _OWNER)
        main = _MAIN.format(root=self._root, owner=_OWNER)
        if self.certificate:
            chain = shutil.copy(self.certificate, self._root / "chain.pem")
            main += f"smtpd_tls_security_level = may\nsmtpd_tls_chain_files = {chain}\n"
        files: Mapping[str, str] = {
            "main.cf": main,
            "master.cf": _MASTER.format(port=self.port),
            "boxes": _BOXES,
            "access": _ACCESS,
        }
        for name, text in files.items():
            (self._root / name).write_text(text, encoding="utf-8")

    def _command(self, verb: str) -> None:
        command = [str(POSTFIX), "-c", str(self._root), verb]
        done = subprocess.run(
            command, capture_output=True, text=True, timeout=PATIENCE, check=False
        )
        if done.returncode:
            raise RuntimeError(f"postfix {verb}: {done.stdout}{done.stderr}")

    def _wait(self) -> None:
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                with smtplib.SMTP(
                    self.host, self.port, local_hostname="localhost", timeout=PATIENCE
                ):
                    return
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)


def _wait_for_end(group: int) -> None:
    """Wait until the last process of a group is gone: they outlive their master a little."""
    deadline = time.monotonic() + 10
    with suppress(ProcessLookupError):
        while time.monotonic() < deadline:
            os.killpg(group, 0)
            time.sleep(0.02)
        os.killpg(group, signal.SIGKILL)


def _as_sent(stored: bytes) -> tuple[str, bytes]:
    """Return a file's recipient and its message without what Postfix put before it, with CRLF."""
    lines = stored.split(b"\n")
    recipient, end = "", 0
    while lines[end].startswith((*_PREPENDED, b"\t", b" ")):
        name, _, value = lines[end].decode("ascii").partition(":")
        if name == "Delivered-To":
            recipient = parseaddr(value)[1]
        end += 1
    return recipient, b"\r\n".join(lines[end:])
