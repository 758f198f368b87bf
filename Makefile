# Two commands do everything on a fresh Debian machine with Python: make demo, make test.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

# The one list of Debian packages: for the tests a browser without windows, fonts for it to draw
# with, a mail server, Pango, by which PDF is set, and without what they recommend, such as a
# compiler of C: a spam filter, and TypeScript, which checks the types of the preview's scripts.
DEBIAN_PACKAGES := chromium-headless-shell fonts-liberation fonts-noto-color-emoji postfix \
	libpango-1.0-0 libpangoft2-1.0-0
DEBIAN_BARE_PACKAGES := spamassassin node-typescript
# For `make proofs`, two more browsers: Firefox, and WebKit with its driver and a screen to draw on.
DEBIAN_ENGINES := firefox-esr webkit2gtk-driver xvfb

# Types are read from comments; nothing is made of the scripts, which browsers take as they are.
TSC := tsc --noEmit --checkJs --strict --noUnusedLocals --noImplicitReturns \
	--target es2022 --module es2022 --lib es2022,dom,dom.iterable
SCRIPTS := newsletter/preview/static

# What `make proofs` compares with; npm puts it into build/peers.
PEERS := mjml@5.4.1 vnu-jar@26.9.27

# CommonMark's own test suite, as the parser's source carries it; its wheel does not.
COMMONMARK := build/commonmark.json
COMMONMARK_IN := markdown_it_py-4.3.0

# Some machines forbid it to keep what was compiled: each of a thousand starts would compile anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: demo test quick check types words oldest dist bench fuzz audit torture proofs clean venv debian engines

demo: $(VENV)/.installed
	@chmod go-rwx subscribers  # git knows no such rights, and doctor asks for them
	@$(BIN)/newsletter subscribers import subscribers/example.csv --yes
	@echo
	@$(BIN)/newsletter send 2021-06 --yes
	@echo
	@echo "Nothing left this machine: the messages are files."
	@echo "Look at    outbox/2021-06/index.html   in a browser,"
	@echo "open       outbox/2021-06/*.eml        in a mail program,"
	@echo "ask        $(BIN)/newsletter status 2021-06"
	@echo "and see    $(BIN)/newsletter preview 2021-06"

test: $(VENV)/.tests $(COMMONMARK) debian
	$(BIN)/python -m pytest

QUICK := "not (long or browser or postgresql or postfix or spamassassin)"

# Some minutes on two cores: no browser, no database server, no whole story, no hundreds of examples.
# What is left waits for nobody: more workers than cores would only collect the tests once more.
quick: $(VENV)/.tests
	$(BIN)/python -m pytest --numprocesses=2 -m $(QUICK)

check: $(VENV)/.tests debian
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(MAKE) --no-print-directory --jobs=2 --output-sync types words
	$(MAKE) --no-print-directory test

# All this takes one core as long as the types take another. What is compiled here, each worker of
# pytest would compile at the same time as the others; what is wrong with it, `make test` tells.
words: $(VENV)/.tests
	$(BIN)/codespell
	$(BIN)/bandit --quiet --recursive --configfile pyproject.toml newsletter
	$(BIN)/python -m pip check --quiet --disable-pip-version-check
	-@$(BIN)/python -m pytest --numprocesses=0 --collect-only --quiet >/dev/null

