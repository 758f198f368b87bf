// @ts-check
// The findings beside the mail: the gravest first, each leads to its place.
import { el } from "./elements.js";
import { _, kept, number } from "./words.js";
import { opener, place } from "./places.js";

/** @typedef {import("../told").Finding} Finding */
/** @typedef {import("../told").Report} Report */

/**
 * What a finding is known by, so that a choice survives a check.
 * @typedef {{ key: string, line: number | null, count: number, among: number, beside: number }} Mark
 */

const SEVERITIES = { error: _("Error"), warning: _("Warning"), note: _("Note") };

export class Findings {
  /** @type {Finding[]} */
  findings = [];
  /** @type {{ item: HTMLElement, button: HTMLElement, more: HTMLElement }[]} */
  rows = [];
  chosen = -1; // index of the finding that is open
  /** @type {Mark | null} */
  mark = null;

  /**
   * @param {{
   *   list: HTMLElement, rest: HTMLElement, tally: HTMLElement, say: (words: string) => void,
   *   onChoose: (finding: Finding | null) => void, onMove: (finding: Finding) => void,
   * }} options
   */
  constructor({ list, rest, tally, onChoose, onMove, say }) {
    this.list = list;
    this.rest = rest;
    this.tally = tally;
    this.onChoose = onChoose;
    this.onMove = onMove;
    this.say = say;
  }

  checking() {
    this.list.classList.add("old");
    this.tally.textContent = _("Checking…");
  }

  unchecked() {
    this.list.classList.add("old");
    this.tally.textContent = _("Not checked while the issue is broken");
  }

  /**
   * Show a report; an old one is about an earlier state than what is shown, and a newer one coming.
   * @param {Report} report
   */
  show(report, { isOld = false } = {}) {
    const focused = this.list.contains(document.activeElement);
    const line = this.mark?.line;
    this.findings = report.findings;
    this.chosen = indexOf(this.findings, this.mark);
    this.mark = markOf(this.findings, this.chosen) ?? this.mark; // what is gone may come back
    this.list.classList.toggle("old", isOld);
    this.rows = report.findings.map((finding, index) => this.row(finding, index));
    this.list.replaceChildren(...this.rows.map(({ item }) => item));
    this.tally.textContent = tally(report.findings);
    this.rest.replaceChildren(...remainder(report));
    if (focused) (this.rows[this.chosen] ?? this.rows[0])?.button.focus();
    const moved = this.findings[this.chosen];
    if (moved && moved.line !== line) this.onMove(moved);
  }

  /**
   * @param {Finding} finding
   * @param {number} index
   */
  row(finding, index) {
    const { id, severity, path, line, lang, message, hint } = finding;
    const isChosen = index === this.chosen;
    const more = el(
      "div",
      { class: "more", hidden: !isChosen },
      hint && el("p", { lang }, ...kept(hint)),
      el("p", { class: "acts" }, opener(path, line, this.say), name(id)),
    );
    const onclick = () => this.choose(index, { toggle: true });
    const button = el(
      "button",
      { type: "button", "aria-expanded": String(isChosen), onclick },
      el("span", { class: "severity" }, SEVERITIES[severity]),
      el("span", { class: "where" }, ...kept(place(path.replace(/^issues\//, ""), line))),
      el("span", { class: "message", lang }, ...kept(message)),
    );
    return { item: el("li", { class: `finding ${severity}` }, button, more), button, more };
  }

  /** @param {number} index */
  choose(index, { toggle = false } = {}) {
    this.chosen = toggle && this.chosen === index ? -1 : index;
    this.mark = markOf(this.findings, this.chosen);
    for (const [at, { item, button, more }] of this.rows.entries()) {
      const isChosen = at === this.chosen;
      button.setAttribute("aria-expanded", String(isChosen));
      more.hidden = !isChosen;
      if (isChosen) {
        button.focus({ preventScroll: true });
        item.scrollIntoView({ block: "nearest" });
      }
    }
    this.onChoose(this.findings[this.chosen] ?? null);
  }

  /** @param {number} by */
  step(by) {
    const next = this.chosen < 0 && by < 0 ? this.findings.length - 1 : this.chosen + by;
    if (this.findings[next]) this.choose(next);
  }
}

/** @param {Report} report */
function remainder({ silenced, skipped, passed }) {
  const parts = [];
  if (silenced.length) {
    parts.push(fold(_("Silenced"), silenced.map(({ id, lang, path, line, message, reason }) =>
      el("li", {}, name(id),
        el("span", { lang }, ...kept(` ${place(path, line)} ${message}`)), el("em", {}, ...kept(` ${reason}`))))));
  }
  if (skipped.length) {
    parts.push(fold(_("Not looked at"), skipped.map(({ id, lang, reason }) =>
      el("li", {}, name(id), el("span", { lang }, ...kept(` ${reason}`))))));
  }
  if (passed.length) {
    parts.push(fold(_("Passed"), passed.map((id) => el("li", {}, name(id)))));
  }
  return parts;
}

/** @type {(words: string, items: HTMLElement[]) => HTMLElement} */
function fold(words, items) {
  const count = el("span", { class: "count" }, number(items.length));
  return el("details", {}, el("summary", {}, words, count), el("ul", {}, ...items));
}

/**
 * Show the name of a check, which is English in every language.
 * @param {string} id
 */
function name(id) {
  return el("code", { lang: "en" }, id);
}

/**
 * Say what a finding is known by: several may have the same words, so its line and its place count.
 * @param {Finding[]} findings
 * @param {number} index
 */
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

/**
 * Find what a mark means in another report; -1 where there is none. As many equals as before are the
 * same ones, wherever their lines moved; else the line tells, if one is still on it.
 * @param {Finding[]} findings
 * @param {Mark | null} mark
 */
function indexOf(findings, mark) {
  if (!mark) return -1;
  const equals = equalsOf(findings, mark.key);
  const beside = equals.filter((at) => findings[at].line === mark.line);
  const onLine = equals.length === mark.count ? undefined : beside[mark.beside];
  return onLine ?? equals[mark.among] ?? -1;
}

/** @type {(findings: Finding[], wanted: string) => number[]} */
function equalsOf(findings, wanted) {
  return [...findings.keys()].filter((at) => key(findings[at]) === wanted);
}

/** @param {Finding} finding */
function key({ id, path, message }) {
  return [id, path, message].join("\n");
}

/** @param {Finding[]} findings */
function tally(findings) {
  if (!findings.length) return _("Nothing found");
  /** @type {[import("../told").Severity, string, string][]} */
  const kinds = [
    ["error", _("error"), _("errors")],
    ["warning", _("warning"), _("warnings")],
    ["note", _("note"), _("notes")],
  ];
  return kinds.flatMap(([kind, one, many]) => {
    const count = findings.filter(({ severity }) => severity === kind).length;
    return count ? [`${number(count)} ${count === 1 ? one : many}`] : [];
  }).join(" · ");
}
