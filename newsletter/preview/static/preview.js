// The page of one issue: it follows the files, shows the mail every way, and leads to every place.
import { _, page, el, number, kilobytes, thousands } from "./words.js";
import { Line, ask } from "./stream.js";
import { Sheet, fill, ready } from "./mailframe.js";
import { Findings } from "./findings.js";
import { Readers } from "./readers.js";
import { showFault, clearFault } from "./fault.js";
import { showInbox, fit } from "./inbox.js";
import { showParts } from "./parts.js";
import { bindKeys } from "./keys.js";
import { prepareDialogs } from "./dialogs.js";
import { clearOutline, lineOfNode, openPlace, opener, outline, place, rangeOfLine, scrollToRange } from "./places.js";

const $ = (id) => document.getElementById(id);
const form = document.querySelector("form.controls");
const frame = $("frame");
const base = `/issues/${encodeURIComponent(page.issue)}`;
const state = { mail: null, marked: null, here: null, loaded: false };

// --- the view, kept in the address --------------------------------------------------------

const view = { reader: "", scheme: "light", pictures: true, width: "600", zoom: false, show: "mail" };

function readAddress() {
  const asked = new URLSearchParams(location.search);
  for (const name of ["reader", "scheme", "width", "show"]) view[name] = asked.get(name) ?? view[name];
  if (!/^(full|\d+)$/.test(view.width)) view.width = "600";
  // On a phone the mail is as wide as the phone, unless somebody asked otherwise.
  if (!asked.has("width") && innerWidth < 640) view.width = "full";
  if (!["light", "dark", "inverted"].includes(view.scheme)) view.scheme = "light";
  if (!["mail", "inbox", "text", "source", "headers"].includes(view.show)) view.show = "mail";
  view.pictures = asked.get("pictures") !== "off";
  view.zoom = asked.get("zoom") === "2";
}

function query() {
  const asked = new URLSearchParams();
  if (view.reader) asked.set("reader", view.reader);
  if (view.scheme !== "light") asked.set("scheme", view.scheme);
  if (!view.pictures) asked.set("pictures", "off");
  return asked;
}

function writeAddress() {
  const asked = query();
  if (view.width !== "600") asked.set("width", view.width);
  if (view.zoom) asked.set("zoom", "2");
  if (view.show !== "mail") asked.set("show", view.show);
  history.replaceState(null, "", asked.size ? `?${asked}` : location.pathname);
}

function writeControls() {
  for (const name of ["show", "width", "scheme"]) {
    for (const radio of form.elements[name]) radio.checked = radio.value === view[name];
  }
  form.elements.pictures.checked = view.pictures;
  form.elements.zoom.checked = view.zoom;
  readers.choose(view.reader);
}

// Change the view: everything that shows it follows.
function change(changes, { tell = "" } = {}) {
  const before = String(query());
  Object.assign(view, changes);
  writeControls();
  writeAddress();
  showPane();
  sheet.zoom = view.zoom ? 2 : 1;
  sheet.set(view.width === "full" ? "full" : Number(view.width));
  if (tell) say(tell);
  if (String(query()) !== before || !state.loaded) {
    state.loaded = true;
    line.open(`${base}/events?${query()}`);
  }
}

// --- what the server tells ----------------------------------------------------------------

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
    afterPainting(() => (document.documentElement.dataset.painted = mail.number));
    if (isNew) stamp();
    readers.refresh(mail);
  },
  fault: ({ findings, has_mail }) => showFault($("fault"), findings, say, { hasMail: has_mail }),
  report: (report) => findings.show(report, { isOld: report.number !== state.mail?.number }),
  checking: () => findings.checking(),
  unchecked: () => findings.unchecked(),
};

const line = new Line((name, data) => told[name]?.(data), (words) => say(words));

// The first frame draws what has changed; when the second begins, it can be seen.
function afterPainting(then) {
  requestAnimationFrame(() => requestAnimationFrame(then));
}

function stamp() {
  const time = new Date().toLocaleTimeString(page.language, { hour: "2-digit", minute: "2-digit", second: "2-digit" });
  say(`${_("Updated")} ${time}`);
}

function say(words) {
  $("status").textContent = words;
}

function showWeight({ html, clip, pictures, total }) {
  const share = Math.min(1, html / clip);
  const meter = el("span", {
    class: share > 0.93 ? "meter heavy" : "meter", role: "meter", "aria-label": _("HTML of the 102 kB that Gmail shows"),
    "aria-valuemin": 0, "aria-valuemax": Math.round(clip / 1000), "aria-valuenow": Math.round(html / 1000),
  }, el("span"));
  meter.firstChild.style.width = `${share * 100}%`;
  $("weight").replaceChildren(
    el("span", { title: _("Gmail cuts a mail off after 102 kB of HTML") }, "HTML ", meter, ` ${thousands(html)} / ${kilobytes(clip)}`),
    el("span", {}, `${_("Pictures")} ${kilobytes(pictures)}`), el("span", {}, `${_("Total")} ${kilobytes(total)}`),
  );
}

// --- panes --------------------------------------------------------------------------------

const parts = { of: "" };

