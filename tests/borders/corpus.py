"""Broken things, made by code: what a file may hold, what may stand in its place, odd values."""

import gzip
import io
import os
import random
import socket
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

_DEEP = 20_000
_LONG = 200_000
_random = random.Random(9)


def _zip_bomb() -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"\0" * 5_000_000)
    return made.getvalue()


# What a file may hold.
CONTENTS: Mapping[str, bytes] = {
    "empty": b"",
    "a newline": b"\n",
    "blanks": b"   \n\t\n  ",
    "a NUL": b"\0",
    "NULs": b"\0" * 5000,
    "a BOM": b"\xef\xbb\xbf",
    "two BOMs": b"\xef\xbb\xbf\xef\xbb\xbfa: b\n",
    "UTF-16": "tämä on teksti\n".encode("utf-16"),
    "UTF-16 without a BOM": "tämä on teksti\n".encode("utf-16-le"),
    "UTF-32": "tämä on teksti\n".encode("utf-32"),
    "Latin-1": "tämä on teksti\n".encode("latin-1"),
    "cut UTF-8": "tämä on ä".encode()[:-1],
    "overlong UTF-8": b"\xc0\xaf\xe0\x80\xaf",
    "surrogates in UTF-8": b"a\xed\xa0\x80b\xed\xbf\xbf",
    "bytes of 255": b"\xff" * 3000,
    "noise": _random.randbytes(5000),
    "gzip": gzip.compress(b"\0" * 3_000_000),
    "zip": _zip_bomb(),
    "PNG": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    "ELF": b"\x7fELF" + _random.randbytes(500),
    "HTML": b"<!doctype html><html><body><table><tr><td>" * 200,
    "a long line": b"x" * _LONG,
    "many lines": b"\n" * _LONG,
    "open brackets": b"[" * _DEEP,
    "open braces": b"{" * _DEEP,
    "brackets as values": b"a = " + b"[" * _DEEP,
    "deep JSON": b"[" * _DEEP + b"]" * _DEEP,
    "deep quotes": b">" * 5000 + b" x",
    "deep lists": b"".join(b"  " * n + b"- a\n" for n in range(400)),
    "deep directives": b"---\nsubject: a\ndate: 2026-06-15\n---\n" + b"::: box\n" * 3000,
    "deep emphasis": b"---\nsubject: a\ndate: 2026-06-15\n---\n" + b"*_" * 5000,
    "deep links": b"---\nsubject: a\ndate: 2026-06-15\n---\n" + b"[" * 5000 + b"](" * 5000,
    "deep HTML": b"---\nsubject: a\ndate: 2026-06-15\n---\n" + b"<div>" * 3000,
    "controls": bytes(range(1, 32)) * 20,
    "C1 controls": "".join(map(chr, range(0x7F, 0xA0))).encode() * 20,
    "bidi": "a\u202e\u2066\u200fb\u2069c".encode() * 50,
    "signs without width": "a\u200b\u200d\u2060\ufeffb".encode() * 50,
    "emoji of many": ("👩\u200d" * 3000 + "👩").encode(),
    "marks above marks": ("a" + "\u0301" * 20_000).encode(),
    "no characters": "\ufffe\uffff\U0010ffff".encode(),
    "lone returns": b"a: b\rc: d\r\r---\r",
    "separators of lines": "a\u2028b\u2029c\x0bd\x0ce\x85f".encode(),
    "end of DOS": b"subject: a\x1a\n",
    "YAML of aliases": b"---\n"
    + b"a: &a [x]\n"
    + b"".join(
        b"%c: &%c [*%c,*%c,*%c,*%c]\n" % (n, n, n - 1, n - 1, n - 1, n - 1) for n in range(98, 115)
    )
    + b"---\n",
    "YAML that names itself": b"---\nsubject: &a [*a]\ndate: 2026-06-15\n---\n",
    "YAML of Python": b"---\nsubject: !!python/object/apply:os.system [true]\n---\n",
    "YAML of tags": b"---\n? !!binary |\n  =\n: !!set {a, b}\n---\n",
    "many front matters": b"---\n" * 2000,
    "XML of entities": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY a "aaaaaaaaaa">'
    + b"".join(b'<!ENTITY %c "%s">' % (n, b"&%c;" % (n - 1) * 10) for n in range(98, 110))
    + b"]><rss><channel><item><title>&m;</title></item></channel></rss>",
    "XML of files": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b"<rss><channel><title>&x;</title></channel></rss>",
    "templates": b"{{ 7*7 }}{% for x in range(10**9) %}{{ x }}{% endfor %}{{",
    "quotes of CSV": b'email,name\n"a@example.org,x\n' * 50,
    "wide CSV": b",".join(b"c%d" % n for n in range(3000)) + b"\n" + b"," * 3000,
    "formulas": b"email,name\n=cmd|' /C calc'!A0,@SUM(1)\n",
}


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


