// @ts-check
// The page of one issue: it follows the files, shows the mail every way, and leads to every place.
import { $, around, el, inside, within } from "./elements.js";
import { _, base, kilobytes, number, page, thousands } from "./words.js";
import { Line, ask } from "./stream.js";
import { Sheet, fill, readyToListen } from "./mailframe.js";
import { Findings } from "./findings.js";
import { Readers } from "./readers.js";
import { showFault, clearFault } from "./fault.js";
import { showInbox, fit } from "./inbox.js";
import { showParts } from "./parts.js";
import { Aftermath } from "./aftermath.js";
import { bindKeys } from "./keys.js";
import { prepareDialogs } from "./dialogs.js";
import { clearOutline, lineOfNode, openPlace, opener, outline, place, rangeOfLine, scrollToRange } from "./places.js";

/** @typedef {import("../told").Finding} Finding */
/** @typedef {import("../told").Mail} Mail */
/** @typedef {import("../told").Place} Place */

const form = $("view", HTMLFormElement);
const frame = $("frame", HTMLIFrameElement);
const panes = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-pane]"));
/** @type {{ mail: Mail | null, marked: Finding | Place | null, here: Place | null, loaded: boolean }} */
const state = { mail: null, marked: null, here: null, loaded: false };

// --- the view, kept in the address --------------------------------------------------------

const view = { reader: "", scheme: "light", pictures: true, width: "600", zoom: false, heat: false, show: "mail" };
const SCHEMES = ["light", "dark", "inverted"];

function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of /** @type {const} */ (["reader", "scheme", "width", "show"])) {
    view[name] = asked.get(name) ?? view[name];
  }
  if (!/^(full|\d+)$/.test(view.width)) view.width = "600";
  // On a phone the mail is as wide as the phone, unless somebody asked otherwise.
  if (!asked.has("width") && innerWidth < 640) view.width = "full";
  if (!SCHEMES.includes(view.scheme)) view.scheme = "light";
  if (!["mail", "inbox", "text", "source", "headers"].includes(view.show)) view.show = "mail";
  view.pictures = asked.get("pictures") !== "off";
  view.zoom = asked.get("zoom") === "2";
  view.heat = asked.get("as") === "sent";
}

function query() {
  const asked = new URLSearchParams();
  if (view.reader) asked.set("reader", view.reader);
  if (view.scheme !== "light") asked.set("scheme", view.scheme);
  if (!view.pictures) asked.set("pictures", "off");
  if (view.heat) asked.set("as", "sent"); // clicks lie on the mail that was sent
  return asked;
}

function writeAddress() {
  const asked = query();
  if (view.width !== "600") asked.set("width", view.width);
  if (view.zoom) asked.set("zoom", "2");
  if (view.show !== "mail") asked.set("show", view.show);
  history.replaceState(null, "", String(asked) ? `?${asked}` : location.pathname);
}

function writeControls() {
  for (const input of form.querySelectorAll("input")) {
    const shown = view[/** @type {keyof view} */ (input.name)];
    input.checked = typeof shown === "boolean" ? shown : input.value === shown;
  }
  readers.choose(view.reader);
}

/**
 * Change the view: everything that shows it follows.
 * @param {Partial<typeof view>} changes
 */
function change(changes) {
  const before = String(query());
  Object.assign(view, changes);
  writeControls();
  writeAddress();
  showPane();
  sheet.zoom = view.zoom ? 2 : 1;
  sheet.set(view.width === "full" ? "full" : Number(view.width));
  if (String(query()) !== before || !state.loaded) {
    state.loaded = true;
    line.open(`${base}/events?${query()}`);
  }
}

// --- what the server tells ----------------------------------------------------------------

/** @type {import("./stream.js").Handlers} */
const told = {
  mail(mail) {
    const isNew = state.mail && mail.number !== state.mail.number;
    state.mail = mail;
    if (!mail.stale) clearFault($("fault"));
    fill(frame, mail.html);
    $("subject").textContent = mail.subject;
    $("subject").lang = mail.language;
    showWeight(mail.weight);
    if (view.show !== "mail") showPane();
    markAgain();
    aftermath.show(mail);
    afterPainting(() => {
      document.documentElement.dataset.painted = String(mail.number);
      aftermath.learn();
    });
    if (isNew) stamp();
    readers.refresh(mail);
  },
  fault: (faults) => showFault($("fault"), faults.findings, say, { hasMail: faults.has_mail }),
  report: (report) => findings.show(report, { isOld: report.number !== state.mail?.number }),
  checking: () => findings.checking(),
  unchecked: () => findings.unchecked(),
};

