// The frame a mail is shown in: filled in place, sized, zoomed, and listened to.
import { morphDocument } from "./morph.js";

const MIN = 280;
const MAX = 1200;

// Wait until the frame's own empty document is there, with a mail's rules in force.
export function ready(frame) {
  const isThere = () => frame.contentDocument?.readyState === "complete" && frame.contentDocument.URL.endsWith("/blank");
  if (isThere()) return Promise.resolve();
  return new Promise((resolve) => frame.addEventListener("load", resolve, { once: true }));
}

export function fill(frame, html) {
  const { contentDocument: document, contentWindow: view } = frame;
  const { scrollX, scrollY } = view;
  morphDocument(document, html);
  if (view.scrollY !== scrollY) view.scrollTo({ left: scrollX, top: scrollY, behavior: "instant" });
}

export class Sheet {
  constructor({ stage, sheet, frame, handle, onWidth, onChoose }) {
    Object.assign(this, { stage, sheet, frame, handle, onWidth, onChoose });
    this.width = 600;
    this.zoom = 1;
    new ResizeObserver(() => this.lay()).observe(stage);
    handle.addEventListener("pointerdown", (event) => this.drag(event));
    handle.addEventListener("keydown", (event) => this.key(event));
  }

  get room() {
    const style = getComputedStyle(this.stage);
    return this.stage.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - 20;
  }

  // Show the mail at a width in pixels, or "full".
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
    this.handle.setAttribute("aria-valuenow", width);
    this.onWidth(width);
  }

  // Take the width that somebody chose by hand.
  choose(width) {
    this.set(width);
    this.onChoose(String(this.width));
  }

  nudge(by) {
    this.choose(this.shown + by);
  }

  key(event) {
    const step = event.shiftKey ? 50 : 10;
    const moves = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step, PageUp: 100, PageDown: -100 };
    if (event.key in moves) this.nudge(moves[event.key]);
    else if (event.key === "Home") this.choose(MIN);
    else if (event.key === "End") this.choose("full");
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  drag(event) {
    event.preventDefault();
    this.handle.focus();
    this.handle.setPointerCapture(event.pointerId);
    const from = event.clientX;
    const width = this.shown;
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