async function showPane() {
  for (const pane of document.querySelectorAll("[data-pane]")) pane.hidden = pane.dataset.pane !== view.show;
  document.body.dataset.show = view.show;
  form.querySelector(".mail-only").classList.toggle("off", view.show !== "mail");
  if (view.show === "mail") sheet.lay();
  if (!state.mail) return;
  if (view.show === "inbox") showInbox($("inbox"), state.mail);
  else if (view.show !== "mail") {
    const wanted = `${state.mail.reader} ${state.mail.number}`;
    if (parts.of === wanted) return;
    parts.of = wanted;
    $("eml").href = `${base}/message.eml?${query()}`;
    try {
      const found = await ask(`${base}/parts?${query()}`);
      if (parts.of === wanted) showParts(found); // else others were asked for meanwhile
    } catch {
      parts.of = ""; // the bar says why
    }
  }
}

addEventListener("resize", () => view.show === "inbox" && fit($("inbox")));

// --- places -------------------------------------------------------------------------------

async function lookAt(finding) {
  state.marked = finding;
  if (!finding) return clearOutline(frame.contentDocument);
  showHere(finding.path, finding.line);
  if (view.show !== "mail") change({ show: "mail" });
  if (finding.path !== state.mail?.path) {
    const language = page.files[finding.path];
    const reader = language && (await readers.inLanguage(language));
    if (state.marked !== finding) return; // another was chosen meanwhile
    if (reader) return change({ reader }); // its mail comes, then the mark
  }
  const range = finding.line && rangeOfLine(frame.contentDocument, finding.line);
  outline(frame.contentDocument, range);
  scrollToRange(frame.contentDocument, range);
}

// A finding that is chosen stands on another line now: the mark follows, the mail does not scroll.
function follow(finding) {
  if (!state.marked?.id) return; // a click in the mail chose another place meanwhile
  state.marked = finding;
  showHere(finding.path, finding.line);
  markAgain();
}

function markAgain() {
  clearOutline(frame.contentDocument);
  const finding = state.marked;
  if (!finding || finding.path !== state.mail?.path || !finding.line) return;
  outline(frame.contentDocument, rangeOfLine(frame.contentDocument, finding.line));
}

function showHere(path, at, link = "") {
  state.here = { path, line: at };
  $("here").replaceChildren(
    el("code", {}, place(path, at)), opener(path, at, say),
    link && el("a", { class: "out", href: link, target: "_blank", rel: "noopener noreferrer", title: link }, _("Open the link"), el("span", {}, link)),
  );
}

function onMailClick(event) {
  const anchor = event.target.closest?.("a[href]");
  if (anchor) event.preventDefault();
  const document = frame.contentDocument;
  const href = anchor?.getAttribute("href") ?? "";
  if (href.startsWith("#")) {
    document.getElementById(href.slice(1))?.scrollIntoView();
    return;
  }
  const at = lineOfNode(document, event.target);
  if (!at) {
    clearOutline(document);
    $("here").replaceChildren(
      el("span", {}, _("These words come from the template, not from the issue.")),
      href && el("a", { class: "out", href, target: "_blank", rel: "noopener noreferrer", title: href }, _("Open the link"), el("span", {}, href)),
    );
    return;
  }
  state.marked = { path: state.mail.path, line: at };
  outline(document, rangeOfLine(document, at));
  showHere(state.mail.path, at, /^(https?|mailto):/.test(href) ? href : "");
}

function topLine() {
  const found = frame.contentDocument.elementFromPoint(frame.contentWindow.innerWidth / 2, 80);
  return (found && lineOfNode(frame.contentDocument, found)) || 1;
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
const findings = new Findings({ list: $("list"), rest: $("rest"), tally: $("tally"), onChoose: lookAt, onMove: follow, say });
const readers = new Readers({ select: $("reader"), base, onChoose: (reader) => change({ reader }) });

const toggle = $("open-view"); // only narrow windows have it
toggle.addEventListener("click", () => {
  const isOpen = document.body.classList.toggle("open-view");
  toggle.setAttribute("aria-expanded", String(isOpen));
});
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", ({ target }) => {
  if (target.type === "radio") change({ [target.name]: target.value });
  else if (target.type === "checkbox") change({ [target.name]: target.checked });
});

const turn = (name, words) => change({ [name]: !view[name] }, { tell: words });
const SCHEMES = ["light", "dark", "inverted"];
const dialogs = prepareDialogs({ base, readers, onReader: (reader) => change({ reader }), address: () => location.pathname + location.search });
const keys = {
  1: () => change({ width: "360" }), 2: () => change({ width: "600" }), 3: () => change({ width: "full" }),
  "[": () => sheet.nudge(-20), "]": () => sheet.nudge(20),
  d: () => change({ scheme: SCHEMES[(SCHEMES.indexOf(view.scheme) + 1) % 3] }),
  i: () => turn("pictures"), z: () => turn("zoom"),
  m: () => change({ show: "mail" }), b: () => change({ show: "inbox" }), t: () => change({ show: "text" }),
  s: () => change({ show: "source" }), h: () => change({ show: "headers" }),
  p: () => $("reader").focus(), f: () => dialogs.find(),
  j: () => findings.step(1), k: () => findings.step(-1),
  e: () => openPlace(state.here?.path ?? state.mail?.path, state.here?.line ?? topLine(), say),
  g: () => (location.href = `${base}/grid`), c: () => (location.href = `${base}/compare`),
  x: () => dialogs.test(), "?": () => dialogs.keys(),
};

await ready(frame);
frame.contentDocument.addEventListener("click", onMailClick);
frame.contentDocument.addEventListener("load", markAgain, true); // a picture moves what is below it
frame.contentDocument.addEventListener("auxclick", (event) => event.target.closest?.("a") && event.preventDefault());
bindKeys(keys, [document, frame.contentDocument]);
change({});
