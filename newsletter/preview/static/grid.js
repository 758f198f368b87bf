// All readers and all ways of showing at once, each a small picture of the real thing.
import { _, page, el } from "./words.js";
import { Line, ask } from "./stream.js";
import { fill, ready } from "./mailframe.js";
import { describe } from "./readers.js";
import { showFault, clearFault } from "./fault.js";

const $ = (id) => document.getElementById(id);
const base = `/issues/${encodeURIComponent(page.issue)}`;
const say = (words) => ($("status").textContent = words);
const COLUMNS = [
  [{}, _("Light")],
  [{ scheme: "dark" }, _("Dark")],
  [{ scheme: "inverted" }, _("Inverted")],
  [{ pictures: "off" }, _("No pictures")],
];
let drawn = "";
let last = 0; // number of the newest question to the server

// A picture is filled when it comes near the eye, and again when the issue has changed since.
const seen = new IntersectionObserver((entries) => {
  for (const { isIntersecting, target } of entries) {
    target.isNear = isIntersecting;
    if (isIntersecting) target.freshen();
  }
}, { rootMargin: "300px" });

let current = 0;

function cell(reader, name, [view, words]) {
  const asked = new URLSearchParams({ reader, ...view });
  const title = `${name}, ${words}`;
  const frame = el("iframe", { src: "/blank", sandbox: "allow-same-origin", title, tabindex: -1, loading: "lazy", inert: true });
  const link = el("a", { href: `${base}?${asked}`, "aria-label": title });
  const box = el("div", { class: "thumb" }, frame, link);
  box.freshen = () => freshen(box, async () => {
    await ready(frame);
    const answer = await fetch(`${base}/mail?${asked}`);
    if (answer.ok) fill(frame, await answer.text());
  });
  seen.observe(box);
  return el("td", {}, box);
}

function textCell(reader, name) {
  const asked = new URLSearchParams({ reader });
  const text = el("pre", {});
  const title = `${name}, ${_("Plain text")}`;
  const box = el("a", { class: "thumb words", href: `${base}?${asked}&show=text`, "aria-label": title }, text);
  box.freshen = () => freshen(box, async () => {
    const parts = await ask(`${base}/parts?${asked}`);
    text.textContent = parts.text.slice(0, 2500);
    text.lang = parts.language;
  });
  seen.observe(box);
  return el("td", {}, box);
}

async function freshen(box, load) {
  if (box.number === current) return;
  box.number = current;
  try {
    await load();
  } catch {
    box.number = 0; // the bar says why
  }
}

async function draw() {
  const turn = ++last;
  let told;
  try {
    told = await ask(`${base}/readers`);
  } catch (error) {
    if (turn === last && error.told) tellFault(error.told);
    return;
  }
  if (turn !== last) return; // the issue has changed meanwhile
  current = told.number;
  const wanted = JSON.stringify(told.readers);
  if (wanted !== drawn) {
    drawn = wanted;
    seen.disconnect();
    $("rows").replaceChildren(...told.readers.map((reader) => {
      const name = describe(reader);
      return el("tr", {}, el("th", { scope: "row" }, name), ...COLUMNS.map((column) => cell(reader.reader, name, column)), textCell(reader.reader, name));
    }));
  } else {
    for (const box of document.querySelectorAll(".thumb")) if (box.isNear) box.freshen();
  }
  document.documentElement.dataset.painted = told.number;
}

function tellFault({ findings }) {
  showFault($("fault"), findings, say, { hasMail: drawn !== "" });
}

const line = new Line((name, data) => {
  if (name === "mail") {
    if (!data.stale) clearFault($("fault"));
    draw();
  } else if (name === "fault") tellFault(data);
}, say);
line.open(`${base}/events`);
