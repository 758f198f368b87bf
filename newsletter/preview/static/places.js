// Lines of the issue and places in the mail: the comments <!--line 12--> join them.
import { _, page, el } from "./words.js";

const LINE = /^line (\d+)$/;
const CONFIRMED = 2000; // milliseconds for which a button says that it has copied

function* marks(document) {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_COMMENT);
  while (walker.nextNode()) {
    const match = LINE.exec(walker.currentNode.nodeValue);
    if (match) yield [Number(match[1]), walker.currentNode];
  }
}

// The range of the block that begins on the last line at or before the given one.
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
  else range.setEndAfter(document.body.lastChild);
  return range;
}

// The line of the block a node stands in; 0 for what the template says.
export function lineOfNode(document, node) {
  let found = 0;
  for (const [line, mark] of marks(document)) {
    if (!(mark.compareDocumentPosition(node) & Node.DOCUMENT_POSITION_FOLLOWING)) break;
    found = line;
  }
  return found;
}

function boxOf(document, range) {
  const boxes = [...range.getClientRects()].filter((box) => box.width > 1 && box.height > 1);
  if (!boxes.length) return null;
  const view = document.defaultView;
  const left = Math.min(...boxes.map((box) => box.left));
  const top = Math.min(...boxes.map((box) => box.top));
  return {
    left: left + view.scrollX,
    top: top + view.scrollY,
    width: Math.max(...boxes.map((box) => box.right)) - left,
    height: Math.max(...boxes.map((box) => box.bottom)) - top,
  };
}

// Draw an outline around a range; it lies beside the body, so the mail itself stays as it is.
export function outline(document, range) {
  clearOutline(document);
  const box = range && boxOf(document, range);
  if (!box) return;
  const mark = document.createElement("div");
  mark.id = "preview-mark";
  mark.setAttribute("aria-hidden", "true");
  Object.assign(mark.style, {
    position: "absolute",
    zIndex: 2147483647,
    pointerEvents: "none",
    left: `${Math.max(3, box.left - 6)}px`,
    top: `${Math.max(3, box.top - 6)}px`,
    width: `${Math.min(box.width + 12, document.documentElement.clientWidth - Math.max(3, box.left - 6) - 3)}px`,
    height: `${box.height + 12}px`,
    boxSizing: "border-box",
    border: "2px solid #d9480f",
    borderRadius: "6px",
    background: "rgb(217 72 15 / 4%)",
  });
  document.documentElement.append(mark);
}

export function clearOutline(document) {
  document.getElementById("preview-mark")?.remove();
}

export function scrollToRange(document, range) {
  const box = range && boxOf(document, range);
  const view = document.defaultView;
  const top = box ? box.top - Math.max(24, (view.innerHeight - box.height) / 3) : 0;
  view.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
}

function calm() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}

// --- the editor's own program -------------------------------------------------------------

export function place(path, line) {
  return line ? `${path}:${line}` : path;
}

function editorLink(path, line) {
  if (!page.editor || !path) return "";
  const file = path.split("/").map(encodeURIComponent).join("/");
  return page.editor.replace("{path}", file).replace("{line}", line || 1);
}

// A link that opens the place, or where no program is known a button that copies it.
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

// Copy a place, and return what came of it in a few words.
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

export function openPlace(path, line, say) {
  const link = editorLink(path, line);
  if (link) location.href = link;
  else copyPlace(path, line, say);
}
