/** Something that a session knows: a column of its data row, or state gained from an answer. */
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
  /** 0 where no answer came. */
  status: number;
  /** Why there is no status, or what the session did about it: `timeout`, `waited 2s`. */
  note?: string;
}

/** A past call with its answer. */
export interface ViewAnswer extends ViewCall {
  /** Answer headers that matter: location, retry-after, link. */
  headers?: Record<string, string>;
  /** Digest as JSON text, made once: long lists are cut to their first items with a last string item `... N more`. */
  body: string;
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
  /** The answers to the last calls of the trail, three at most, oldest first. */
  results: readonly ViewAnswer[];
  /** The last search among the operations that the prompt leaves out: its words, and what it found as text. */
  found?: ViewSearch;
  /** Why the last answer of the model was no valid decision. */
  problem?: string;
}

const oneLine = (text: string): string =>
  text.includes("\n") ? text.replaceAll(/\s*\n\s*/g, " ").trim() : text.trim();

/**
 * The text form of a view: what a model is asked with at every step. The simulated model reads it back. The calls of the
 * last answers stand with those, not in the trail a second time.
 */
export function renderView(view: View): string {
  const lines = ["# Goal", oneLine(view.goal)];
  if (view.persona !== undefined) lines.push("", "# Who you are", oneLine(view.persona));
  if (view.facts.length > 0) {
    lines.push("", "# What you know");
    for (const fact of view.facts) lines.push(`${fact.name}: ${JSON.stringify(fact.value)} (${fact.origin})`);
  }
  const earlier = view.trail.length - view.results.length;
  if (earlier > 0) {
    lines.push("", "# Done so far");
    if (view.dropped > 0) lines.push(`(${view.dropped} earlier steps left out)`);
    for (let i = 0; i < earlier; i += 1) lines.push(renderCall(view.trail[i] as ViewCall));
  }
  if (view.results.length > 0) {
    lines.push("", "# Last answers");
    for (const answer of view.results) {
      lines.push(renderCall(answer));
      if (answer.headers !== undefined) lines.push(`headers ${JSON.stringify(answer.headers)}`);
      lines.push(`body ${answer.body}`);
    }
  }
  if (view.found !== undefined)
    lines.push("", "# Operations found", `for ${JSON.stringify(oneLine(view.found.words))}`, view.found.text);
  if (view.problem !== undefined) lines.push("", "# Problem", oneLine(view.problem));
  return lines.join("\n");
}

function renderCall({ step, target, call, status, note }: ViewCall): string {
  return `${step}. ${target}: ${oneLine(call)} -> ${status}${note === undefined ? "" : ` (${oneLine(note)})`}`;
}
