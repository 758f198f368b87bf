// @ts-check
// Rows of inboxes, cut by the widths and sizes of the programs themselves.
import { el } from "./elements.js";
import { _ } from "./words.js";

/** @typedef {{ sender: string, subject: string, snippet: string, time: string }} Row */

/**
 * Tell nine o'clock: Finnish writes it with a full stop, and so does Swedish in Finland.
 * @param {string} language
 */
const clock = (language) => (/^(fi|sv)\b/.test(language) ? "9.00" : "9:00");

/** @param {string} name */
const initials = (name) => (name.match(/\p{L}/u)?.[0] ?? "?").toUpperCase();

/** @type {(kind: string, words: string) => HTMLElement} */
const part = (kind, words) => el("span", { class: kind }, words);

/** @param {string} kind */
const drawing = (kind, words = "") => el("span", { class: kind, "aria-hidden": "true" }, words);

/** @param {Row} row */
function gmail({ sender, subject, snippet, time }) {
  return el("div", { class: "row gmail" },
    drawing("box"), drawing("star"), part("from", sender),
    el("span", { class: "line" }, part("subject", subject), part("snippet", ` - ${snippet}`)),
    part("time", time));
}

/** @param {Row} row */
function gmailPhone({ sender, subject, snippet, time }) {
  return el("div", { class: "row gmail-phone" },
    drawing("face", initials(sender)), part("from", sender), part("time", time),
    part("subject", subject), part("snippet", snippet));
}

/** @param {Row} row */
function apple({ sender, subject, snippet, time }) {
  return el("div", { class: "row apple" },
    drawing("dot"), part("from", sender), part("time", time),
    part("subject", subject), part("snippet", snippet));
}

/** @param {Row} row */
function outlook({ sender, subject, snippet, time }) {
  return el("div", { class: "row outlook" },
    drawing("face", initials(sender)), part("from", sender),
    part("subject", subject), part("time", time), part("snippet", snippet));
}

/** @param {Row} row */
function outlookPhone({ sender, subject, snippet, time }) {
  return el("div", { class: "row outlook-phone" },
    drawing("face", initials(sender)), part("from", sender),
    part("subject", subject), part("time", time), part("snippet", snippet));
}

/** @type {[string, string, (row: Row) => HTMLElement, string][]} */
const PROGRAMS = [
  ["Gmail", _("computer"), gmail, "wide"],
  ["Outlook", _("computer"), outlook, ""],
  ["Apple Mail", "iPhone", apple, ""],
  ["Gmail", _("phone"), gmailPhone, ""],
  ["Outlook", _("phone"), outlookPhone, ""],
];

/** @type {(pane: HTMLElement, mail: import("../told").Mail) => void} */
export function showInbox(pane, mail) {
  const { subject, snippet, language } = mail;
  const row = { sender: mail.sender.name || mail.sender.address, subject, snippet, time: clock(language) };
  const after = _("After it inboxes go on with the first words of the mail.");
  const note = mail.preheader
    ? `${_("Characters in the preheader:")} ${mail.preheader}. ${after}`
    : _("There is no preheader, so inboxes show the first words of the mail.");
  pane.replaceChildren(
    el("p", { class: mail.preheader ? "note" : "note lacking" }, note),
    ...PROGRAMS.map(([name, where, draw, kind]) =>
      el("figure", { class: kind },
        el("figcaption", {}, el("strong", {}, name), ` ${where}`),
        el("div", { class: "glass", lang: language }, draw(row)))),
  );
  fit(pane);
}

/**
 * Show Gmail's row, which is as wide as a window, smaller rather than cut elsewhere.
 * @param {HTMLElement} pane
 */
export function fit(pane) {
  const figure = pane.querySelector(".wide");
  const glass = figure?.querySelector("div");
  if (figure && glass) glass.style.setProperty("zoom", String(Math.min(1, figure.clientWidth / 1042)));
}
