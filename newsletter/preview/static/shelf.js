// The list of issues: it follows the files, and weighs the mails when there is time.
import { _, kilobytes, number, thousands } from "./words.js";
import { Line, ask } from "./stream.js";
import { clearFault, showFault } from "./fault.js";

const items = new Map([...document.querySelectorAll("[data-issue]")].map((item) => [item.dataset.issue, item]));
const words = Object.fromEntries([...document.getElementById("states").content.children].map((s) => [s.dataset.state, s.textContent]));
const bar = document.getElementById("fault");
const say = (text) => (document.getElementById("status").textContent = text);

for (const value of document.querySelectorAll("[data-number]")) value.textContent = number(Number(value.dataset.number));

let last = 0; // number of the newest question to the server

async function refresh() {
  const turn = ++last;
  const states = await ask("/shelf");
  if (turn !== last) return; // an answer to a later question is on its way
  if (Object.keys(states).length !== items.size || Object.keys(states).some((id) => !items.has(id))) return location.reload();
  for (const [id, state] of Object.entries(states)) {
    const pill = items.get(id).querySelector(".state");
    pill.className = `state ${state}`;
    pill.firstElementChild.textContent = words[state];
  }
}

async function weigh() {
  const faults = new Map(); // of settings and templates, each once; an issue's own page tells its own
  for (const [id, item] of [...items].slice(0, 24)) {
    const place = item.querySelector(".weight");
    try {
      const { html, clip, pictures, total } = await ask(`/issues/${encodeURIComponent(id)}/weight`);
      const share = Math.min(1, html / clip);
      const meter = place.querySelector(".meter");
      meter.classList.toggle("heavy", share > 0.93);
      meter.firstElementChild.style.width = `${share * 100}%`;
      place.querySelector(".words").textContent = `HTML ${thousands(html)} / ${kilobytes(clip)} · ${_("Pictures")} ${kilobytes(pictures)} · ${_("Total")} ${kilobytes(total)}`;
      place.hidden = false;
    } catch (err) {
      place.hidden = true; // a broken issue has no weight
      for (const fault of err.told?.findings ?? []) {
        if (!fault.path.startsWith("issues/")) faults.set(JSON.stringify(fault), fault);
      }
    }
  }
  if (faults.size) showFault(bar, [...faults.values()], say, { hasMail: false });
  else clearFault(bar);
  document.documentElement.dataset.weighed = items.size;
}

// The first event comes as soon as the line is open: what changed before it is seen then.
const line = new Line((name) => name === "issues" && (refresh(), weigh()), say);
line.open("/events");
