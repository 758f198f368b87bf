// Two mails side by side, scrolled together, with what stands in both marked in both.
import { _, page, el, number } from "./words.js";
import { Line, ask } from "./stream.js";
import { fill, ready } from "./mailframe.js";
import { opener, place, rangeOfLine, scrollToRange } from "./places.js";
import { languageName } from "./readers.js";
import { showFault, clearFault } from "./fault.js";

const $ = (id) => document.getElementById(id);
const base = `/issues/${encodeURIComponent(page.issue)}`;
const frames = [$("first"), $("second")];
const say = (words) => ($("status").textContent = words);
const choice = $("with");
let leading = null; // the frame that the reader scrolls
let last = 0; // number of the newest question to the server

for (const option of choice.options) {
  if (option.value.startsWith("language:")) option.textContent = languageName(option.textContent);
}

async function draw() {
  if (!choice.value) return showNothing();
  const turn = ++last;
  let told;
  try {
    told = await ask(`${base}/sides?with=${encodeURIComponent(choice.value)}`);
  } catch (error) {
    if (turn === last && error.told) tellFault(error.told);
    return;
  }
  if (turn !== last) return; // something else was chosen or saved meanwhile
  clearFault($("fault"));
  for (const [index, side] of told.sides.entries()) {
    const isLanguage = choice.value.startsWith("language:");
    fill(frames[index], side.html);
    $(index ? "second-title" : "first-title").replaceChildren(
      el("span", { class: "over" }, isLanguage ? languageName(side.language) : side.issue), el("span", { lang: side.language }, side.subject));
  }
  showRepeats(told);
  document.documentElement.dataset.painted = choice.value;
}

// The sheets hold what was compared last, which may be another choice, or nothing yet.
function tellFault({ findings }) {
  showFault($("fault"), findings, say, { hasMail: document.documentElement.dataset.painted === choice.value });
}

function showNothing() {
  $("tally").textContent = _("There is no other issue to compare with");
}

function showRepeats({ repeats, sides }) {
  $("tally").textContent = repeats.length ? number(repeats.length) : _("Nothing");
  $("list").replaceChildren(...repeats.map((repeat) =>
    el("li", { class: repeat.kind },
      el("button", { type: "button", onclick: () => lookAt(repeat) },
        el("span", { class: "kind" }, repeat.kind === "link" ? _("Link") : _("Text")),
        el("span", { class: "words", lang: repeat.kind === "link" ? false : sides[0].language }, repeat.text)),
      el("p", { class: "acts" }, el("code", {}, place(sides[0].path, repeat.line)), opener(sides[0].path, repeat.line, say),
        el("code", { class: "earlier" }, place(sides[1].path, repeat.earlier_line))))));
  for (const frame of frames) mark(frame, repeats);
}

function lookAt(repeat) {
  leading = null;
  for (const [index, frame] of frames.entries()) {
    const line = index ? repeat.earlier_line : repeat.line;
    scrollToRange(frame.contentDocument, rangeOfLine(frame.contentDocument, line));
  }
}

// --- marks: painted by the browser, so the mails stay as they are ---------------------------

function mark(frame, repeats) {
  const view = frame.contentWindow;
  const document = frame.contentDocument;
  const links = new Set(repeats.filter((l) => l.kind === "link").map((l) => l.text));
  const linked = [...document.querySelectorAll("a[href]")].filter((a) => links.has(a.getAttribute("href")));
  if (!view.CSS?.highlights) return; // the list says it all the same
  const text = textOf(document);
  const ranges = repeats.filter((l) => l.kind === "text").flatMap((l) => text.find(l.text));
  const ofLinks = linked.map((anchor) => {
    const range = document.createRange();
    range.selectNodeContents(anchor);
    return range;
  });
  view.CSS.highlights.set("repeated-text", new view.Highlight(...ranges));
  view.CSS.highlights.set("repeated-link", new view.Highlight(...ofLinks));
  if (!document.getElementById("preview-repeats")) {
    const style = document.createElement("style");
    style.id = "preview-repeats";
    style.textContent = "::highlight(repeated-text){background-color:#ffd8a8;color:#2b1700}::highlight(repeated-link){background-color:#ffc9c9;color:#2b0a0a}";
    document.head.append(style);
  }
}

// The words of a document as one string, and the ranges of what is found in it.
function textOf(document) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const spots = [];
  let all = "";
  while (walker.nextNode()) {
    const value = walker.currentNode.nodeValue;
    for (let at = 0; at < value.length; at++) {
      const character = /\s/.test(value[at]) ? " " : value[at];
      if (character === " " && all.endsWith(" ")) continue;
      all += character;
      spots.push([walker.currentNode, at]);
    }
  }
  const find = (words) => {
    const found = [];
    for (let at = all.indexOf(words); at >= 0; at = all.indexOf(words, at + words.length)) {
      const range = document.createRange();
      range.setStart(...spots[at]);
      const [node, last] = spots[at + words.length - 1];
      range.setEnd(node, last + 1);
      found.push(range);
    }
    return found;
  };
  return { find };
}

// --- scrolling together ---------------------------------------------------------------------

function follow(frame, other) {
  const lead = () => (leading = frame);
  for (const name of ["wheel", "pointerdown", "keydown", "touchstart"]) frame.contentDocument.addEventListener(name, lead, { passive: true });
  frame.contentDocument.addEventListener("scroll", () => {
    if (leading !== frame || !$("together").checked) return;
    const own = frame.contentDocument.documentElement;
    const its = other.contentDocument.documentElement;
    const share = frame.contentWindow.scrollY / Math.max(1, own.scrollHeight - own.clientHeight);
    other.contentWindow.scrollTo({ top: share * (its.scrollHeight - its.clientHeight), behavior: "instant" });
  });
  frame.contentDocument.addEventListener("click", (event) => event.target.closest?.("a") && event.preventDefault());
}

await Promise.all(frames.map(ready));
follow(frames[0], frames[1]);
follow(frames[1], frames[0]);
choice.addEventListener("change", () => {
  history.replaceState(null, "", `?with=${encodeURIComponent(choice.value)}`);
  draw();
});
const line = new Line((name, data) => {
  if (name === "fault") tellFault(data);
  if (name !== "mail") return;
  if (!data.stale && !choice.value) clearFault($("fault")); // else what is drawn tells
  draw();
}, say);
line.open(`${base}/events`);
