// What the server gave this page, and its words in the newsletter's language.
export const page = JSON.parse(document.getElementById("page").textContent);

export function _(text) {
  return page.words[text] ?? text;
}

const numbers = new Intl.NumberFormat(page.language);
const tenths = new Intl.NumberFormat(page.language, { maximumFractionDigits: 1 });

export function number(value) {
  return numbers.format(value);
}

export function thousands(bytes) {
  return tenths.format(bytes / 1000);
}

export function kilobytes(bytes) {
  return `${thousands(bytes)}\u00a0kB`; // number and unit stay on one line
}

// Make an element: el("p", {class: "hint"}, "words", child).
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child != null && child !== false));
  return made;
}

// What people copy, or read as one word: slots, dates, e-post in Swedish, short paths and names of
// files. Addresses come first, so that long ones still break.
const COPIED = /(https?:\/\/\S+)|\{\{.{1,28}?\}\}|\d{4}-\d{2}-\d{2}(?![\w.-])|\be-post\p{L}*|[\p{L}\p{N}_@-]+(?:[./][\p{L}\p{N}_@-]+)+(?::\d+)?/giu;
const SHORT = 24; // characters of a path

// Cut a text into what may break at a line's end and what may not.
export function kept(text) {
  const parts = [];
  let end = 0;
  for (const match of text.matchAll(COPIED)) {
    const [found, address] = match;
    const isPath = !found.startsWith("{{") && /[./]/.test(found);
    if (address || (isPath && found.length > SHORT)) continue;
    parts.push(text.slice(end, match.index), el("span", { class: "keep" }, found));
    end = match.index + found.length;
  }
  return [...parts, text.slice(end)];
}
