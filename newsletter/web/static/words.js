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
  return tenths.format(bytes / 1024);
}

export function kilobytes(bytes) {
  return `${thousands(bytes)} kB`;
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
