// Rows of inboxes, cut by the widths and sizes of the programs themselves.
import { _, el } from "./words.js";

// Finnish writes hours and minutes with a full stop, and so does Swedish in Finland.
const clock = (language) => (/^(fi|sv)\b/.test(language) ? "9.00" : "9:00");
const initials = (name) => (name.match(/\p{L}/u)?.[0] ?? "?").toUpperCase();

function gmail({ sender, subject, snippet, time }) {
  return el("div", { class: "row gmail" },
    el("span", { class: "box", "aria-hidden": "true" }), el("span", { class: "star", "aria-hidden": "true" }),
    el("span", { class: "from" }, sender),
    el("span", { class: "line" }, el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, ` - ${snippet}`)),
    el("span", { class: "time" }, time));
}

function gmailPhone({ sender, subject, snippet, time }) {
  return el("div", { class: "row gmail-phone" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, time),
    el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, snippet));
}

function apple({ sender, subject, snippet, time }) {
  return el("div", { class: "row apple" },
    el("span", { class: "dot", "aria-hidden": "true" }),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, time),
    el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, snippet));
}

function outlook({ sender, subject, snippet, time }) {
  return el("div", { class: "row outlook" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender),
    el("span", { class: "subject" }, subject), el("span", { class: "time" }, time), el("span", { class: "snippet" }, snippet));
}

function outlookPhone({ sender, subject, snippet, time }) {
  return el("div", { class: "row outlook-phone" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, time),
    el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, snippet));
}

const PROGRAMS = [
  ["Gmail", _("computer"), gmail, "wide"],
  ["Outlook", _("computer"), outlook, ""],
  ["Apple Mail", "iPhone", apple, ""],
  ["Gmail", _("phone"), gmailPhone, ""],
  ["Outlook", _("phone"), outlookPhone, ""],
];

export function showInbox(pane, mail) {
  const row = { sender: mail.sender.name || mail.sender.address, subject: mail.subject, snippet: mail.snippet, time: clock(mail.language) };
  const note = mail.preheader
    ? `${_("Characters in the preheader:")} ${mail.preheader}. ${_("After it inboxes go on with the first words of the mail.")}`
    : _("There is no preheader, so inboxes show the first words of the mail.");
  pane.replaceChildren(
    el("p", { class: mail.preheader ? "note" : "note lacking" }, note),
    ...PROGRAMS.map(([name, where, draw, kind]) =>
      el("figure", { class: kind }, el("figcaption", {}, el("strong", {}, name), ` ${where}`), el("div", { class: "glass", lang: mail.language }, draw(row)))),
  );
  fit(pane);
}

// Gmail's row is as wide as a window: it is shown smaller rather than cut elsewhere.
export function fit(pane) {
  const glass = pane.querySelector(".wide .glass");
  if (glass) glass.style.zoom = Math.min(1, glass.parentElement.clientWidth / 1042);
}
