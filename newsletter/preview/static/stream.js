// The line to the server: events about what a page shows, and a new try when it breaks.
import { _, page } from "./words.js";

// Browsers hold six lines to a server at most, so a page nobody looks at gives its own back.
const PATIENCE = 30_000; // milliseconds

export class Line {
  constructor(onEvent, onState) {
    this.onEvent = onEvent;
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

  // Open the line for a view; the first thing that comes is what there is.
  open(url) {
    this.url = url;
    this.source?.close();
    const source = new EventSource(url);
    this.source = source;
    for (const name of ["mail", "fault", "report", "checking", "unchecked", "issues"]) {
      source.addEventListener(name, (event) => {
        if (source !== this.source) return;
        const told = JSON.parse(event.data);
        if (told.spoken === page.language) return this.onEvent(name, told);
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
      if (source.readyState === EventSource.CLOSED) setTimeout(() => source === this.source && this.open(url), 1000);
    });
  }
}

export async function ask(url) {
  const answer = await fetch(url, { credentials: "same-origin" });
  const told = await answer.json();
  if (!answer.ok) throw Object.assign(new Error(answer.statusText), { told });
  return told;
}