const line = new Line(told, say);

/**
 * Wait for two frames: the first draws what has changed; when the second begins, it can be seen.
 * @param {() => void} then
 */
function afterPainting(then) {
  requestAnimationFrame(() => requestAnimationFrame(then));
}

function stamp() {
  const time = new Date().toLocaleTimeString(page.language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  say(`${_("Updated")} ${time}`);
}

/** @param {string} words */
function say(words) {
  $("status").textContent = words;
}

/** @param {import("../told").Weight} weight */
function showWeight({ html, clip, pictures, total }) {
  const share = Math.min(1, html / clip);
  const bar = el("span");
  bar.style.width = `${share * 100}%`;
  const meter = el("span", {
    class: share > 0.93 ? "meter heavy" : "meter", role: "meter",
    "aria-label": _("HTML of the 102 kB that Gmail shows"),
    "aria-valuemin": 0, "aria-valuemax": Math.round(clip / 1000), "aria-valuenow": Math.round(html / 1000),
  }, bar);
  const title = _("Gmail cuts a mail off after 102 kB of HTML");
  $("weight").replaceChildren(
    el("span", { title }, "HTML ", meter, ` ${thousands(html)} / ${kilobytes(clip)}`),
    el("span", {}, `${_("Pictures")} ${kilobytes(pictures)}`), el("span", {}, `${_("Total")} ${kilobytes(total)}`),
  );
}

// --- panes --------------------------------------------------------------------------------

const parts = { of: "" };

async function showPane() {
  for (const pane of panes) pane.hidden = pane.dataset.pane !== view.show;
  document.body.dataset.show = view.show;
  within(form, ".mail-only").classList.toggle("off", view.show !== "mail");
  if (view.show === "mail") sheet.lay();
  if (!state.mail) return;
  if (view.show === "inbox") showInbox($("inbox"), state.mail);
  else if (view.show !== "mail") {
    const wanted = `${state.mail.reader} ${state.mail.number}`;
    if (parts.of === wanted) return;
    parts.of = wanted;
    $("eml", HTMLAnchorElement).href = `${base}/message.eml?${query()}`;
    try {
      /** @type {import("../told").Parts} */
      const found = await ask(`${base}/parts?${query()}`);
      if (parts.of === wanted) showParts(found); // else others were asked for meanwhile
    } catch {
      parts.of = ""; // the bar says why
    }
  }
}

addEventListener("resize", () => view.show === "inbox" && fit($("inbox")));

// --- places -------------------------------------------------------------------------------

/** @param {Finding | null} finding */
async function lookAt(finding) {
  state.marked = finding;
  if (!finding) return clearOutline(inside(frame).document);
  showHere(finding.path, finding.line);
  if (view.show !== "mail") change({ show: "mail" });
  if (finding.path !== state.mail?.path) {
    const language = page.files?.[finding.path];
    const reader = language && (await readers.inLanguage(language));
    if (state.marked !== finding) return; // another was chosen meanwhile
    if (reader) return change({ reader }); // its mail comes, then the mark
  }
  const shown = inside(frame);
  const range = finding.line ? rangeOfLine(shown.document, finding.line) : null;
  outline(shown, range);
  scrollToRange(shown.view, range);
}

/**
 * Follow a chosen finding that stands on another line now: the mark moves, the mail does not scroll.
 * @param {Finding} finding
 */
function follow(finding) {
  if (!state.marked || !("id" in state.marked)) return; // a click in the mail chose another place meanwhile
  state.marked = finding;
  showHere(finding.path, finding.line);
  markAgain();
}

function markAgain() {
  const shown = inside(frame);
  clearOutline(shown.document);
  const marked = state.marked;
  if (!marked || marked.path !== state.mail?.path || !marked.line) return;
  outline(shown, rangeOfLine(shown.document, marked.line));
}

/**
 * @param {string} path
 * @param {number | null} at
 */
function showHere(path, at, link = "") {
  state.here = { path, line: at };
  $("here").replaceChildren(el("code", {}, place(path, at)), opener(path, at, say), ...wayOut(link));
}

/** @param {string} href */
function wayOut(href) {
  const link = { class: "out", href, target: "_blank", rel: "noopener noreferrer", title: href };
  return href ? [el("a", link, _("Open the link"), el("span", {}, href))] : [];
}

/** @param {MouseEvent} event */
function onMailClick(event) {
  const anchor = around(event, "a[href]");
  if (anchor) event.preventDefault();
  const shown = inside(frame);
  const href = anchor?.getAttribute("href") ?? "";
  if (href.startsWith("#")) {
    shown.document.getElementById(href.slice(1))?.scrollIntoView();
    return;
  }
  const at = lineOfNode(shown.document, /** @type {Node} */ (event.target));
  if (!at || !state.mail) {
    clearOutline(shown.document);
    const words = state.mail?.changed
      ? _("This is the mail as it was sent; its file has changed since.")
      : _("These words come from the template, not from the issue.");
    $("here").replaceChildren(el("span", {}, words), ...wayOut(href));
    return;
  }
  state.marked = { path: state.mail.path, line: at };
  outline(shown, rangeOfLine(shown.document, at));
  showHere(state.mail.path, at, /^(https?|mailto):/.test(href) ? href : "");
}

function openHere() {
  if (state.here) openPlace(state.here.path, state.here.line ?? topLine(), say);
  else if (state.mail) openPlace(state.mail.path, topLine(), say);
}

function topLine() {
  const { document, view: window } = inside(frame);
  const found = document.elementFromPoint(window.innerWidth / 2, 80);
  return (found && lineOfNode(document, found)) || 1;
}

// --- beginning ----------------------------------------------------------------------------

readAddress();
const sheet = new Sheet({
  stage: $("stage"), sheet: $("sheet"), frame, handle: $("handle"),
  onWidth: (width) => ($("width").textContent = `${number(width)} px`),
  onChoose(width) {
    view.width = width;
    writeControls();
    writeAddress();
  },
});
const findings = new Findings({
  list: $("list"), rest: $("rest"), tally: $("tally"), onChoose: lookAt, onMove: follow, say,
});
/** @param {string} reader */
const onReader = (reader) => change({ reader });
const readers = new Readers({ select: $("reader", HTMLSelectElement), onChoose: onReader });

const toggle = $("open-view"); // only narrow windows have it
toggle.addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("open-view");
  toggle.setAttribute("aria-expanded", String(isOpen));
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement)) return;
  change({ [target.name]: target.type === "radio" ? target.value : target.checked });
});

