"""Kinds of lists, each as a function from a size to the text of one."""

from collections.abc import Callable, Mapping

LISTS: Mapping[str, Callable[[int], str]] = {
    "people": lambda n: "email,name\n" + "".join(f"a{i}@example.org,A\n" for i in range(n)),
    "domains": lambda n: "email\n" + "".join(f"a@example{i}.org\n" for i in range(n)),
    "columns": lambda n: (
        "email," + ",".join(f"c{i}" for i in range(n)) + "\na@example.org" + ",x" * n + "\n"
    ),
    "kept columns": lambda n: (
        "email,name,language,"
        + ",".join(f"c{i}" for i in range(n))
        + ",standing\na@example.org,a,fi"
        + ",x" * n
        + ",active\n"
    ),
    "same columns": lambda n: (
        "email," + ",".join("alue" for i in range(n)) + "\na@example.org" + ",x" * n + "\n"
    ),
    "address columns": lambda n: (
        "email,"
        + ",".join("sähköposti" for i in range(n))
        + "\na@example.org"
        + ",b@example.org" * n
        + "\n"
    ),
    "status columns": lambda n: (
        "email," + ",".join("status" for i in range(n)) + "\na@example.org" + ",active" * n + "\n"
    ),
    "unclear columns": lambda n: (
        "email,"
        + ",".join(f"tilaus {i}" for i in range(n))
        + "\na@example.org"
        + ",active" * n
        + "\n"
    ),
    "unknown values": lambda n: (
        "email,status\n" + "".join(f"a{i}@example.org,v{i}\n" for i in range(n))
    ),
    "times": lambda n: (
        "email,unsubscribed_at\n"
        + "".join(f"a{i}@example.org,2026-01-01 10:{i}\n" for i in range(n))
    ),
    "long header": lambda n: "email," + "ab " * n + "\na@example.org,x\n",
    "long address": lambda n: "email\n" + "a." * n + "@example.org\n",
    "long domain": lambda n: "email\na@" + "a-." * n + "org\n",
    "long name": lambda n: "email,name\na@example.org," + "Ã¤ " * n + "\n",
    "entities": lambda n: "email,name\na@example.org," + "&amp;" * n + "\n",
    "ampersands": lambda n: "email,name\na@example.org," + "&a" * n + "\n",
    "brackets": lambda n: "email,name\n" + "<a " * n + "@example.org,x\n",
    "brackets2": lambda n: "email,name\n" + "a " * n + "<a@example.org>,x\n",
    "consent words": lambda n: "email,suostun\na@example.org," + "kyllä " * n + "\n",
    "header consent": lambda n: "email," + "haluan " * n + "\na@example.org,x\n",
    "header no": lambda n: "email," + "no " * n + "\na@example.org,x\n",
    "quotes": lambda n: 'email,name\na@example.org,"' + '""' * n + '"\n',
    "empty lines": lambda n: "\n" * n + "email\na@example.org\n",
    "titles": lambda n: "x;y,z\n" * n + "email\na@example.org\n",
    "blank rows": lambda n: "email\na@example.org\n" + ",,\n" * n,
    "extra cells": lambda n: "email\na@example.org" + "," * n + "x\n",
    "invisible": lambda n: "email\n" + "\u200b" * n + "a@example.org\n",
    "mailto": lambda n: "email\n" + "mailto:" * n + "a@example.org\n",
    "ats": lambda n: "email\n" + "@a" * n + "\n",
    "tags": lambda n: 'email,tags\na@example.org,"' + "a," * n + '"\n',
    "language": lambda n: "email,language\na@example.org," + "(a" * n + "\n",
    "zeros": lambda n: "email,status\na@example.org," + "0" * n + "\n",
    "dates": lambda n: "email,unsubscribed\na@example.org," + "1." * n + "\n",
    "misspelt": lambda n: "email\n" + "".join(f"a{i}@x{i}.con\n" for i in range(n)),
    "titles below": lambda n: "email\n" + "".join(f"Perunut {i}\n" for i in range(n)),
    "titles alike": lambda n: "email\n" + "Perunut:\na@example.org\n" * n,
    "notes": lambda n: (
        "email,huom\n" + "".join(f"a{i}@example.org,ei enää postia {i}\n" for i in range(n))
    ),
    "note": lambda n: "email,huom\na@example.org," + "ei " * n + "\n",
    "note in words": lambda n: "email,huom\na@example.org," + "inte a " * n + "\n",
    "note in letters": lambda n: "email,huom\na@example.org," + "p" * n + "\n",
    "headers again": lambda n: "email,name\n" + "email,perunut\n" * n,
    "letters of a cell": lambda n: "email,name\na@example.org," + "x" * n * 10 + "\n",
    "letters of an address": lambda n: "email\n" + "a" * n * 10 + "@example.org\n",
    "one person many times": lambda n: "email\n" + "a@example.org\n" * n,
    "quotation marks of a list": lambda n: "email,name\na@example.org," + '"' * n * 2,
    "faulty rows": lambda n: "email\n" + "ei osoite\n" * n,
}
