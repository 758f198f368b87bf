// @ts-check
// All readers and all ways of showing at once, each a small picture of the real thing.
import { $, el } from "./elements.js";
import { _, base } from "./words.js";
import { Line, Refusal, ask } from "./stream.js";
import { fill, ready } from "./mailframe.js";
import { describe } from "./readers.js";
import { showFault, clearFault } from "./fault.js";

/** @param {string} words */
const say = (words) => ($("status").textContent = words);

/** @type {[Record<string, string>, string][]} */
const COLUMNS = [
  [{}, _("Light")],
  [{ scheme: "dark" }, _("Dark")],
  [{ scheme: "inverted" }, _("Inverted")],
  [{ pictures: "off" }, _("No pictures")],
];
let drawn = "";
let current = 0; // number of the state of the files that is to be seen
let last = 0; // number of the newest question to the server

// A picture that is filled when it comes near the eye, and again when the issue has changed since.
class Thumb {
  isNear = false;
  number = 0; // of the state of the files it shows

  /** @param {() => Promise<void>} load */
  constructor(load) {
    this.load = load;
  }

  async freshen() {
    if (this.number === current) return;
    this.number = current;
    try {
      await this.load();
    } catch {
      this.number = 0; // the bar says why
    }
  }
}

/** @type {Map<Element, Thumb>} */
const thumbs = new Map();
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    const thumb = thumbs.get(target);
    if (!thumb) continue;
    thumb.isNear = isIntersecting;
    if (isIntersecting) thumb.freshen();
  }
}, { rootMargin: "300px" });

/** @type {(box: HTMLElement, load: () => Promise<void>) => HTMLElement} */
function cell(box, load) {
  thumbs.set(box, new Thumb(load));
  seen.observe(box);
  return el("td", {}, box);
}

/** @type {(reader: string, name: string, column: [Record<string, string>, string]) => HTMLElement} */
function mailCell(reader, name, [view, words]) {
  const asked = new URLSearchParams({ reader, ...view });
  const title = `${name}, ${words}`;
  const frame = el("iframe", {
    src: "/blank", sandbox: "allow-same-origin", title, tabindex: -1, loading: "lazy", inert: true,
  });
  const link = el("a", { href: `${base}?${asked}`, "aria-label": title });
  return cell(el("div", { class: "thumb" }, frame, link), async () => {
    await ready(frame);
    const answer = await fetch(`${base}/mail?${asked}`);
    if (answer.ok) fill(frame, await answer.text());
  });
}

/** @type {(reader: string, name: string) => HTMLElement} */
function textCell(reader, name) {
  const asked = new URLSearchParams({ reader });
  const text = el("pre", {});
  const link = { href: `${base}?${asked}&show=text`, "aria-label": `${name}, ${_("Plain text")}` };
  return cell(el("a", { class: "thumb words", ...link }, text), async () => {
    /** @type {import("../told").Parts} */
    const parts = await ask(`${base}/parts?${asked}`);
    text.textContent = parts.text.slice(0, 2500);
    text.lang = parts.language;
  });
}

async function draw() {
  const turn = ++last;
  /** @type {import("../told").Readers} */
  let told;
  try {
    told = await ask(`${base}/readers`);
  } catch (error) {
    if (turn === last && error instanceof Refusal) tellFault(error.told);
    return;
  }
  if (turn !== last) return; // the issue has changed meanwhile
  current = told.number;
  const wanted = JSON.stringify(told.readers);
  if (wanted !== drawn) {
    drawn = wanted;
    seen.disconnect();
    thumbs.clear();
    $("rows").replaceChildren(...told.readers.map(row));
  } else {
    for (const thumb of thumbs.values()) if (thumb.isNear) thumb.freshen();
  }
  document.documentElement.dataset.painted = String(told.number);
}

/** @param {import("../told").Reader} of */
function row(of) {
  const name = describe(of);
  const mails = COLUMNS.map((column) => mailCell(of.reader, name, column));
  return el("tr", {}, el("th", { scope: "row" }, name), ...mails, textCell(of.reader, name));
}

/** @param {import("../told").Faults} told */
function tellFault({ findings }) {
  showFault($("fault"), findings, say, { hasMail: drawn !== "" });
}

const line = new Line({
  mail({ stale }) {
    if (!stale) clearFault($("fault"));
    draw();
  },
  fault: tellFault,
}, say);
line.open(`${base}/events`);
