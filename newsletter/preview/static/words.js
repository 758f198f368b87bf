// @ts-check
// What the server gave this page, and its words in the newsletter's language.
import { $, el } from "./elements.js";

/** @type {import("../told").Page} */
export const page = JSON.parse($("page").textContent ?? "");
export const base = `/issues/${encodeURIComponent(page.issue ?? "")}`; // what is asked about its issue

/** @param {string} text */
export function _(text) {
  return page.words[text] ?? text;
}

const numbers = new Intl.NumberFormat(page.language);
const tenths = new Intl.NumberFormat(page.language, { maximumFractionDigits: 1 });

/** @param {number} value */
export function number(value) {
  return numbers.format(value);
}

/** @param {number} bytes */
export function thousands(bytes) {
  return tenths.format(bytes / 1000);
}

/** @param {number} bytes */
export function kilobytes(bytes) {
  return `${thousands(bytes)}\u00a0kB`; // number and unit stay on one line
}

// What people copy, or read as one word: slots, dates, e-post in Swedish, short paths and names of
// files. Addresses come first, so that long ones still break.
const COPIED = new RegExp(
  [
    /(https?:\/\/\S+)/, /\{\{.{1,28}?\}\}/, /\d{4}-\d{2}-\d{2}(?![\w.-])/, /\be-post\p{L}*/u,
    /[\p{L}\p{N}_@-]+(?:[./][\p{L}\p{N}_@-]+)+(?::\d+)?/u,
  ].map((kind) => kind.source).join("|"),
  "giu",
);
const SHORT = 24; // characters of a path

/**
 * Cut a text into what may break at a line's end and what may not.
 * @param {string} text
 */
export function kept(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COPIED)) {
    const [found, address] = match;
    const at = match.index ?? 0;
    const isPath = !found.startsWith("{{") && /[./]/.test(found);
    if (address || (isPath && found.length > SHORT)) continue;
    parts.push(text.slice(end, at), el("span", { class: "keep" }, found));
    end = at + found.length;
  }
  return [...parts, text.slice(end)];
}
