// @ts-check
// The frame a mail is shown in: filled in place, sized, zoomed, and listened to.
import { inside } from "./elements.js";
import { morphDocument } from "./morph.js";

const MIN = 280;
const MAX = 1200;
// Older lists of types do not know it.
export const AT_ONCE = /** @type {ScrollBehavior} */ (/** @type {string} */ ("instant"));

/**
 * Wait until the frame's own empty document is there, with a mail's rules in force.
 * @param {HTMLIFrameElement} frame
 */
export async function ready(frame) {
  const document = frame.contentDocument;
  if (document?.readyState === "complete" && document.URL.endsWith("/blank")) return;
  await loaded(frame);
}

/**
 * Wait as `ready` does, and until the page hears what is clicked, typed and scrolled in the frame.
 *
 * WebKit, so Safari, tells nobody of it, not even the page around, unless the sandbox allows scripts.
 * There alone it is loosened; the frame's own policy goes on to forbid each of them (`guard.py`).
 * @param {HTMLIFrameElement} frame
 */
export async function readyToListen(frame) {
  await ready(frame);
  if (isHeard(inside(frame).document)) return;
  frame.sandbox.add("allow-scripts");
  frame.src = "/blank"; // a sandbox holds from the next document on
  await loaded(frame);
}

/** @type {(frame: HTMLIFrameElement) => Promise<unknown>} */
function loaded(frame) {
  return new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
}

/** @type {(document: Document) => boolean} */
function isHeard(document) {
  let heard = false;
  document.addEventListener("try", () => (heard = true), { once: true });
  document.dispatchEvent(new Event("try"));
  return heard;
}

/** @type {(frame: HTMLIFrameElement, html: string) => void} */
export function fill(frame, html) {
  const { view } = inside(frame);
  const { scrollX, scrollY } = view;
  morphDocument(frame, html);
  if (view.scrollY !== scrollY) view.scrollTo({ left: scrollX, top: scrollY, behavior: AT_ONCE });
}

export class Sheet {
  /** @type {number | "full"} */
  width = 600;
  zoom = 1;

  /**
   * @param {{
   *   stage: HTMLElement, sheet: HTMLElement, frame: HTMLIFrameElement, handle: HTMLElement,
   *   onWidth: (width: number) => void, onChoose: (width: string) => void,
   * }} options
   */
  constructor({ stage, sheet, frame, handle, onWidth, onChoose }) {
    this.stage = stage;
    this.sheet = sheet;
    this.frame = frame;
    this.handle = handle;
    this.onWidth = onWidth;
    this.onChoose = onChoose;
    new ResizeObserver(() => this.lay()).observe(stage);
    handle.addEventListener("pointerdown", (event) => this.drag(event));
    handle.addEventListener("keydown", (event) => this.key(event));
  }

  get room() {
    const style = getComputedStyle(this.stage);
    return this.stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
  }

  /**
   * Show the mail at a width in pixels, or "full".
   * @param {number | "full"} width
   */
  set(width) {
    this.width = width === "full" ? width : Math.round(Math.min(MAX, Math.max(MIN, width)));
    this.lay();
  }

  get shown() {
    return this.width === "full" ? Math.max(MIN, Math.floor(this.room)) : this.width;
  }

  // The frame keeps its own width and is scaled: so the mail's rules for phones hold when zoomed.
  lay() {
    const width = this.shown;
    const height = this.sheet.clientHeight;
    this.sheet.style.width = `${width}px`;
    Object.assign(this.frame.style, {
      width: `${width / this.zoom}px`,
      height: `${height / this.zoom}px`,
      transform: this.zoom === 1 ? "" : `scale(${this.zoom})`,
    });
    this.handle.setAttribute("aria-valuenow", String(width));
    this.onWidth(width);
  }

  /**
   * Take the width that somebody chose by hand.
   * @param {number | "full"} width
   */
  choose(width) {
    this.set(width);
    this.onChoose(String(this.width));
  }

  /** @param {number} by */
  nudge(by) {
    this.choose(this.shown + by);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = event.shiftKey ? 50 : 10;
    const moves = new Map([
      ["ArrowRight", step], ["ArrowUp", step], ["ArrowLeft", -step], ["ArrowDown", -step],
      ["PageUp", 100], ["PageDown", -100],
    ]);
    const by = moves.get(event.key);
    if (by) this.nudge(by);
    else if (event.key === "Home") this.choose(MIN);
    else if (event.key === "End") this.choose("full");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {PointerEvent} event */
  drag(event) {
    event.preventDefault();
    this.handle.focus();
    this.handle.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = this.shown;
    /** @param {PointerEvent} at */
    const move = (at) => this.choose(width + 2 * (at.clientX - from)); // the sheet is centred
    this.stage.classList.add("dragging");
    this.handle.addEventListener("pointermove", move);
    this.handle.addEventListener(
      "lostpointercapture",
      () => {
        this.handle.removeEventListener("pointermove", move);
        this.stage.classList.remove("dragging");
      },
      { once: true },
    );
  }
}
