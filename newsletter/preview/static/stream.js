// @ts-check
// The line to the server: events about what a page shows, and a new try when it breaks.
import { _, page } from "./words.js";

/** @typedef {import("../told").Events} Events */
/** @typedef {{ [N in keyof Events]?: (told: Events[N]) => void }} Handlers */

// Browsers hold six lines to a server at most, so a page nobody looks at gives its own back.
const PATIENCE = 30_000; // milliseconds
const NAMES = /** @type {const} */ (["mail", "fault", "report", "checking", "unchecked", "issues"]);

export class Line {
  /** @type {EventSource | null} */
  source = null;
  url = "";
  waiting = 0;

  /**
   * @param {Handlers} handlers what becomes of each event
   * @param {(words: string) => void} onState
   */
  constructor(handlers, onState) {
    this.handlers = handlers;
    this.onState = onState;
    addEventListener("pagehide", () => this.source?.close());
    addEventListener("pageshow", (event) => event.persisted && this.open(this.url));
    document.addEventListener("visibilitychange", () => this.see());
  }

  see() {
    clearTimeout(this.waiting);
    if (document.hidden) this.waiting = setTimeout(() => this.source?.close(), PATIENCE);
    else if (this.url && this.source?.readyState === EventSource.CLOSED) this.open(this.url);
  }

  /**
   * Open the line for a view; the first thing that comes is what there is.
   * @param {string} url
   */
  open(url) {
    this.url = url;
    this.source?.close();
    const source = new EventSource(url);
    this.source = source;
    for (const name of NAMES) {
      source.addEventListener(name, (event) => {
        if (source !== this.source) return;
        const told = JSON.parse(event.data);
        if (told.spoken === page.language) return this.handlers[name]?.(told);
        this.source = null; // the settings name another language now: this page is done
        source.close();
        location.reload();
      });
    }
    source.addEventListener("open", () => source === this.source && this.onState(""));
    source.addEventListener("error", () => {
      if (source !== this.source) return;
      this.onState(_("No connection to the preview"));
      // Browsers try again by themselves unless the answer was no stream.
      if (source.readyState !== EventSource.CLOSED) return;
      setTimeout(() => source === this.source && this.open(url), 1000);
    });
  }
}

// The server answered that it cannot.
export class Refusal extends Error {
  /** @param {import("../told").Faults} told */
  constructor(told) {
    super("the server cannot do that");
    this.told = told;
  }
}

/**
 * Ask the server for something; an answer that tells of faults is thrown as a Refusal.
 * @template T
 * @param {string} url
 * @returns {Promise<T>}
 */
export async function ask(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  const told = await answer.json();
  if (!answer.ok) throw new Refusal(told);
  return told;
}

/**
 * Ask as above, but return null where nothing answers: the line says so, and asks anew when it is back.
 * @template T
 * @param {string} url
 * @returns {Promise<T | null>}
 */
export async function askIfThere(url) {
  try {
    return await ask(url);
  } catch (error) {
    if (error instanceof Refusal) throw error;
    return null;
  }
}
