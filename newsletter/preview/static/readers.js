// Whose mail is shown: the hard readers, one for each segment, and real subscribers.
import { _, page, el } from "./words.js";
import { ask } from "./stream.js";

const NAMES = {
  typical: _("Typical name"),
  empty: _("No name"),
  longest: _("Longest name"),
  hostile: _("Hostile name"),
  plain: _("Every reader"),
};
const SUBSCRIBER = "subscriber:";

export function describe({ id, segment, language }) {
  const name = NAMES[id] ?? id;
  return [name, segment, language && languageName(language)].filter(Boolean).join(" · ");
}

export function languageName(tag) {
  try {
    return new Intl.DisplayNames([page.language], { type: "language" }).of(tag);
  } catch {
    return tag;
  }
}

export class Readers {
  constructor({ select, base, onChoose }) {
    Object.assign(this, { select, base });
    this.readers = [];
    this.people = new Map(); // subscribers that were looked for: reader -> words
    this.number = 0;
    this.wanted = "";
    this.coming = null; // settles when it is known who there is
    select.addEventListener("change", () => onChoose(select.value));
  }

  // Ask who there is, when the issue is another than last time.
  async refresh(mail) {
    if (mail.reader.startsWith(SUBSCRIBER)) this.people.set(mail.reader, `${mail.to.name || mail.to.address} <${mail.to.address}>`);
    if (!this.wanted) this.wanted = mail.reader;
    if (this.number === mail.number) return this.choose(this.wanted);
    this.number = mail.number;
    const wanted = this.wanted;
    this.coming = this.learn(mail.number);
    await this.coming;
    this.draw();
    this.choose(this.wanted === wanted ? mail.reader : this.wanted); // or who was chosen meanwhile
  }

  async learn(number) {
    try {
      const { readers } = await ask(`${this.base}/readers`);
      if (this.number === number) this.readers = readers;
    } catch {
      this.number = 0; // the bar says why
    }
  }

  draw() {
    const groups = new Map();
    for (const reader of this.readers) {
      const key = reader.language ? languageName(reader.language) : "";
      if (!groups.has(key)) groups.set(key, []);
      groups.get(key).push(el("option", { value: reader.reader }, describe({ ...reader, language: "" })));
    }
    const made = [...groups].flatMap(([label, options]) => (label ? [el("optgroup", { label }, ...options)] : options));
    if (this.people.size) {
      const options = [...this.people].map(([reader, words]) => el("option", { value: reader }, words));
      made.push(el("optgroup", { label: _("Subscribers") }, ...options));
    }
    this.select.replaceChildren(...made);
  }

  add(reader, words) {
    this.people.set(reader, words);
    this.draw();
  }

  choose(reader) {
    this.wanted = reader;
    if (reader.startsWith(SUBSCRIBER) && !this.people.has(reader)) this.add(reader, reader.slice(SUBSCRIBER.length));
    if (reader && [...this.select.options].some((option) => option.value === reader)) this.select.value = reader;
  }

  async inLanguage(language) {
    await this.coming;
    return this.readers.find((reader) => reader.language === language)?.reader;
  }
}
