// @ts-check
// Lines of the issue and places in the mail: the comments <!--line 12--> join them.
import { el } from "./elements.js";
import { _, page } from "./words.js";

const LINE = /^line (\d+)$/;
const CONFIRMED = 2000; // milliseconds for which a button says that it has copied

/**
 * @param {Document} document
 * @returns {Generator<[number, Node]>}
 */
function* marks(document) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const match = LINE.exec(walker.currentNode.nodeValue ?? "");
    if (match) yield [Number(match[1]), walker.currentNode];
  }
}

/**
 * Find the range of the block that begins on the last line at or before the given one.
 * @param {Document} document
 * @param {number} line
 */
export function rangeOfLine(document, line) {
  const all = [...marks(document)];
  let best = -1;
  for (const [index, [at]] of all.entries()) {
    if (at && at <= line && (best < 0 || at > all[best][0])) best = index;
  }
  if (best < 0) return null;
  const range = document.createRange();
  range.setStartAfter(all[best][1]);
  const next = all[best + 1]?.[1];
  if (next) range.setEndBefore(next);
  else range.setEndAfter(document.body.lastChild ?? all[best][1]);
  return range;
}

/**
 * Find the line of the block a node stands in; 0 for what the template says.
 * @param {Document} document
 * @param {Node} node
 */
export function lineOfNode(document, node) {
  let found = 0;
  for (const [line, mark] of marks(document)) {
    if (!(mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    found = line;
  }
  return found;
}

/**
 * @param {Window} view
 * @param {Range | null} range
 */
function boxOf(view, range) {
  const boxes = [...(range?.getClientRects() ?? [])].filter((box) => box.width > 1 && box.height > 1);
  if (!boxes.length) return null;
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  return {
    left: left + view.scrollX,
    top: top + view.scrollY,
    width: Math.max(...boxes.map((box) => box.right)) - left,
    height: Math.max(...boxes.map((box) => box.bottom)) - top,
  };
}

/** @typedef {{ document: Document, view: Window }} Inside what a frame shows */

/**
 * Draw an outline around a range; it lies beside the body, so the mail itself stays as it is.
 * @param {Inside} inside
 * @param {Range | null} range
 */
export function outline({ document, view }, range) {
  clearOutline(document);
  const box = boxOf(view, range);
  if (!box) return;
  const mark = document.createElement("div");
  const left = Math.max(3, box.left - 6);
  mark.id = "preview-mark";
  mark.setAttribute("aria-hidden", "true");
  Object.assign(mark.style, {
    position: "absolute",
    zIndex: 2147483647,
    pointerEvents: "none",
    left: `${left}px`,
    top: `${Math.max(3, box.top - 6)}px`,
    width: `${Math.min(box.width + 12, document.documentElement.clientWidth - left - 3)}px`,
    height: `${box.height + 12}px`,
    boxSizing: "border-box",
    border: "2px solid #d9480f",
    borderRadius: "6px",
    background: "rgb(217 72 15 / 4%)",
  });
  document.documentElement.append(mark);
}

/** @param {Document} document */
export function clearOutline(document) {
  document.getElementById("preview-mark")?.remove();
}

/** @type {(view: Window, range: Range | null) => void} */
export function scrollToRange(view, range) {
  const box = boxOf(view, range);
  const top = box ? box.top - Math.max(24, (view.innerHeight - box.height) / 3) : 0;
  view.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// --- the editor's own program -------------------------------------------------------------

/** @type {(path: string, line: number | null) => string} */
export function place(path, line) {
  return line ? `${path}:${line}` : path;
}

/** @type {(path: string, line: number | null) => string} */
function editorLink(path, line) {
  if (!page.editor || !path) return "";
  const file = path.split("/").map(encodeURIComponent).join("/");
  return page.editor.replace("{path}", file).replace("{line}", String(line || 1));
}

/** @typedef {(words: string) => void} Say */

/**
 * Make a link that opens the place, or where no program is known a button that copies it.
 * @param {string} path
 * @param {number | null} line
 * @param {Say} say
 */
export function opener(path, line, say) {
  const link = editorLink(path, line);
  if (link) return el("a", { href: link, class: "open" }, _("Open in the editor"));
  const words = _("Copy file name and line");
  const button = el("button", { type: "button", class: "open" }, words);
  let back = 0;
  button.addEventListener("click", async () => {
    button.textContent = await copyPlace(path, line, say);
    clearTimeout(back);
    back = setTimeout(() => (button.textContent = words), CONFIRMED);
  });
  return button;
}

/**
 * Copy a place, and return what came of it in a few words.
 * @param {string} path
 * @param {number | null} line
 * @param {Say} say
 */
async function copyPlace(path, line, say) {
  const text = place(path, line);
  try {
    await navigator.clipboard.writeText(text);
    say(`${_("Copied:")} ${text}`);
    return _("Copied");
  } catch {
    say(text); // some browsers let nobody write there without a secure address
    return text;
  }
}

/** @type {(path: string, line: number | null, say: Say) => void} */
export function openPlace(path, line, say) {
  const link = editorLink(path, line);
  if (link) location.href = link;
  else copyPlace(path, line, say);
}