def _ring(path: Path) -> None:
    path.symlink_to(path.name + ".other")
    path.with_name(path.name + ".other").symlink_to(path.name)


def _socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)  # addresses of sockets are short
    with socket.socket(socket.AF_UNIX) as made:
        made.bind(path.name)
    os.chdir(here)


# What may stand in the place of a file.
PLACES: Mapping[str, Callable[[Path], None]] = {
    "nothing": lambda _: None,
    "a folder": lambda path: path.mkdir(),
    "a link to itself": _loop,
    "links in a ring": _ring,
    "a link to nothing": lambda path: path.symlink_to("/nonexistent/file"),
    "a link to its folder": lambda path: path.symlink_to("."),
    "a pipe": os.mkfifo,
    "a socket": _socket,
    "a link to zeros": lambda path: path.symlink_to("/dev/zero"),
    "a link to nowhere": lambda path: path.symlink_to("/dev/null"),
    "a link to a full disk": lambda path: path.symlink_to("/dev/full"),
    "a link to memory": lambda path: path.symlink_to("/proc/self/mem"),
}

# Values of settings and front matter, as TOML and YAML (in flow style) both write them.
VALUES: Mapping[str, str] = {
    "nothing": '""',
    "a blank": '" "',
    "a number": "1",
    "zero": "0",
    "a negative number": "-1",
    "a huge number": "1" + "0" * 400,
    "a fraction": "1.5e300",
    "infinity": "inf",
    "no number": "nan",
    "true": "true",
    "a list": "[]",
    "a list of lists": "[[[[1]]]]",
    "a deep list": "[" * 3000 + "]" * 3000,
    "the first day": "0001-01-01",
    "the last day": "9999-12-31",
    "no day": "2026-02-30",
    "a time": "2026-06-15T00:00:00Z",
    "a long text": '"' + "x" * 100_000 + '"',
    "two lines": '"a\\nb"',
    "a NUL": '"a\\u0000b"',
    "half a character": '"a\\ud800b"',
    "bidi": '"a\\u202eb\\u2066"',
    "a control": '"a\\u001b[31mb"',
    "a path": '"../../../../etc/passwd"',
    "a device": '"/dev/zero"',
    "an open address": '"http://[bad"',
    "a bad port": '"http://a:99999999/"',
    "a template": '"{{ name }}{% x"',
    "a mailbox": '"a@b@c <<>>"',
    "many mailboxes": '"' + "a@example.org, " * 500 + '"',
    "an open quotation": '"',
    "an open list": "[1, ",
    "an open table": "{ a = ",
}

# What may be typed for any argument or option.
WORDS: Mapping[str, str] = {
    "nothing": "",
    "a blank": " ",
    "a dash": "-",
    "two dashes": "--",
    "dots": "..",
    "a byte that is no letter": "a\udcffb",
    "a letter of Latin-1": "M\udce4ki",
    "a huge number": "9" * 400,
    "a number too large for a database": "9" * 20,
    "a negative number": "-1",
    "no number": "nan",
    "infinity": "1e999",
    "another script's digits": "٣٠m",
    "a long word": "x" * 5000,
    "a newline": "a\nb",
    "a carriage return": "a\rb",
    "a control": "a\x1b[31mb",
    "bidi": "a\u202eb",
    "percent": "%s%n%(x)s",
    "braces": "{0}{x}{{",
    "the first day": "0001-01-01 00:00",
    "the last day": "9999-12-31 23:59",
    "no day": "2026-13-45 99:99",
    "a folder": "issues",
    "a device": "/dev/zero",
    "a full disk": "/dev/full",
    "SQL": "'; DROP TABLE subscribers; --",
    "wildcards": "%_%",
    "half a pair": "=",
    "pairs": "a=b=c",
}
