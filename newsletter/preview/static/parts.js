// @ts-check
// The other parts of a mail: plain text, source with line numbers, headers, the message itself.
import { $, el } from "./elements.js";
import { _ } from "./words.js";

/** @param {import("../told").Parts} parts */
export function showParts(parts) {
  $("text").textContent = parts.text;
  $("text").lang = parts.language;
  $("source").replaceChildren(...parts.source.split("\n").map((line) => el("li", {}, ...painted(line))));
  $("headers").replaceChildren(
    ...parts.headers.map(({ name, value, decoded }) =>
      el("div", {}, el("dt", {}, name), el("dd", {}, decoded || value, decoded && el("small", {}, value)))),
  );
  $("raw").textContent = parts.raw + (parts.cut ? `\n… ${_("The rest is in the file.")}` : "");
}

/**
 * Set tags apart from words; the eye needs no more.
 * @param {string} line
 */
function painted(line) {
  const parts = line.split(/(<[^>]*>?)/).filter(Boolean);
  return parts.map((part) => (part.startsWith("<") ? el("span", { class: "tag" }, part) : part));
}
