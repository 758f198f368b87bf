// @ts-check
// What became of an issue that was sent: its figures beside the mail, its clicks on the mail.
import { $, inside } from "./elements.js";
import { base } from "./words.js";
import { ask } from "./stream.js";
import { clearHeat, drawHeat, placesOf } from "./heat.js";
import { listLinks, showFigures } from "./figures.js";
import { scrollToRange } from "./places.js";

/** @typedef {import("../told").FollowedLink} FollowedLink */

export class Aftermath {
  /** @type {import("../told").Figures | null} */
  figures = null;
  isAsked = false;

  /**
   * @param {{
   *   frame: HTMLIFrameElement, view: { heat: boolean, scheme: string, show: string },
   *   onHeat: (heat: boolean) => void, onMail: () => void,
   * }} options
   */
  constructor({ frame, view, onHeat, onMail }) {
    this.frame = frame;
    this.view = view;
    this.onHeat = onHeat;
    this.onMail = onMail;
    $("show-heat").addEventListener("click", () => onHeat(!view.heat));
    const { document } = inside(frame);
    document.addEventListener("load", () => this.lay(), true); // a picture moves what is below it
    new ResizeObserver(() => this.lay()).observe(document.documentElement); // so does another width
  }

  get hasHeat() {
    return Boolean(this.figures?.links.some(({ count }) => count !== null));
  }

  /** Ask for the figures once, when the mail can be seen: nobody has to wait for them. */
  async learn() {
    if (this.isAsked) return;
    this.isAsked = true;
    try {
      /** @type {import("../told").Afterwards} */
      const { figures } = await ask(`${base}/figures`);
      this.figures = figures;
    } catch {
      this.isAsked = false; // the bar says why; the next mail asks again
      return;
    }
    if (this.figures) showFigures(this.figures);
    $("heat-switch").hidden = $("show-heat").hidden = !this.hasHeat;
    if (this.view.heat && !this.hasHeat) this.onHeat(false);
    else this.show(null);
  }

  /**
   * Show the clicks on a mail, or on the one that is there, and list them.
   * @param {import("../told").Mail | null} mail
   */
  show(mail) {
    if (mail) $("sent-mail").hidden = !mail.changed;
    const places = this.lay();
    $("followed").hidden = !places.size;
    $("show-heat").setAttribute("aria-pressed", String(places.size > 0));
    listLinks([...places.keys()], (link) => places.get(link)?.length ?? 0, (link) => this.lookAt(link, places));
  }

  /** Lay the tints where the links are now; the list stays as it is to whoever reads it. */
  lay() {
    const shown = inside(this.frame);
    const { figures, view } = this;
    const places = placesOf(shown.document, view.heat && this.hasHeat && figures ? figures.links : []);
    clearHeat(shown.document);
    if (places.size && figures) {
      drawHeat(shown, places, { lang: figures.lang, isInverted: view.scheme === "inverted" });
    }
    return places;
  }

  /** @type {(link: FollowedLink, places: Map<FollowedLink, HTMLAnchorElement[]>) => void} */
  lookAt(link, places) {
    const [anchor] = places.get(link) ?? [];
    if (!anchor) return;
    if (this.view.show !== "mail") this.onMail();
    const shown = inside(this.frame);
    const range = shown.document.createRange();
    range.selectNode(anchor);
    scrollToRange(shown.view, range);
  }
}
