/** A fact of a session: a column of its data row, or state gained from an answer. */
export interface ViewFact {
  name: string;
  /** As the model sees it; a secret shows as its placeholder `{{name}}` and is filled in by the session. */
  value: string;
  /** Where it came from: `data`, or `step 3 POST /login`. */
  origin: string;
}

/** A past call in one line. */
export interface ViewCall {
  step: number;
  target: string;
  /** Tool and call as sent: `POST /cart/items {"id":"p1"}`, secrets as placeholders; at most 200 characters. */
  call: string;
  /** 0 without an answer. */
  status: number;
  /** Why there is no status, or what the session did about it: `timeout`, `waited 2s`. */
  note?: string;
}

/** A past call with its answer. */
export interface ViewAnswer extends ViewCall {
  /** Headers of the model's own in the request, secrets as placeholders. */
  sent?: Record<string, string>;
  /** Answer headers that matter: location, etag, paging. */
  headers?: Record<string, string>;
  /** What the model wrote beside the call. */
  said?: string;
  /** Digest as JSON text, made once: long lists are cut, with a last item `... 48 more (items 1-3 of 51 are shown)`. */
  body: string;
  /** The same with each list of objects as a table (`tableLists`), where that takes less text: what a prompt shows. */
  table?: string;
}

/** How often an operation succeeded in the calls that are no longer listed. */
export interface ViewDone {
  target: string;
  operation: string;
  times: number;
}

/** A search among operations that a prompt leaves out. */
export interface ViewSearch {
  words: string;
  /** Lines in the form that APIs are described in. */
  text: string;
}

/** Everything that a policy decides from. Bounded: it does not grow with the session. */
export interface View {
  goal: string;
  persona?: string;
  facts: readonly ViewFact[];
  /** The last 20 calls, oldest first; `dropped` counts those before. */
  trail: readonly ViewCall[];
  dropped: number;
  /** What succeeded among the dropped calls, by operation; at most 24 operations. */
  done?: readonly ViewDone[];
  /** Answers to calls of the history, three at most, oldest first: the last one, and the most useful others. */
  results: readonly ViewAnswer[];
  /** The last search among the operations that the prompt leaves out: its words, and what it found as text. */
  found?: ViewSearch;
  /** Why the last answer of the model was no valid decision. */
  problem?: string;
  /** Today's date, `Saturday, 2026-11-28`, by UTC. */
  today?: string;
  /** Steps that the session's budget leaves, this one included. */
  stepsLeft?: number;
}

/** Begins the line of an answer's body whose lists are tables. */
export const TABLE_MARK = "body (rows of fields) ";

/** What a view shows of an answer's body. */
export type ShownBody = Pick<ViewAnswer, "body" | "table">;

const oneLine = (text: string): string =>
  text.includes("\n") ? text.replaceAll(/\s*\n\s*/g, " ").trim() : text.trim();

/** What is said of a call that was made several times in a row with one answer. */
const SAME_ANSWER = / ?([1-9]\d{0,2}) times the same answer$/;

/** A call that was made `times` in a row with one answer. */
export function foldedNote(note: string | undefined, times: number): string {
  const before = note?.replace(SAME_ANSWER, "").trim() ?? "";
  return `${before === "" ? "" : `${before} `}${times} times the same answer`;
}

/** How often in a row a call was made, and its note without that. */
export function unfoldNote(note: string | undefined): { times: number; note?: string } {
  const times = Number(SAME_ANSWER.exec(note ?? "")?.[1] ?? 1);
  const rest = note?.replace(SAME_ANSWER, "");
  return rest === undefined || rest === "" ? { times } : { times, note: rest };
}

/**
 * The text form of a view: what a model is asked with at every step. The simulated model reads it back. What stays the same
 * stands first, then what is only added to, so that providers have the beginning in their cache; what changes stands last.
 */
export function renderView(view: View): string {
  const lines = ["# Goal", oneLine(view.goal)];
  if (view.persona !== undefined) lines.push("", "# Who you are", oneLine(view.persona));
  renderFacts("# What you have", view.facts.filter(isGiven), lines);
  // A handful of answers: looking through them costs less than a set.
  const earlier = view.trail.filter(({ step }) => !view.results.some((one) => one.step === step));
  if (earlier.length > 0 || view.dropped > 0) {
    lines.push("", "# Done so far");
    if (view.dropped > 0)
      lines.push(`(${view.dropped} earlier steps left out${renderDone(view.done ?? [])})`);
    for (const call of earlier) lines.push(renderCall(call));
  }
  if (view.results.length > 0) {
    lines.push("", "# Last answers");
    for (const answer of view.results) {
      lines.push(renderCall(answer));
      if (answer.said !== undefined) lines.push(`said ${JSON.stringify(answer.said)}`);
      if (answer.sent !== undefined) lines.push(`sent headers ${JSON.stringify(answer.sent)}`);
      if (answer.headers !== undefined) lines.push(`headers ${JSON.stringify(answer.headers)}`);
      lines.push(answer.table === undefined ? `body ${answer.body}` : `${TABLE_MARK}${answer.table}`);
    }
  }
  renderFacts(
    "# What you know",
    view.facts.filter((fact) => !isGiven(fact)),
    lines,
  );
  if (view.found !== undefined)
    lines.push("", "# Operations found", `for ${JSON.stringify(oneLine(view.found.words))}`, view.found.text);
  const now = [
    ...(view.today === undefined ? [] : [`Today is ${view.today}.`]),
    ...(view.stepsLeft === undefined ? [] : [`Steps left: ${view.stepsLeft}`]),
  ];
  if (now.length > 0) lines.push("", "# Now", ...now);
  if (view.problem !== undefined) lines.push("", "# Problem", oneLine(view.problem));
  return lines.join("\n");
}

function renderDone(done: readonly ViewDone[]): string {
  if (done.length === 0) return "";
  return `; done: ${done.map(({ target, operation, times }) => `${times} x ${target}: ${operation}`).join(", ")}`;
}

/** Whether a fact was known from the start. */
const isGiven = ({ origin }: ViewFact): boolean => origin === "data";

function renderFacts(heading: string, facts: readonly ViewFact[], lines: string[]): void {
  if (facts.length === 0) return;
  lines.push("", heading);
  for (const fact of facts) lines.push(`${fact.name}: ${JSON.stringify(fact.value)} (${fact.origin})`);
}

function renderCall({ step, target, call, status, note }: ViewCall): string {
  return `${step}. ${target}: ${oneLine(call)} -> ${status}${note === undefined ? "" : ` (${oneLine(note)})`}`;
}
