import { weightedTokens } from "@ape/catalog/words/words";
import { isComposite, isJsonObject, type Json } from "@ape/core/lib/json";
import { isNumber } from "@ape/core/lib/lossless-number";
import { encodeSegment } from "@ape/core/lib/percent";
import type { PastCall } from "../goal/past-call.ts";
import type { PlannerDecision, PlanningContext } from "../planning-context.ts";
import { finishWith } from "../planning-context.ts";

const MOST = 12;
const MOST_LINKS = 60;

/** Explores an API without a document: follows links and ids of answers, first those that match the goal. */
export function explore(target: string, context: PlanningContext): PlannerDecision {
  const calls = context.progress.calls.filter((call) => call.target === target && call.method !== undefined);
  const visit = (path: string): PlannerDecision => ({
    kind: "call",
    request: { target, method: "GET", path },
  });
  if (calls.length === 0) return visit("/");
  if (calls.length >= MOST) return finishWith("Looked around long enough.");
  const seen = new Set(calls.map(({ text }) => text.replace(/^GET /, "").trim()));
  const wanted = weightedTokens(context.view.goal);
  let best: string | undefined;
  let most = -1;
  for (const link of calls.filter(({ ok }) => ok).flatMap(linksOf)) {
    if (seen.has(link)) continue;
    const score = [...weightedTokens(link).keys()].filter((token) => wanted.has(token)).length;
    if (score > most) {
      best = link;
      most = score;
    }
  }
  return best === undefined ? finishWith("There is nothing left to look at.") : visit(best);
}

/** Paths that an answer links to, relative to the target. */
function linksOf(call: PastCall): string[] {
  const links: string[] = [];
  const body = call.answer?.body ?? null;
  if (typeof body === "string")
    for (const match of body.matchAll(/href="(\/[^"#]*)"/g)) links.push(match[1] as string);
  else collect(body, call.path.replace(/\/$/, ""), links, 4);
  return links.slice(0, MOST_LINKS);
}

function collect(body: Json, path: string, links: string[], depth: number): void {
  if (typeof body === "string") {
    if (/^\/[\w./?=&%~-]*$/.test(body)) links.push(body);
  } else if (!isComposite(body) || depth === 0) return;
  else if (Array.isArray(body)) {
    for (const item of body) {
      const id = isJsonObject(item) ? (item.id ?? item.key ?? item.slug) : undefined;
      if ((typeof id === "string" || isNumber(id)) && path !== "")
        links.push(`${path}/${encodeSegment(String(id))}`);
      collect(item, path, links, depth - 1);
    }
  } else for (const value of Object.values(body)) collect(value, path, links, depth - 1);
}
