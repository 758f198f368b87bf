// @ts-check
// The dialogs of the issue's page: keys, a subscriber, the phone, a test send.
import { $, el, within } from "./elements.js";
import { _, base, kept, number, page } from "./words.js";
import { askIfThere } from "./stream.js";
import { place } from "./places.js";

/** @param {string} id */
const dialog = (id) => $(id, HTMLDialogElement);

/**
 * @param {{
 *   readers: import("./readers.js").Readers,
 *   onReader: (reader: string) => void, address: () => string, inView: () => string,
 * }} options
 */
export function prepareDialogs({ readers, onReader, address, inView }) {
  const keys = () => dialog("keys").showModal();
  const find = prepareFind(readers, onReader);
  const test = prepareTest(inView);
  const phone = () => {
    const code = dialog("phone").querySelector("img");
    if (code) code.src = `/qr.svg?path=${encodeURIComponent(address())}`;
    dialog("phone").showModal();
  };
  $("open-keys").addEventListener("click", keys);
  $("open-find").addEventListener("click", find);
  $("open-phone").addEventListener("click", phone);
  $("open-test").addEventListener("click", test);
  return { keys, find, test, phone };
}

/** @type {(readers: import("./readers.js").Readers, onReader: (reader: string) => void) => () => void} */
function prepareFind(readers, onReader) {
  const letters = $("letters", HTMLInputElement);
  const list = $("found");
  let last = 0;
  const search = async () => {
    const turn = ++last;
    const asked = `${base}/readers?find=${encodeURIComponent(letters.value)}`;
    /** @type {import("../told").Found | null} */
    const told = await askIfThere(asked);
    if (!told || turn !== last) return; // more letters came meanwhile
    const { found } = told;
    $("found-count").textContent = letters.value.trim() && counted(found.length);
    const focused = list.contains(document.activeElement);
    list.replaceChildren(...found.map((person) => item(person, () => choose(person))));
    if (focused) (list.querySelector("button") ?? letters).focus();
  };
  /** @param {import("../told").Person} person */
  const choose = ({ reader, name, address }) => {
    readers.add(reader, name ? `${name} <${address}>` : address);
    dialog("find").close();
    onReader(reader);
  };
  letters.addEventListener("input", search);
  letters.addEventListener("keydown", async (event) => {
    if (event.key !== "Enter" || !letters.value.trim()) return;
    event.preventDefault();
    await search(); // what is listed may be for fewer letters
    list.querySelector("button")?.click();
  });
  dialog("find").addEventListener("keydown", move);
  return () => {
    dialog("find").showModal();
    letters.select();
  };
}

/** @param {number} count */
function counted(count) {
  if (!count) return _("Nobody on the list");
  return `${_("Found:")} ${number(count)}${count === 20 ? ` ${_("or more")}` : ""}`;
}

/** @type {(person: import("../told").Person, onclick: () => void) => HTMLElement} */
function item({ name, address, language }, onclick) {
  const more = [name && address, language].filter(Boolean).join(" · ");
  return el("li", {},
    el("button", { type: "button", onclick }, el("span", {}, name || address), el("small", {}, more)));
}

/**
 * Lead by arrow keys from the letters into what was found, and back; close by Escape, by which a
 * search field would only be emptied.
 * @param {KeyboardEvent} event
 */
function move(event) {
  if (event.key === "Escape") return dialog("find").close();
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by) return;
  const stops = [$("letters"), ...$("found").querySelectorAll("button")];
  stops[stops.findIndex((stop) => stop === document.activeElement) + by]?.focus();
  event.preventDefault();
}

/** @param {() => string} inView */
function prepareTest(inView) {
  const form = $("test-form", HTMLFormElement);
  const outcome = $("test-outcome");
  const button = within(form, "[type=submit]", HTMLButtonElement);
  within(form, ".close").addEventListener("click", () => dialog("test").close());
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const addresses = new FormData(form).getAll("address");
    if (!addresses.length) return tell(outcome, "bad", _("Choose at least one address."));
    button.disabled = true;
    tell(outcome, "", _("Sending…"));
    try {
      const answer = await fetch(`${base}/test`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "X-Preview-Secret": page.secret ?? "" },
        body: JSON.stringify({ addresses, reader: inView() }),
      });
      if (answer.ok) showOutcome(outcome, await answer.json());
      else showRefusal(outcome, await answer.json());
    } catch {
      tell(outcome, "bad", _("No connection to the preview"));
    } finally {
      button.disabled = false;
    }
  });
  return () => {
    outcome.replaceChildren();
    outcome.className = "";
    $("test-reader").textContent = $("reader", HTMLSelectElement).selectedOptions[0]?.text ?? "";
    dialog("test").showModal();
  };
}

/** @type {(outcome: HTMLElement, told: import("../told").Faults) => void} */
function showRefusal(outcome, { findings }) {
  const lines = findings.map(({ lang, path, line, message, hint }) =>
    el("li", { lang },
      path && el("code", {}, ...kept(`${place(path, line)} `)), ...kept(message),
      hint && el("span", { class: "hint" }, ...kept(` (${hint})`))));
  tell(outcome, "bad", _("Nothing was sent."), el("ul", {}, ...lines));
}

/** @type {(outcome: HTMLElement, told: import("../told").Outcome) => void} */
function showOutcome(outcome, { state, accepted, refused, skipped, reason, lang }) {
  const missed = [...refused, ...skipped];
  const isDone = state === "done" && !missed.length;
  const words = isDone ? _("Sent. Accepted:") : _("Not all of it went out. Accepted:");
  const lines = missed.map(({ address, reason: why, lang: own }) =>
    el("li", {}, `${address}: `, el("span", { lang: own }, why)));
  tell(outcome, isDone ? "good" : "bad", `${words} ${number(accepted)}`,
    ...(reason ? [el("p", { lang }, reason)] : []), ...(lines.length ? [el("ul", {}, ...lines)] : []));
}

/** @type {(outcome: HTMLElement, kind: string, words: string, ...more: HTMLElement[]) => void} */
function tell(outcome, kind, words, ...more) {
  outcome.className = kind;
  outcome.replaceChildren(el("p", {}, words), ...more);
}
