// @ts-check
// The bar that says what keeps the newest state of the files from being shown.
import { el } from "./elements.js";
import { _, kept } from "./words.js";
import { opener, place } from "./places.js";

/**
 * @param {HTMLElement} bar
 * @param {import("../told").Fault[]} findings
 * @param {(words: string) => void} say
 */
export function showFault(bar, findings, say, { hasMail = true } = {}) {
  const title = hasMail
    ? _("This cannot be shown yet. Below is the last good version.")
    : _("This cannot be shown yet.");
  bar.replaceChildren(
    el("p", { class: "title" }, title),
    el("ul", {}, ...findings.map((finding) =>
      el("li", {},
        finding.path && el("code", {}, ...kept(place(finding.path, finding.line))),
        el("span", { lang: finding.lang, class: "message" }, ...kept(finding.message)),
        finding.hint && el("span", { lang: finding.lang, class: "hint" }, ...kept(finding.hint)),
        finding.path && opener(finding.path, finding.line, say),
      ))),
  );
  bar.hidden = false;
}

/** @param {HTMLElement} bar */
export function clearFault(bar) {
  if (bar.hidden) return;
  bar.hidden = true;
  bar.replaceChildren();
}
