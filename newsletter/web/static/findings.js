// The findings beside the mail: the gravest first, each leads to its place.
import { _, el, number } from "./words.js";
import { opener, place } from "./places.js";

const SEVERITIES = { error: _("Error"), warning: _("Warning"), note: _("Note") };

export class Findings {
  constructor({ list, rest, tally, onChoose, say }) {
    Object.assign(this, { list, rest, tally, onChoose, say });
    this.chosen = null; // what tells one finding from another, so that a choice survives a check
    this.findings = [];
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
    this.findings = report.findings;
    this.list.classList.toggle("old", isOld);
    this.list.replaceChildren(...report.findings.map((finding) => this.item(finding)));
    this.tally.textContent = tally(report.findings);
    this.rest.replaceChildren(...this.remainder(report));
    if (focused) (this.list.querySelector("[aria-expanded=true]") ?? this.list.querySelector("button"))?.focus();
  }

  item(finding) {
    const isChosen = key(finding) === this.chosen;
    const more = el(
      "div",
      { class: "more", hidden: !isChosen },
      finding.hint && el("p", { lang: finding.lang }, finding.hint),
      el("p", { class: "acts" }, opener(finding.path, finding.line, this.say), el("code", {}, finding.id)),
    );
    const button = el(
      "button",
      { type: "button", "aria-expanded": String(isChosen), onclick: () => this.choose(finding, { toggle: true }) },
      el("span", { class: "severity" }, SEVERITIES[finding.severity]),
      el("span", { class: "where" }, place(finding.path.replace(/^issues\//, ""), finding.line)),
      el("span", { class: "message", lang: finding.lang }, finding.message),
    );
    return el("li", { class: `finding ${finding.severity}` }, button, more);
  }

  choose(finding, { toggle = false } = {}) {
    const isSame = toggle && this.chosen === key(finding);
    this.chosen = isSame ? null : key(finding);
    for (const [index, item] of [...this.list.children].entries()) {
      const isChosen = key(this.findings[index]) === this.chosen;
      item.firstChild.setAttribute("aria-expanded", String(isChosen));
      item.querySelector(".more").hidden = !isChosen;
      if (isChosen) {
        item.firstChild.focus({ preventScroll: true });
        item.scrollIntoView({ block: "nearest" });
      }
    }
    this.onChoose(isSame ? null : finding);
  }

  step(by) {
    if (!this.findings.length) return;
    const at = this.findings.findIndex((finding) => key(finding) === this.chosen);
    const next = at < 0 ? (by > 0 ? 0 : this.findings.length - 1) : at + by;
    if (this.findings[next]) this.choose(this.findings[next]);
  }

  remainder(report) {
    const parts = [];
    if (report.silenced.length) {
      parts.push(fold(_("Silenced"), report.silenced.map((s) => el("li", {}, el("code", {}, s.id), el("span", { lang: s.lang }, ` ${place(s.path, s.line)} ${s.message}`), el("em", {}, ` ${s.reason}`)))));
    }
    if (report.skipped.length) {
      parts.push(fold(_("Not looked at"), report.skipped.map((s) => el("li", {}, el("code", {}, s.id), el("span", { lang: s.lang }, ` ${s.reason}`)))));
    }
    if (report.passed.length) {
      parts.push(fold(_("Passed"), report.passed.map((id) => el("li", {}, el("code", {}, id)))));
    }
    return parts;
  }
}

function fold(words, items) {
  return el("details", {}, el("summary", {}, words, el("span", { class: "count" }, number(items.length))), el("ul", {}, ...items));
}

function key(finding) {
  return finding && [finding.id, finding.path, finding.message].join("\n");
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