types: $(VENV)/.tests debian
	$(BIN)/mypy
	$(TSC) $(SCRIPTS)/*.js

# The quick tests with the oldest version of each library that pyproject.toml allows.
OLDEST := build/oldest
oldest:
	mkdir -p build
	$(PYTHON) -m tests.packaging.oldest > $(OLDEST).txt
	$(PYTHON) -m venv $(OLDEST)
	$(OLDEST)/bin/python -m pip install --quiet --disable-pip-version-check \
		--constraint $(OLDEST).txt --editable ".[test]"
	$(OLDEST)/bin/python -m pytest --numprocesses=2 -m $(QUICK)

# Wheel and source; whoever builds them with the hatchling that the wheel names gets these bytes.
dist: $(VENV)/.tests
	rm -rf dist
	$(BIN)/python -m hatchling build
	cd dist && sha256sum *

bench: $(VENV)/.tests
	$(BIN)/python -m pytest tests/benchmarks -q -s --override-ini="addopts="

# Asks every route of the public service for whatever has its form; schemathesis brings too much to be
# with the tests.
fuzz: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "schemathesis>=4.0"
	$(BIN)/python -m pytest tests/attacks/test_schema.py -q --override-ini="addopts=-p no:schemathesis"

# Asks the network whether a fault is known of any library that is installed.
audit: $(VENV)/.tests
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "pip-audit>=2.7"
	$(BIN)/python -m pip_audit --skip-editable

# Tries all of what the tests try a part of, broken things and faults of providers, and kills more
# than 300 sends, in about half an hour; ROUNDS=10 plays so many of each kind.
torture: $(VENV)/.tests
	$(BIN)/python -m pytest --at-length tests/borders tests/stories/test_fault_matrix.py \
		tests/browser/test_brands.py tests/ledger/test_consent_machine.py
	$(BIN)/python -m tests.torture $(if $(ROUNDS),--rounds $(ROUNDS))

# Beside the official MJML, to the pixel, and under the W3C's HTML checker; needs npm and Java.
# Then mail and preview in Chromium, Firefox and WebKit.
proofs: $(VENV)/.tests debian engines
	npm install --no-save --no-package-lock --no-audit --no-fund --prefix build/peers $(PEERS)
	$(BIN)/python -m pytest tests/fidelity tests/engines -q -s --override-ini="addopts="

clean:
	rm -rf $(VENV) build out outbox dist .pytest_cache .mypy_cache .ruff_cache .hypothesis

$(VENV)/bin/python:
	@$(PYTHON) -c "import ensurepip" 2>/dev/null || $(MAKE) --no-print-directory venv-package
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.tests: $(VENV)/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[test]"
	@touch $@

# Without a network the tests go on; the one that reads it then says what is missing.
$(COMMONMARK): | $(VENV)/.tests
	-@$(BIN)/python -m pip download --quiet --disable-pip-version-check --no-deps \
		--no-binary markdown-it-py --dest build $(subst markdown_it_py-,markdown-it-py==,$(COMMONMARK_IN)) \
	&& tar -xzf build/$(COMMONMARK_IN).tar.gz -O \
		$(COMMONMARK_IN)/tests/test_cmark_spec/commonmark.json > $@.part && mv $@.part $@

# Debian splits venv from Python; anybody else has it.
.PHONY: venv-package
venv-package:
	$(call apt_install,python3-venv)

debian:
	@{ command -v chromium-headless-shell && { command -v postfix || test -x /usr/sbin/postfix; } \
		&& /sbin/ldconfig -p | grep -q libpangoft2-1.0; } \
		>/dev/null || { $(call apt_install,$(DEBIAN_PACKAGES),$(NO_MAIL_SERVICE)); } \
		|| command -v chromium  # all of Chromium does, too
	@{ command -v spamassassin && command -v tsc; } >/dev/null \
		|| { $(call apt_install,--no-install-recommends $(DEBIAN_BARE_PACKAGES)); }

engines:
	@{ { command -v firefox-esr || command -v firefox; } && command -v WebKitWebDriver \
		&& command -v Xvfb; } >/dev/null \
		|| { $(call apt_install,--no-install-recommends $(DEBIAN_ENGINES)); }

# Without a configuration, Postfix does not begin to serve the machine that it is put on.
NO_MAIL_SERVICE := echo "postfix postfix/main_mailer_type select No configuration" \
	| $$SUDO debconf-set-selections;

define apt_install
if [ "$$(id -u)" = 0 ]; then SUDO=; else SUDO=sudo; fi; $(2) \
	$$SUDO apt-get update -qq && $$SUDO env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1)
endef
