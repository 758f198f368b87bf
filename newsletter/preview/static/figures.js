// @ts-check
// What became of a sent issue, beside its mail: the range of opens, what else is known, the links.
import { $, el } from "./elements.js";
import { _, number } from "./words.js";

/** @typedef {import("../told").Figures} Told */
/** @typedef {import("../told").FollowedLink} FollowedLink */
/** @typedef {import("../told").OpenedRange} OpenedRange */

/** @param {Told} told */
export function showFigures(told) {
  const { lang, range, hidden, facts, origin, changes, measure, window: days } = told;
  const panel = $("figures");
  panel.hidden = $("to-figures").hidden = false;
  for (const id of ["window", "opened", "facts", "origin", "changes", "measure", "links"]) $(id).lang = lang;
  $("window").textContent = days;
  $("opened").replaceChildren(...(range ? opened(range) : []), hidden && el("p", { class: "why" }, hidden));
  $("facts").replaceChildren(...facts.map(({ name, value, remark }) =>
    el("div", {}, el("dt", {}, name), el("dd", {}, value), remark && el("dd", { class: "remark" }, remark))));
  $("measure").textContent = measure;
  $("most").textContent = number(Math.max(0, ...told.links.map(({ url, count }) => (url && count) || 0)));
  $("origin").textContent = origin;
  $("others").hidden = !told.has_others;
  $("changed").hidden = !changes.length;
  $("changes").replaceChildren(...changes.map((change) => el("li", {}, change)));
}

/** @param {OpenedRange} range */
function opened({ short, words, bounds, low, high }) {
  return [
    el("p", { class: "short" }, short, " ", el("small", {}, _("opened"))),
    scale(bounds, low, high),
    el("p", { class: "words" }, words),
    el("ul", { class: "bounds" }, ...bounds.map(({ kind, name, count, words: share }) =>
      el("li", {}, el("span", { class: `swatch ${kind}`, "aria-hidden": "true" }), el("span", {}, name),
        el("span", { class: "count" }, number(count), el("small", {}, ` ${share}`))))),
  ];
}

/**
 * Draw the bounds of a range, and how far it reaches; the words below say the same.
 * @type {(bounds: OpenedRange["bounds"], low: number, high: number) => HTMLElement}
 */
function scale(bounds, low, high) {
  let from = 0;
  const shares = bounds.map(({ kind, share }) => {
    const part = el("span", { class: `share ${kind}` });
    Object.assign(part.style, { left: percent(from), width: percent(share - from) });
    from = share;
    return part;
  });
  const reach = el("span", { class: "reach" });
  Object.assign(reach.style, { left: percent(low), width: percent(high - low) });
  return el("div", { class: "scale", "aria-hidden": "true" }, el("span", { class: "ground" }), ...shares, reach);
}

/** @param {number} share */
const percent = (share) => `${share * 100}%`;

/**
 * List the links as they were followed; of those that the mail shows, a button leads there.
 * @param {FollowedLink[]} links
 * @param {(link: FollowedLink) => number} placesOf how often the mail shows it
 * @param {(link: FollowedLink) => void} onChoose
 */
export function listLinks(links, placesOf, onChoose) {
  const list = $("links");
  const focused = [...list.querySelectorAll("button")].findIndex((one) => one === document.activeElement);
  list.replaceChildren(...links.map((link) => item(link, placesOf(link), () => onChoose(link))));
  if (focused >= 0) list.querySelectorAll("button")[focused]?.focus();
}

/** @type {(link: FollowedLink, places: number, onclick: () => void) => HTMLElement} */
function item(link, places, onclick) {
  const { url, words, section, place, label, heat } = link;
  const bar = el("span", { class: "heat", "aria-hidden": "true" }, el("span"));
  /** @type {HTMLElement} */ (bar.firstChild).style.width = percent(heat);
  const where = [section, place].filter(Boolean).join(" · ");
  const inside = [
    el("span", { class: "title" }, words), bar, el("span", { class: "label" }, label),
    where && el("span", { class: "place" }, where), note(url, places),
  ];
  if (!places) return el("li", {}, el("div", { class: "followed" }, ...inside));
  return el("li", {}, el("button", { type: "button", class: "followed", onclick }, ...inside));
}

/** @type {(url: string, places: number) => HTMLElement | null} */
function note(url, places) {
  if (!url || places === 1) return null;
  const words = places
    ? `${_("Stands in several places, which share the figure:")} ${number(places)}`
    : _("Not in the mail that is shown");
  return el("span", { class: "place" }, words);
}
