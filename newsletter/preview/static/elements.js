// @ts-check
// Finds and makes elements, and reaches into frames; says so at once where something is missing.

/** @typedef {string | number | boolean | null | undefined | (() => void)} Attribute */
/** @typedef {Node | string | false | null | undefined} Child */

/**
 * Find the element of an id, which is of the kind that its page says.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function $(id, kind) {
  return within(document, `#${id}`, kind);
}

/**
 * Find the first element within another.
 * @template {HTMLElement} [T=HTMLElement]
 * @param {ParentNode} parent
 * @param {string} selector
 * @param {new () => T} [kind]
 * @returns {T}
 */
export function within(parent, selector, kind) {
  const found = parent.querySelector(selector);
  if (found instanceof (kind ?? HTMLElement)) return /** @type {T} */ (found);
  throw new Error(`the page lacks ${selector}`);
}

/**
 * Make an element: el("p", {class: "hint"}, "words", child).
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} name
 * @param {Record<string, Attribute>} attributes
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function el(name, attributes = {}, ...children) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value != null) made.setAttribute(key, String(value));
  }
  for (const child of children) {
    if (child) made.append(child);
  }
  return made;
}

/**
 * Give the document and the window of a frame, which are of this server.
 * @param {HTMLIFrameElement} frame
 */
export function inside(frame) {
  const document = frame.contentDocument;
  const view = document?.defaultView;
  if (!document || !view) throw new Error("the frame shows nothing of ours");
  return { document, view };
}

/**
 * Find the element around the target of an event, which may be of any document.
 * @param {Event} event
 * @param {string} selector
 */
export function around(event, selector) {
  const target = /** @type {Partial<Element> | null} */ (event.target);
  return target?.closest?.(selector) ?? null;
}
