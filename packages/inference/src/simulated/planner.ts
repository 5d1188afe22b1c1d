import { parseApi } from "@ape/core/api";
import type { ChatRequest } from "@ape/core/chat";
import { writeJson } from "@ape/core/lossless-number";
import { isMethod } from "@ape/core/operation";
import { parseView, type ReadView, type ViewFact } from "@ape/core/view";
import { ahead } from "./ahead.ts";
import { Catalogue } from "./catalogue.ts";
import { decide } from "./decision.ts";
import { isData, isPlaceholder } from "./fact.ts";
import { type Itinerary, planGoal } from "./itinerary.ts";
import { mannerOf } from "./manner.ts";
import { mischievous } from "./mischief.ts";
import { otherCall } from "./other-call.ts";
import { CallReader, follow } from "./progress.ts";
import type { Decision } from "./situation.ts";

/** What a model answers: text, or calls of the tools that it was given. */
export interface PlannedAnswer {
  content: string;
  toolCalls: { name: string; arguments: string }[];
}

export interface Planner {
  plan(request: ChatRequest): PlannedAnswer;
}

/** What is known of a system prompt: its APIs, and the way to each goal seen with it. */
interface Prepared {
  catalogue: Catalogue;
  reader: CallReader;
  itineraries: Map<string, Itinerary>;
}

const PROMPTS_KEPT = 16;
const GOALS_KEPT = 64;

/**
 * A planner in place of a language model: it sees the messages and tools of a request and nothing else, keeps nothing
 * between requests but what it has worked out of a prompt's text, and answers the same request always the same.
 */
export function createPlanner(): Planner {
  const prompts = new Map<string, Prepared>();

  const prepare = (system: string): Prepared => {
    let prepared = prompts.get(system);
    if (prepared === undefined) {
      const catalogue = new Catalogue(parseApi(system));
      prepared = { catalogue, reader: new CallReader(catalogue), itineraries: new Map() };
      remember(prompts, system, prepared, PROMPTS_KEPT);
    }
    return prepared;
  };

  return {
    plan(request) {
      const tools = new Set((request.tools ?? []).flatMap((tool) => tool.function?.name ?? []));
      const view = viewOf(request);
      if (view === undefined)
        return answer([{ kind: "finish", reason: "There is no goal to work for." }], tools);
      const system = request.messages
        .filter(({ role }) => role === "system")
        .map(({ content }) => content ?? "");
      const prepared = prepare(system.length === 1 ? (system[0] as string) : system.join("\n"));
      const { catalogue } = prepared;
      const itinerary = itineraryOf(prepared, view);
      const progress = follow(prepared.reader.read(view), itinerary, view.dropped > 0);
      const manner = mannerOf(view.persona);
      const situation = { catalogue, itinerary, view, progress, seed: request.seed ?? 0, manner, tools };
      const decided = decide(situation);
      const decision = manner.errs ? mischievous(decided, situation) : decided;
      const more = decision === decided ? ahead(decision, situation) : [];
      return answer([decision, ...more], tools, catalogue);
    },
  };
}

function itineraryOf({ catalogue, itineraries }: Prepared, view: ReadView): Itinerary {
  const data = view.facts.filter(isData);
  const key = `${view.goal}\n${data.map(form).join("\n")}`;
  let itinerary = itineraries.get(key);
  if (itinerary === undefined) {
    itinerary = planGoal(view.goal, catalogue, data);
    remember(itineraries, key, itinerary, GOALS_KEPT);
  }
  return itinerary;
}

/** What of a column decides where it goes: its name, and the form of its value, so that all rows share one plan. */
function form({ name, value }: ViewFact): string {
  const kind = isPlaceholder(value)
    ? "secret"
    : value
        .replaceAll(/\d+/g, "9")
        .replaceAll(/[a-z]+/g, "a")
        .replaceAll(/[A-Z]+/g, "A")
        .slice(0, 24);
  return `${name} ${kind}`;
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value, most: number): void {
  if (map.size >= most) {
    const [oldest] = map.keys();
    if (oldest !== undefined) map.delete(oldest);
  }
  map.set(key, value);
}

/** The view in the last message of the user, or undefined where that is no view. */
function viewOf(request: ChatRequest): ReadView | undefined {
  const text = request.messages.findLast(
    ({ role, content }) => role === "user" && content?.startsWith("# Goal"),
  )?.content;
  if (text === undefined || text === null) return undefined;
  try {
    return parseView(text);
  } catch {
    return undefined;
  }
}

function answer(
  decisions: readonly Decision[],
  tools: ReadonlySet<string>,
  catalogue?: Catalogue,
): PlannedAnswer {
  const toolCalls: PlannedAnswer["toolCalls"] = [];
  for (const decision of decisions) {
    const call = toolCall(decision, catalogue);
    if (tools.has(call.name)) {
      toolCalls.push(call);
      continue;
    }
    if (toolCalls.length > 0) break;
    const reason = decision.kind === "finish" ? decision.reason : `There is no tool ${call.name}.`;
    if (!tools.has("finish")) return { content: reason, toolCalls };
    return { content: "", toolCalls: [{ name: "finish", arguments: writeJson({ reason }) }] };
  }
  return { content: "", toolCalls };
}

function toolCall(decision: Decision, catalogue: Catalogue | undefined): { name: string; arguments: string } {
  if (decision.kind === "finish")
    return { name: "finish", arguments: writeJson({ reason: decision.reason }) };
  if (decision.kind === "keep")
    return { name: "state_update", arguments: writeJson({ set: { [decision.name]: decision.value } }) };
  if (decision.kind === "submit") {
    const { target, form, fields } = decision;
    return { name: "submit_form", arguments: writeJson({ api_name: target, form, fields }) };
  }
  const { target, method, path, query, headers, data } = decision.request;
  if (!isMethod(method)) return otherCall(decision.request, catalogue?.at(target, method, path));
  return {
    name: `http_${method.toLowerCase()}`,
    arguments: writeJson({ api_name: target, path, query, headers, data }),
  };
}
