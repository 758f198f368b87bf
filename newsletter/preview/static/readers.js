// @ts-check
// Whose mail is shown: the hard readers, one for each segment, and real subscribers.
import { el } from "./elements.js";
import { _, base, page } from "./words.js";
import { ask } from "./stream.js";

/** @typedef {import("../told").Reader} Reader */

/** @type {Record<string, string>} */
const NAMES = {
  typical: _("Typical name"),
  empty: _("No name"),
  longest: _("Longest name"),
  hostile: _("Hostile name"),
  plain: _("Every reader"),
};
const SUBSCRIBER = "subscriber:";

/** @param {Reader} reader */
export function describe({ id, segment, language }) {
  const name = NAMES[id] ?? id;
  return [name, segment, language && languageName(language)].filter(Boolean).join(" · ");
}

/** @param {string} tag */
export function languageName(tag) {
  try {
    return new Intl.DisplayNames([page.language], { type: "language" }).of(tag) ?? tag;
  } catch {
    return tag;
  }
}

export class Readers {
  /** @type {Reader[]} */
  readers = [];
  /** @type {Map<string, string>} */
  people = new Map(); // subscribers that were looked for: reader -> words
  number = 0;
  wanted = "";
  /** @type {Promise<void> | null} */
  coming = null; // settles when it is known who there is

  /** @param {{ select: HTMLSelectElement, onChoose: (reader: string) => void }} options */
  constructor({ select, onChoose }) {
    this.select = select;
    select.addEventListener("change", () => onChoose(select.value));
  }

  /**
   * Ask who there is, when the issue is another than last time.
   * @param {import("../told").Mail} mail
   */
  async refresh(mail) {
    const { name, address } = mail.to;
    if (mail.reader.startsWith(SUBSCRIBER)) this.people.set(mail.reader, `${name || address} <${address}>`);
    if (!this.wanted) this.wanted = mail.reader;
    if (this.number === mail.number) return this.choose(this.wanted);
    this.number = mail.number;
    const wanted = this.wanted;
    this.coming = this.learn(mail.number);
    await this.coming;
    this.draw();
    this.choose(this.wanted === wanted ? mail.reader : this.wanted); // or who was chosen meanwhile
  }

  /** @param {number} number */
  async learn(number) {
    try {
      /** @type {import("../told").Readers} */
      const { readers } = await ask(`${base}/readers`);
      if (this.number === number) this.readers = readers;
    } catch {
      this.number = 0; // the bar says why
    }
  }

  draw() {
    /** @type {Map<string, HTMLElement[]>} */
    const groups = new Map();
    for (const reader of this.readers) {
      const key = reader.language ? languageName(reader.language) : "";
      const option = el("option", { value: reader.reader }, describe({ ...reader, language: "" }));
      groups.set(key, [...(groups.get(key) ?? []), option]);
    }
    const made = [...groups].flatMap(([label, options]) =>
      (label ? [el("optgroup", { label }, ...options)] : options));
    if (this.people.size) {
      const options = [...this.people].map(([reader, words]) => el("option", { value: reader }, words));
      made.push(el("optgroup", { label: _("Subscribers") }, ...options));
    }
    this.select.replaceChildren(...made);
  }

  /** @type {(reader: string, words: string) => void} */
  add(reader, words) {
    this.people.set(reader, words);
    this.draw();
  }

  /** @param {string} reader */
  choose(reader) {
    this.wanted = reader;
    if (reader.startsWith(SUBSCRIBER) && !this.people.has(reader)) this.add(reader, reader.slice(SUBSCRIBER.length));
    if (reader && [...this.select.options].some((option) => option.value === reader)) this.select.value = reader;
  }

  /** @param {string} language */
  async inLanguage(language) {
    await this.coming;
    return this.readers.find((reader) => reader.language === language)?.reader;
  }
}
