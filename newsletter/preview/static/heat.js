// @ts-check
// The heat layer: how often each link of the mail was followed, laid on the mail as it was sent.
import { el } from "./elements.js";

/** @typedef {import("../told").FollowedLink} FollowedLink */
/** @typedef {import("./places.js").Inside} Inside */

const LAYER = "preview-heat";
const LEAST = 0.1; // how much of the tint the coolest link that was followed has
const MOST = 0.2; // words below stay legible, whatever their colour
const SOLID = 30; // pixels: a button or a picture is at least so high, and has room for all words

/**
 * Find the places of each link: copies have the author's own addresses here, as figures name them.
 * @type {(document: Document, links: FollowedLink[]) => Map<FollowedLink, HTMLAnchorElement[]>}
 */
export function placesOf(document, links) {
  const anchors = /** @type {NodeListOf<HTMLAnchorElement>} */ (document.querySelectorAll("a[href]"));
  const known = new Map(links.filter(({ url }) => url).map((link) => [link.url, link]));
  const found = new Map(links.map((link) => [link, /** @type {HTMLAnchorElement[]} */ ([])]));
  for (const anchor of anchors) {
    const link = known.get(anchor.getAttribute("href") ?? "");
    if (link && boxesOf(anchor).length) found.get(link)?.push(anchor);
  }
  return found;
}

/**
 * Draw the layer; like an outline it lies beside the body, so the mail itself stays as it is.
 * @param {Inside} inside
 * @param {Map<FollowedLink, HTMLAnchorElement[]>} places
 * @param {{ lang: string, isInverted: boolean }} how
 */
export function drawHeat({ document, view }, places, { lang, isInverted }) {
  clearHeat(document);
  const layer = document.createElement("div");
  layer.id = LAYER;
  layer.lang = lang;
  layer.setAttribute("aria-hidden", "true"); // the list beside the mail says the same
  const place = { position: "absolute", top: 0, left: 0, zIndex: 2147483646, pointerEvents: "none" };
  Object.assign(layer.style, { all: "initial", ...place });
  if (isInverted) layer.style.filter = "invert(1) hue-rotate(180deg)"; // back again
  document.documentElement.append(layer);
  for (const [link, anchors] of places) {
    if (link.count === null) continue;
    for (const anchor of anchors) layer.append(...marksOf(link, boxesOf(anchor), view));
  }
}

/** @param {Document} document */
export function clearHeat(document) {
  document.getElementById(LAYER)?.remove();
}

/** @type {(link: FollowedLink, boxes: DOMRect[], view: Window) => HTMLElement[]} */
function marksOf({ heat, label, short }, boxes, view) {
  const tints = boxes.map((box) => tint(box, heat, view));
  const [first] = boxes;
  const chip = el("span", {}, first.height < SOLID ? short : label);
  Object.assign(chip.style, {
    all: "initial", // whatever the mail says of its own
    position: "absolute",
    left: `${first.right + view.scrollX}px`,
    top: `${first.top + view.scrollY - 3}px`,
    transform: "translate(-100%, -60%)",
    padding: "1px 5px",
    borderRadius: "8px",
    background: "#7c2d06",
    boxShadow: "0 0 0 1px #fff",
    color: "#fff",
    font: `600 ${first.height < SOLID ? "10px/12px" : "11px/14px"} system-ui, sans-serif`,
    whiteSpace: "nowrap",
  });
  return [...tints, chip];
}

/** @type {(box: DOMRect, heat: number, view: Window) => HTMLElement} */
function tint(box, heat, view) {
  const mark = el("span");
  const share = heat ? LEAST + (MOST - LEAST) * heat : 0;
  Object.assign(mark.style, {
    all: "initial",
    position: "absolute",
    left: `${box.left + view.scrollX - 3}px`, // and nothing beyond its end, where a full stop stands
    top: `${box.top + view.scrollY - 3}px`,
    width: `${box.width + 3}px`,
    height: `${box.height + 6}px`,
    boxSizing: "border-box",
    border: `2px ${heat ? "solid" : "dashed"} rgb(194 65 12 / ${0.5 + heat / 2})`,
    borderRadius: "6px",
    background: `rgb(234 88 12 / ${share})`,
  });
  return mark;
}

/**
 * Tell where a link can be seen: a line each of its words, or its pictures.
 * @param {HTMLAnchorElement} anchor
 */
function boxesOf(anchor) {
  const pictures = [...anchor.querySelectorAll("img")];
  const shown = pictures.length ? pictures : [anchor];
  return shown.flatMap((one) => [...one.getClientRects()]).filter(({ width, height }) => width > 1 && height > 1);
}
