// @ts-check
// The list of issues: it follows the files, and weighs the mails when there is time.
import { $, el, within } from "./elements.js";
import { _, kilobytes, number, thousands } from "./words.js";
import { Line, Refusal, ask, askIfThere } from "./stream.js";
import { clearFault, showFault } from "./fault.js";

const listed = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll("[data-issue]"));
const items = new Map([...listed].map((item) => [item.dataset.issue ?? "", item]));
const states = $("states", HTMLTemplateElement).content.querySelectorAll("span");
const words = new Map([...states].map((state) => [state.dataset.state, state.textContent]));
const bar = $("fault");
/** @param {string} text */
const say = (text) => ($("status").textContent = text);

let last = 0; // number of the newest question to the server

async function refresh() {
  const turn = ++last;
  /** @type {import("../told").Shelf | null} */
  const told = await askIfThere("/shelf");
  if (!told || turn !== last) return; // an answer to a later question is on its way
  const ids = Object.keys(told);
  if (ids.length !== items.size || ids.some((id) => !items.has(id))) return location.reload();
  for (const [id, item] of items) {
    const pill = within(item, ".state");
    pill.className = `state ${told[id]}`;
    within(pill, "span").textContent = words.get(told[id]) ?? told[id];
  }
}

async function weigh() {
  /** @type {Map<string, import("../told").Fault>} */
  const faults = new Map(); // of settings and templates, each once; an issue's own page tells its own
  for (const [id, item] of [...items].slice(0, 24)) {
    const place = within(item, ".weight");
    try {
      showWeight(place, await ask(`/issues/${encodeURIComponent(id)}/weight`));
    } catch (error) {
      if (!(error instanceof Refusal)) return; // nothing answers
      place.hidden = true; // a broken issue has no weight
      for (const fault of error.told.findings) {
        if (!fault.path.startsWith("issues/")) faults.set(JSON.stringify(fault), fault);
      }
    }
  }
  if (faults.size) showFault(bar, [...faults.values()], say, { hasMail: false });
  else clearFault(bar);
  document.documentElement.dataset.weighed = String(items.size);
}

let isTold = false;

/** Show what became of those that were sent, when the server knows it. */
async function tellFigures() {
  if (isTold || !document.querySelector(".figures")) return;
  isTold = true;
  /** @type {import("../told").Rows | null} */
  const rows = await askIfThere("/figures");
  isTold = rows !== null;
  if (!rows) return;
  for (const [id, row] of Object.entries(rows)) {
    const place = items.get(id)?.querySelector(".figures");
    place?.setAttribute("lang", row.lang);
    place?.replaceChildren(...figures(row));
  }
  document.documentElement.dataset.told = String(Object.keys(rows).length);
}

/** @param {import("../told").Row} row */
function figures({ sent, facts, bounds }) {
  const told = [{ name: _("Recipients"), value: number(sent) }, ...facts];
  const shown = told.map(({ name, value }) => el("div", {}, el("dt", {}, name), el("dd", {}, value)));
  shown.at(-1)?.append(...(bounds.length ? [el("dd", { "aria-hidden": "true" }, reach(bounds))] : []));
  return shown;
}

/** @param {number[]} bounds */
function reach([low, high]) {
  const bar = el("span");
  Object.assign(bar.style, { marginLeft: `${low * 100}%`, width: `${(high - low) * 100}%` });
  return el("span", { class: "meter" }, bar);
}

/** @type {(place: HTMLElement, weight: import("../told").Weight) => void} */
function showWeight(place, { html, clip, pictures, total }) {
  const share = Math.min(1, html / clip);
  const meter = within(place, ".meter");
  meter.classList.toggle("heavy", share > 0.93);
  within(meter, "span").style.width = `${share * 100}%`;
  const sizes = `${_("Pictures")} ${kilobytes(pictures)} · ${_("Total")} ${kilobytes(total)}`;
  within(place, ".words").textContent = `HTML ${thousands(html)} / ${kilobytes(clip)} · ${sizes}`;
  place.hidden = false;
}

// The first event comes as soon as the line is open: what changed before it is seen then.
const line = new Line({
  issues() {
    refresh();
    tellFigures();
    weigh();
  },
}, say);
line.open("/events");
