// What the server tells the pages. Only the type check reads this file; tests/preview/test_told.py
// holds it to what the server really tells.

export type Severity = "error" | "warning" | "note";

export interface Mailbox {
  name: string;
  address: string;
}

export interface Weight {
  html: number; // bytes
  clip: number; // bytes of HTML, after which Gmail clips a mail
  pictures: number;
  total: number;
}

export interface Mail {
  number: number; // of the state of the files it was made of
  reader: string;
  path: string; // of its issue
  language: string;
  html: string;
  subject: string;
  sender: Mailbox;
  to: Mailbox;
  preheader: number; // characters
  snippet: string;
  weight: Weight;
  changed: boolean; // it is as it was sent, and its files would make another one by now
  stale?: boolean; // the last good one, of an issue that is broken now
}

export interface Header {
  name: string;
  value: string;
  decoded: string; // empty where it is the same
}

export interface Parts {
  language: string;
  text: string;
  source: string;
  headers: Header[];
  raw: string;
  cut: boolean; // whether the message goes on
}

export interface Place {
  path: string;
  line: number | null;
}

export interface Said {
  lang: string; // of its words
  message: string;
  hint: string;
}

export interface Fault extends Place, Said {
  id?: string;
  severity?: Severity;
}

export interface Finding extends Place, Said {
  id: string;
  severity: Severity;
}

export interface Silenced extends Finding {
  reason: string;
}

export interface Skipped {
  id: string;
  lang: string;
  reason: string;
}

export interface Report {
  number: number; // of the state of the files it is about
  findings: Finding[];
  skipped: Skipped[];
  silenced: Silenced[];
  passed: string[];
}

export interface Faults {
  findings: Fault[];
  has_mail?: boolean; // whether there is a last good mail to show
}

export interface Nothing {}

export interface Events {
  mail: Mail;
  fault: Faults;
  report: Report;
  checking: Nothing;
  unchecked: Nothing;
  issues: Nothing;
}

export interface Reader {
  reader: string;
  id: string;
  language: string; // empty where the issue has one
  segment: string;
}

export interface Readers {
  number: number;
  readers: Reader[];
}

export interface Person extends Mailbox {
  reader: string;
  language: string;
}

export interface Found {
  found: Person[];
}

export interface Side {
  issue: string;
  language: string;
  path: string;
  subject: string;
  html: string;
}

export interface Repeat {
  kind: "text" | "link";
  text: string;
  line: number;
  earlier_line: number;
}

export interface Sides {
  sides: Side[]; // two
  repeats: Repeat[];
}

export interface Bound {
  kind: "least" | "most" | "outer";
  name: string;
  count: number;
  share: number; // of 1
  words: string; // the share
}

export interface OpenedRange {
  low: number; // of 1, as the next one
  high: number;
  short: string;
  words: string;
  bounds: Bound[]; // each has all of the one before in it
}

export interface Fact {
  name: string;
  value: string;
  remark: string;
}

export interface FollowedLink {
  url: string; // empty: all that are none of the author's
  words: string;
  section: string;
  place: string; // where it leads, in short
  count: number | null; // in the measure of all of them
  heat: number; // of the most followed one
  label: string;
  short: string;
}

export interface Figures {
  lang: string; // of its words
  range: OpenedRange | null; // none: too little is known, or too few
  hidden: string; // why opens and clicks are not told
  facts: Fact[];
  origin: string; // who counted, why that is shown, and when it was heard last
  changes: string[]; // after they were final, the latest first
  has_others: boolean; // whether others counted, too
  window: string;
  measure: string; // what is counted of links
  links: FollowedLink[];
}

export interface Afterwards {
  figures: Figures | null; // none: nobody was mailed yet
}

export interface Row {
  lang: string;
  sent: number;
  facts: Fact[];
  bounds: number[]; // of the range of opens, if it is known: two, of 1
}

export type Rows = Record<string, Row>;

export type State =
  | "draft" | "errors" | "checked" | "rehearsed"
  | "planned" | "scheduled" | "sending" | "paused" | "stopped" | "cancelled" | "done";

export type Shelf = Record<string, State>;

export type End =
  | "done" | "stopped" | "unknown" | "canary" | "interrupted" | "elsewhere" | "watched" | "scheduled"
  | "paused" | "cancelled";

export interface Missed {
  address: string;
  lang: string;
  reason: string;
}

export interface Outcome {
  state: End;
  accepted: number;
  refused: Missed[];
  skipped: Missed[];
  lang: string;
  reason: string;
}

export interface Page {
  language: string;
  words: Record<string, string>;
  issue?: string; // not on the list of issues
  files?: Record<string, string>; // languages by file, on the page of an issue
  secret?: string; // that its form carries
  editor?: string; // how the editor's program opens a place; empty where none is known
}
