// @ts-check
// Single keys for everything, except where somebody types or a dialog is open.
import { around } from "./elements.js";

/** @typedef {Record<string, () => void>} Keys */

const TYPED_IN = "textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])";

/** @type {(keys: Keys, documents: Document[]) => void} */
export function bindKeys(keys, documents) {
  for (const document of documents) document.addEventListener("keydown", (event) => press(keys, event));
}

/** @type {(keys: Keys, event: KeyboardEvent) => void} */
function press(keys, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (window.document.querySelector("dialog[open]")) return;
  const types = around(event, TYPED_IN) === event.target;
  if (types && event.key !== "Escape") return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
