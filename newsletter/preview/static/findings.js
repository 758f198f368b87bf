// The findings beside the mail: the gravest first, each leads to its place.
import { _, el, kept, number } from "./words.js";
import { opener, place } from "./places.js";

const SEVERITIES = { error: _("Error"), warning: _("Warning"), note: _("Note") };

export class Findings {
  constructor({ list, rest, tally, onChoose, onMove, say }) {
    Object.assign(this, { list, rest, tally, onChoose, onMove, say });
    this.findings = [];
    this.chosen = -1; // index of the finding that is open
    this.mark = null; // what it is known by, so that a choice survives a check
  }

  checking() {
    this.list.classList.add("old");
    this.tally.textContent = _("Checking…");
  }

  unchecked() {
    this.list.classList.add("old");
    this.tally.textContent = _("Not checked while the issue is broken");
  }

  // Old is a report about an earlier state than what is shown; a newer one is on its way.
  show(report, { isOld = false } = {}) {
    const focused = this.list.contains(document.activeElement);
    const line = this.mark?.line;
    this.findings = report.findings;
    this.chosen = indexOf(this.findings, this.mark);
    this.mark = markOf(this.findings, this.chosen) ?? this.mark; // what is gone may come back
    this.list.classList.toggle("old", isOld);
    this.list.replaceChildren(...report.findings.map((finding, index) => this.item(finding, index)));
    this.tally.textContent = tally(report.findings);
    this.rest.replaceChildren(...this.remainder(report));
    if (focused) (this.list.querySelector("[aria-expanded=true]") ?? this.list.querySelector("button"))?.focus();
    if (this.mark?.line !== line) this.onMove(this.findings[this.chosen]);
  }

  item(finding, index) {
    const isChosen = index === this.chosen;
    const more = el(
      "div",
      { class: "more", hidden: !isChosen },
      finding.hint && el("p", { lang: finding.lang }, ...kept(finding.hint)),
      el("p", { class: "acts" }, opener(finding.path, finding.line, this.say), name(finding.id)),
    );
    const button = el(
      "button",
      { type: "button", "aria-expanded": String(isChosen), onclick: () => this.choose(index, { toggle: true }) },
      el("span", { class: "severity" }, SEVERITIES[finding.severity]),
      el("span", { class: "where" }, ...kept(place(finding.path.replace(/^issues\//, ""), finding.line))),
      el("span", { class: "message", lang: finding.lang }, ...kept(finding.message)),
    );
    return el("li", { class: `finding ${finding.severity}` }, button, more);
  }

  choose(index, { toggle = false } = {}) {
    this.chosen = toggle && this.chosen === index ? -1 : index;
    this.mark = markOf(this.findings, this.chosen);
    for (const [at, item] of [...this.list.children].entries()) {
      const isChosen = at === this.chosen;
      item.firstChild.setAttribute("aria-expanded", String(isChosen));
      item.querySelector(".more").hidden = !isChosen;
      if (isChosen) {
        item.firstChild.focus({ preventScroll: true });
        item.scrollIntoView({ block: "nearest" });
      }
    }
    this.onChoose(this.findings[this.chosen] ?? null);
  }

  step(by) {
    const next = this.chosen < 0 && by < 0 ? this.findings.length - 1 : this.chosen + by;
    if (this.findings[next]) this.choose(next);
  }

  remainder(report) {
    const parts = [];
    if (report.silenced.length) {
      parts.push(fold(_("Silenced"), report.silenced.map((s) => el("li", {}, name(s.id), el("span", { lang: s.lang }, ...kept(` ${place(s.path, s.line)} ${s.message}`)), el("em", {}, ...kept(` ${s.reason}`))))));
    }
    if (report.skipped.length) {
      parts.push(fold(_("Not looked at"), report.skipped.map((s) => el("li", {}, name(s.id), el("span", { lang: s.lang }, ...kept(` ${s.reason}`))))));
    }
    if (report.passed.length) {
      parts.push(fold(_("Passed"), report.passed.map((id) => el("li", {}, name(id)))));
    }
    return parts;
  }
}

function fold(words, items) {
  return el("details", {}, el("summary", {}, words, el("span", { class: "count" }, number(items.length))), el("ul", {}, ...items));
}

// The name of a check, which is English in every language.
function name(id) {
  return el("code", { lang: "en" }, id);
}

// Several findings may have the same words: each is known by its line and its place among them.
function markOf(findings, index) {
  const finding = findings[index];
  if (!finding) return null;
  const equals = equalsOf(findings, key(finding));
  const beside = equals.filter((at) => findings[at].line === finding.line);
  return {
    key: key(finding), line: finding.line, count: equals.length,
    among: equals.indexOf(index), beside: beside.indexOf(index),
  };
}

// The finding that a mark means in another report; -1 where there is none. As many equals as before
// are the same ones, wherever their lines moved; else the line tells, if one is still on it.
function indexOf(findings, mark) {
  if (!mark) return -1;
  const equals = equalsOf(findings, mark.key);
  const beside = equals.filter((at) => findings[at].line === mark.line);
  const onLine = equals.length === mark.count ? undefined : beside[mark.beside];
  return onLine ?? equals[mark.among] ?? -1;
}

function equalsOf(findings, wanted) {
  return [...findings.keys()].filter((at) => key(findings[at]) === wanted);
}

function key(finding) {
  return [finding.id, finding.path, finding.message].join("\n");
}

function tally(findings) {
  if (!findings.length) return _("Nothing found");
  const counts = { error: 0, warning: 0, note: 0 };
  for (const { severity } of findings) counts[severity]++;
  const words = {
    error: [_("error"), _("errors")],
    warning: [_("warning"), _("warnings")],
    note: [_("note"), _("notes")],
  };
  return Object.entries(counts)
    .filter(([, n]) => n)
    .map(([severity, n]) => `${number(n)} ${words[severity][n === 1 ? 0 : 1]}`)
    .join(" · ");
}
