"""Runs several commands from one interpreter that was started as its environment says.

    python started_once.py FOLDER NEWSLETTER [LANGUAGE WORDS...] [, LANGUAGE WORDS...]...

Each has a process and streams of its own; what it wrote is in FOLDER, as 0.out, 0.err, 1.out, ...
"""

import os
import sys
from importlib import import_module
from itertools import count
from pkgutil import iter_modules

import newsletter.cli
from newsletter.cli.main import main

for module in iter_modules(newsletter.cli.__path__, "newsletter.cli."):
    import_module(module.name)  # once for all
folder, root, *rest = sys.argv[1:]
for number in count():
    end = rest.index(",") if "," in rest else len(rest)
    (language, *words), rest = rest[:end], rest[end + 1 :]
    process = os.fork()
    if not process:
        for stream, name in ((1, "out"), (2, "err")):
            os.dup2(os.open(f"{folder}/{number}.{name}", os.O_WRONLY | os.O_CREAT), stream)
        os.environ["NEWSLETTER_LANG"] = language
        sys.argv = ["newsletter", "-C", root, *words]
        main()
        sys.exit()
    os.waitpid(process, 0)
    if not rest:
        break
