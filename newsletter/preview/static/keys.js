// Single keys for everything, except where somebody types or a dialog is open.
export function bindKeys(keys, documents) {
  for (const document of documents) document.addEventListener("keydown", (event) => press(keys, event));
}

function press(keys, event) {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (window.document.querySelector("dialog[open]")) return;
  const target = event.target;
  const types = target.matches?.("textarea, select, [contenteditable], input:not([type=radio], [type=checkbox])");
  if (types && event.key !== "Escape") return;
  const act = keys[event.key];
  if (!act) return;
  event.preventDefault();
  act();
}
