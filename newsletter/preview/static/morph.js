// @ts-check
// Turns one document into another in place: what is the same stays, so the scroll and loaded
// pictures stay too, and nothing flashes.
import { inside } from "./elements.js";

/** @type {(frame: HTMLIFrameElement, html: string) => void} */
export function morphDocument(frame, html) {
  const { document, view } = inside(frame);
  const parser = new view.DOMParser(); // of the frame: its own rules allow styles
  const wanted = parser.parseFromString(html, "text/html");
  // Where the sandbox has to allow scripts (`readyToListen`), a refresh would lead the frame away, as
  // in no mail program, and what is for readers without scripts would be hidden.
  for (const refresh of wanted.querySelectorAll("meta[http-equiv=refresh i]")) refresh.remove();
  for (const kept of wanted.querySelectorAll("noscript")) kept.replaceWith(...kept.childNodes);
  morphAttributes(document.documentElement, wanted.documentElement);
  morph(document.head, wanted.head);
  morph(document.body, wanted.body);
}

/** @type {(node: Node, wanted: Node) => void} */
function morph(node, wanted) {
  if (node.nodeType !== Node.ELEMENT_NODE) {
    if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
    return;
  }
  const [own, other] = /** @type {[Element, Element]} */ ([node, wanted]);
  morphAttributes(own, other);
  morphChildren(own, other);
}

/** @type {(node: Element, wanted: Element) => void} */
function morphAttributes(node, wanted) {
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name)) node.removeAttribute(name);
  }
  for (const { name, value } of wanted.attributes) {
    if (node.getAttribute(name) !== value) node.setAttribute(name, value);
  }
}

/** @type {(node: Element, wanted: Element) => void} */
function morphChildren(node, wanted) {
  const before = [...node.childNodes];
  const after = [...wanted.childNodes];
  const document = node.ownerDocument;
  let start = 0;
  while (start < before.length && start < after.length && before[start].isEqualNode(after[start])) start++;
  let end = 0;
  while (
    end < before.length - start &&
    end < after.length - start &&
    before[before.length - 1 - end].isEqualNode(after[after.length - 1 - end])
  ) end++;
  const old = before.slice(start, before.length - end);
  const fresh = after.slice(start, after.length - end);
  const behind = before[before.length - end] ?? null;
  for (const [index, child] of fresh.entries()) {
    const known = old[index];
    if (known && isLike(known, child)) morph(known, child);
    else if (known) known.replaceWith(document.importNode(child, true));
    else node.insertBefore(document.importNode(child, true), behind);
  }
  for (const child of old.slice(fresh.length)) child.remove();
}

/** @type {(node: Node, other: Node) => boolean} */
function isLike(node, other) {
  return node.nodeType === other.nodeType && node.nodeName === other.nodeName;
}
