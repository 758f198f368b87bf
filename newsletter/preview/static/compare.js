// @ts-check
// Two mails side by side, scrolled together, with what stands in both marked in both.
import { $, around, el, inside } from "./elements.js";
import { _, base, number } from "./words.js";
import { Line, Refusal, ask } from "./stream.js";
import { AT_ONCE, fill, readyToListen } from "./mailframe.js";
import { opener, place, rangeOfLine, scrollToRange } from "./places.js";
import { languageName } from "./readers.js";
import { showFault, clearFault } from "./fault.js";

/** @typedef {import("../told").Repeat} Repeat */

const frames = [$("first", HTMLIFrameElement), $("second", HTMLIFrameElement)];
const titles = [$("first-title"), $("second-title")];
/** @param {string} words */
const say = (words) => ($("status").textContent = words);
const choice = $("with", HTMLSelectElement);
/** @type {HTMLIFrameElement | null} */
let leading = null; // the frame that the reader scrolls
let last = 0; // number of the newest question to the server

for (const option of choice.options) {
  if (option.value.startsWith("language:")) option.textContent = languageName(option.text);
}

async function draw() {
  if (!choice.value) return showNothing();
  const turn = ++last;
  /** @type {import("../told").Sides} */
  let told;
  try {
    told = await ask(`${base}/sides?with=${encodeURIComponent(choice.value)}`);
  } catch (error) {
    if (turn === last && error instanceof Refusal) tellFault(error.told);
    return;
  }
  if (turn !== last) return; // something else was chosen or saved meanwhile
  clearFault($("fault"));
  const isLanguage = choice.value.startsWith("language:");
  for (const [index, { html, issue, language, subject }] of told.sides.entries()) {
    fill(frames[index], html);
    const over = isLanguage ? languageName(language) : issue;
    titles[index].replaceChildren(el("span", { class: "over" }, over), el("span", { lang: language }, subject));
  }
  showRepeats(told);
  document.documentElement.dataset.painted = choice.value;
}

/**
 * Tell what is broken; the sheets hold what was compared last, another choice or nothing yet.
 * @param {import("../told").Faults} told
 */
function tellFault({ findings }) {
  const hasMail = document.documentElement.dataset.painted === choice.value;
  showFault($("fault"), findings, say, { hasMail });
}

function showNothing() {
  $("tally").textContent = _("There is no other issue to compare with");
}

/** @param {import("../told").Sides} told */
function showRepeats({ repeats, sides: [own, other] }) {
  $("tally").textContent = repeats.length ? number(repeats.length) : _("Nothing");
  $("list").replaceChildren(...repeats.map((repeat) => {
    const isLink = repeat.kind === "link";
    return el("li", { class: repeat.kind },
      el("button", { type: "button", onclick: () => lookAt(repeat) },
        el("span", { class: "kind" }, isLink ? _("Link") : _("Text")),
        el("span", { class: "words", lang: isLink ? false : own.language }, repeat.text)),
      el("p", { class: "acts" },
        el("code", {}, place(own.path, repeat.line)), opener(own.path, repeat.line, say),
        el("code", { class: "earlier" }, place(other.path, repeat.earlier_line))));
  }));
  for (const frame of frames) mark(frame, repeats);
}

/** @param {Repeat} repeat */
function lookAt(repeat) {
  leading = null;
  for (const [index, frame] of frames.entries()) {
    const { document, view } = inside(frame);
    scrollToRange(view, rangeOfLine(document, index ? repeat.earlier_line : repeat.line));
  }
}

// --- marks: painted by the browser, so the mails stay as they are ---------------------------

const COLOURS = `
  ::highlight(repeated-text){background-color:#ffd8a8;color:#2b1700}
  ::highlight(repeated-link){background-color:#ffc9c9;color:#2b0a0a}`;

/**
 * A window that paints ranges, which older lists of types do not know, nor do older browsers.
 * @typedef {{
 *   CSS?: { highlights?: Map<string, object> }, Highlight: new (...ranges: Range[]) => object,
 * }} Painter
 */

/** @type {(frame: HTMLIFrameElement, repeats: Repeat[]) => void} */
function mark(frame, repeats) {
  const { document, view } = inside(frame);
  const { CSS, Highlight } = /** @type {Painter} */ (/** @type {unknown} */ (view));
  if (!CSS?.highlights) return; // the list says it all the same
  const links = new Set(repeats.filter(({ kind }) => kind === "link").map(({ text }) => text));
  const linked = [...document.querySelectorAll("a[href]")];
  const text = textOf(document);
  const ranges = repeats.filter(({ kind }) => kind === "text").flatMap((repeat) => text.find(repeat.text));
  const ofLinks = linked.filter((a) => links.has(a.getAttribute("href") ?? "")).map((anchor) => {
    const range = document.createRange();
    range.selectNodeContents(anchor);
    return range;
  });
  CSS.highlights.set("repeated-text", new Highlight(...ranges));
  CSS.highlights.set("repeated-link", new Highlight(...ofLinks));
  if (document.getElementById("preview-repeats")) return;
  const style = document.createElement("style");
  style.id = "preview-repeats";
  style.textContent = COLOURS;
  document.head.append(style);
}

/**
 * Read the words of a document as one string, and find ranges of words in it.
 * @param {Document} document
 */
function textOf(document) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  /** @type {[Node, number][]} */
  const spots = [];
  let all = "";
  while (walker.nextNode()) {
    const value = walker.currentNode.nodeValue ?? "";
    for (let at = 0; at < value.length; at++) {
      const character = /\s/.test(value[at]) ? " " : value[at];
      if (character === " " && all.endsWith(" ")) continue;
      all += character;
      spots.push([walker.currentNode, at]);
    }
  }
  /** @param {string} words */
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

/** @type {(frame: HTMLIFrameElement, other: HTMLIFrameElement) => void} */
function follow(frame, other) {
  const { document, view } = inside(frame);
  const lead = () => (leading = frame);
  for (const name of ["wheel", "pointerdown", "keydown", "touchstart"]) {
    document.addEventListener(name, lead, { passive: true });
  }
  document.addEventListener("scroll", () => {
    if (leading !== frame || !$("together", HTMLInputElement).checked) return;
    const beside = inside(other);
    const own = document.documentElement;
    const its = beside.document.documentElement;
    const share = view.scrollY / Math.max(1, own.scrollHeight - own.clientHeight);
    beside.view.scrollTo({ top: share * (its.scrollHeight - its.clientHeight), behavior: AT_ONCE });
  });
  document.addEventListener("click", (event) => around(event, "a") && event.preventDefault());
}

await Promise.all(frames.map(readyToListen));
follow(frames[0], frames[1]);
follow(frames[1], frames[0]);
choice.addEventListener("change", () => {
  history.replaceState(null, "", `?with=${encodeURIComponent(choice.value)}`);
  draw();
});
const line = new Line({
  fault: tellFault,
  mail({ stale }) {
    if (!stale && !choice.value) clearFault($("fault")); // else what is drawn tells
    draw();
  },
}, say);
line.open(`${base}/events`);
