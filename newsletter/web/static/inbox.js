// Rows of inboxes, cut by the widths and sizes of the programs themselves.
import { _, el } from "./words.js";

const initials = (name) => (name.match(/\p{L}/u)?.[0] ?? "?").toUpperCase();

function gmail({ sender, subject, snippet }) {
  return el("div", { class: "row gmail" },
    el("span", { class: "box", "aria-hidden": "true" }), el("span", { class: "star", "aria-hidden": "true" }),
    el("span", { class: "from" }, sender),
    el("span", { class: "line" }, el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, ` - ${snippet}`)),
    el("span", { class: "time" }, "9:00"));
}

function gmailPhone({ sender, subject, snippet }) {
  return el("div", { class: "row gmail-phone" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, "9:00"),
    el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, snippet));
}

function apple({ sender, subject, snippet }) {
  return el("div", { class: "row apple" },
    el("span", { class: "dot", "aria-hidden": "true" }),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, "9:00"),
    el("span", { class: "subject" }, subject), el("span", { class: "snippet" }, snippet));
}

function outlook({ sender, subject, snippet }) {
  return el("div", { class: "row outlook" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender),
    el("span", { class: "subject" }, subject), el("span", { class: "time" }, "9:00"), el("span", { class: "snippet" }, snippet));
}

function outlookPhone({ sender, subject, snippet }) {
  return el("div", { class: "row outlook-phone" },
    el("span", { class: "face", "aria-hidden": "true" }, initials(sender)),
    el("span", { class: "from" }, sender), el("span", { class: "time" }, "9:00"),
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
  const row = { sender: mail.sender.name || mail.sender.address, subject: mail.subject, snippet: mail.snippet };
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
