// The dialogs of the issue's page: keys, a subscriber, the phone, a test send.
import { _, page, el, kept, number } from "./words.js";
import { ask } from "./stream.js";
import { place } from "./places.js";

const $ = (id) => document.getElementById(id);

export function prepareDialogs({ base, readers, onReader, address }) {
  const open = (id) => () => $(id).showModal();
  const find = prepareFind({ base, readers, onReader });
  const test = prepareTest(base);
  const phone = () => {
    const code = $("code");
    if (code) code.src = `/qr.svg?path=${encodeURIComponent(address())}`;
    $("phone").showModal();
  };
  $("open-keys").addEventListener("click", open("keys"));
  $("open-find").addEventListener("click", find);
  $("open-phone").addEventListener("click", phone);
  $("open-test").addEventListener("click", test);
  return { keys: open("keys"), find, test, phone };
}

function prepareFind({ base, readers, onReader }) {
  const letters = $("letters");
  let last = 0;
  const search = async () => {
    const turn = ++last;
    const { found } = await ask(`${base}/readers?find=${encodeURIComponent(letters.value)}`);
    if (turn !== last) return; // more letters came meanwhile
    const isEmpty = !letters.value.trim();
    $("found-count").textContent = isEmpty ? "" : found.length ? `${_("Found:")} ${number(found.length)}${found.length === 20 ? ` ${_("or more")}` : ""}` : _("Nobody on the list");
    const focused = $("found").contains(document.activeElement);
    $("found").replaceChildren(...found.map((person) => el("li", {}, el("button", { type: "button", onclick: () => choose(person) }, el("span", {}, person.name || person.address), el("small", {}, [person.name && person.address, person.language].filter(Boolean).join(" · "))))));
    if (focused) ($("found").querySelector("button") ?? letters).focus();
  };
  const choose = (person) => {
    readers.add(person.reader, person.name ? `${person.name} <${person.address}>` : person.address);
    $("find").close();
    onReader(person.reader);
  };
  letters.addEventListener("input", search);
  letters.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || !letters.value.trim()) return;
    event.preventDefault();
    await search(); // what is listed may be for fewer letters
    $("found").querySelector("button")?.click();
  });
  $("find").addEventListener("keydown", (event) => move(event));
  return () => {
    $("find").showModal();
    letters.select();
  };
}

// Arrow keys lead from the letters into what was found, and back; Escape closes, where a search
// field would only be emptied by it.
function move(event) {
  if (event.key === "Escape") return event.currentTarget.close();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const stops = [$("letters"), ...$("found").querySelectorAll("button")];
  stops[stops.indexOf(document.activeElement) + by]?.focus();
  event.preventDefault();
}

function prepareTest(base) {
  const dialog = $("test");
  const form = $("test-form");
  const outcome = $("test-outcome");
  const button = form.querySelector("[type=submit]");
  form.querySelector(".close").addEventListener("click", () => dialog.close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const addresses = [...form.querySelectorAll("[name=address]:checked")].map((box) => box.value);
    if (!addresses.length) return tell(outcome, "bad", _("Choose at least one address."));
    button.disabled = true;
    tell(outcome, "", _("Sending…"));
    try {
      const answer = await fetch(`${base}/test`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Preview-Secret": page.secret },
        body: JSON.stringify({ addresses }),
      });
      showOutcome(outcome, answer.ok, await answer.json());
    } catch {
      tell(outcome, "bad", _("No connection to the preview"));
    } finally {
      button.disabled = false;
    }
  });
  return () => {
    outcome.replaceChildren();
    outcome.className = "";
    dialog.showModal();
  };
}

function showOutcome(outcome, isOk, told) {
  if (!isOk) {
    const lines = told.findings.map((finding) => el("li", { lang: finding.lang }, finding.path && el("code", {}, ...kept(`${place(finding.path, finding.line)} `)), ...kept(finding.message), finding.hint && el("span", { class: "hint" }, ...kept(` (${finding.hint})`))));
    return tell(outcome, "bad", _("Nothing was sent."), el("ul", {}, ...lines));
  }
  const isDone = told.state === "done" && !told.refused.length;
  tell(outcome, isDone ? "good" : "bad",
    isDone ? `${_("Sent. Accepted:")} ${number(told.accepted)}` : `${_("Not all of it went out. Accepted:")} ${number(told.accepted)}`,
    told.reason && el("p", { lang: "en" }, told.reason),
    told.refused.length && el("ul", {}, ...told.refused.map(([address, reason]) => el("li", {}, `${address}: `, el("span", { lang: "en" }, reason)))));
}

function tell(outcome, kind, words, ...more) {
  outcome.className = kind;
  outcome.replaceChildren(el("p", {}, words), ...more.filter(Boolean));
}