/** @param {"pictures" | "zoom" | "heat"} name */
const turn = (name) => change({ [name]: !view[name] });
const address = () => location.pathname + location.search;
const dialogs = prepareDialogs({ readers, onReader, address, inView: () => state.mail?.reader ?? "" });
/** @type {import("./keys.js").Keys} */
const keys = {
  1: () => change({ width: "360" }), 2: () => change({ width: "600" }), 3: () => change({ width: "full" }),
  "[": () => sheet.nudge(-20), "]": () => sheet.nudge(20),
  d: () => change({ scheme: SCHEMES[(SCHEMES.indexOf(view.scheme) + 1) % 3] }),
  i: () => turn("pictures"), z: () => turn("zoom"),
  m: () => change({ show: "mail" }), b: () => change({ show: "inbox" }), t: () => change({ show: "text" }),
  s: () => change({ show: "source" }), h: () => change({ show: "headers" }),
  p: () => $("reader").focus(), f: () => dialogs.find(),
  j: () => findings.step(1), k: () => findings.step(-1),
  e: () => openHere(),
  g: () => (location.href = `${base}/grid`), c: () => (location.href = `${base}/compare`),
  l: () => aftermath.hasHeat && turn("heat"), n: () => $("figures").focus(), // where it is shown
  x: () => dialogs.test(), "?": () => dialogs.keys(),
};

await readyToListen(frame);
const aftermath = new Aftermath({
  frame, view, onHeat: (heat) => change({ heat }), onMail: () => change({ show: "mail" }),
});
const mail = inside(frame).document;
mail.addEventListener("click", onMailClick);
mail.addEventListener("load", markAgain, true); // a picture moves what is below it
mail.addEventListener("auxclick", (event) => around(event, "a") && event.preventDefault());
bindKeys(keys, [document, mail]);
change({});
