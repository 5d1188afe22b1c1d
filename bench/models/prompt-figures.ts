import type { RecordedSession } from "./recorded-sessions.ts";

/** What the prompts of sessions take, in tokens of four bytes of the request's JSON. */
export interface PromptFigures {
  /** Of one request, tools included. */
  tokensPerStep: number;
  /** Tokens of ten steps that are not the beginning of an earlier request, so that no provider can have cached them. */
  newTokensPerTenStepSession: number;
  /** Share of all prompt tokens that are the beginning of an earlier request. */
  prefixSharePct: number;
  steps: number;
}

/** Computes the figures of prompts from the requests that the model received, in their order. */
export function promptFigures(sessions: readonly RecordedSession[]): PromptFigures {
  const earlier = new Prefixes();
  let bytes = 0;
  let fresh = 0;
  let requests = 0;
  let steps = 0;
  for (const session of sessions) {
    steps += session.steps;
    for (const text of session.requests) {
      const size = Buffer.byteLength(text);
      const known = Buffer.byteLength(text.slice(0, earlier.add(text)));
      requests += 1;
      bytes += size;
      fresh += size - known;
    }
  }
  return {
    tokensPerStep: Math.round(bytes / 4 / Math.max(1, requests)),
    newTokensPerTenStepSession: Math.round((10 * fresh) / 4 / Math.max(1, steps)),
    prefixSharePct: Math.round((1000 * (bytes - fresh)) / Math.max(1, bytes)) / 10,
    steps,
  };
}

/** Texts in their alphabetical order: the one with the longest common beginning is a neighbour. */
class Prefixes {
  readonly #texts: string[] = [];

  /** Adds a text, and returns the length of the longest beginning that it has in common with an earlier one. */
  add(text: string): number {
    let low = 0;
    let high = this.#texts.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#texts[middle] as string) < text) low = middle + 1;
      else high = middle;
    }
    const neighbours = [this.#texts[low - 1], this.#texts[low]];
    this.#texts.splice(low, 0, text);
    return Math.max(...neighbours.map((other) => commonLength(text, other ?? "")));
  }
}

function commonLength(one: string, two: string): number {
  const most = Math.min(one.length, two.length);
  let at = 0;
  while (at < most && one.charCodeAt(at) === two.charCodeAt(at)) at += 1;
  return at;
}
