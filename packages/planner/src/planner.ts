import { OperationCatalog } from "@ape/catalog/operations/operation-catalog";
import type { JsonObject } from "@ape/core/lib/json";
import { writeJson } from "@ape/core/lib/lossless-number";
import { seedOf } from "@ape/core/lib/random";
import type { ChatRequest, ToolDefinition } from "@ape/core/protocol/chat";
import { isMethod } from "@ape/core/protocol/operations/operation";
import { TOOL_METHODS } from "@ape/core/protocol/tools";
import type { ViewFact } from "@ape/core/protocol/view";
import { adversarialDecision } from "./choice/adversarial.ts";
import { decide } from "./choice/decide.ts";
import { lookAhead } from "./choice/lookahead.ts";
import { parsePersonaTraits } from "./choice/persona-traits.ts";
import { isData, isPlaceholder } from "./goal/fact-assignment.ts";
import { planGoal } from "./goal/goal-planner.ts";
import type { Plan } from "./goal/plan.ts";
import { CallReader, doneBefore, follow } from "./goal/progress.ts";
import type { PlannedAnswer } from "./planned-answer.ts";
import type { PlannerDecision } from "./planning-context.ts";
import { parseApi } from "./prompt/api-reader.ts";
import { withAssumedAnswers } from "./prompt/assumed-answers.ts";
import { asJson, toolsOf } from "./prompt/decision-format.ts";
import { operationToolCall } from "./prompt/operation-tool-call.ts";
import { type OfferedTool, readOperationTools } from "./prompt/tool-reader.ts";
import { parseView, type ReadView } from "./prompt/view-reader.ts";
import { alternativeCall } from "./repair/alternative-call.ts";

export type { PlannedAnswer } from "./planned-answer.ts";

export interface Planner {
  plan(request: ChatRequest): PlannedAnswer;
}

/** What was computed of a system prompt and its tools: the APIs, and the plan of each goal seen with it. */
interface Prepared {
  tools: OfferedTools;
  catalog: OperationCatalog;
  reader: CallReader;
  plans: Map<string, Plan>;
}

/** The tools of a request. */
interface OfferedTools {
  names: ReadonlySet<string>;
  /** The tools of operations, by target, method and path. */
  operations: ReadonlyMap<string, OfferedTool>;
}

/** A seed from what a session's prompts all say. */
const sessionSeed = ({ goal, persona = "", facts }: ReadView): number =>
  seedOf(goal, persona, ...facts.filter(isData).map(({ value }) => value));

const PROMPTS_KEPT = 16;
const GOALS_KEPT = 64;
/** A trait of a field that only one of several forms of its object has. */
const FORMS = /\b(?:of|needed in) form \d/;

/**
 * A planner that replaces a language model: it sees only the messages and tools of a request, keeps only what it has
 * computed from a prompt's text, and always answers the same request identically.
 */
export function createPlanner(): Planner {
  const prompts = new Map<string, Prepared>();

  const toolTexts = new WeakMap<readonly ToolDefinition[], string>();

  const prepare = (system: string, offered: readonly ToolDefinition[], goal: string): Prepared => {
    let tools = toolTexts.get(offered);
    if (tools === undefined) {
      tools = JSON.stringify(offered);
      toolTexts.set(offered, tools);
    }
    // Where a body has several forms, it is the goal that chooses between them.
    const chooses = FORMS.test(tools) || FORMS.test(system);
    const key = `${tools}\n${system}${chooses ? `\n${goal}` : ""}`;
    let prepared = prompts.get(key);
    if (prepared === undefined) {
      prepared = read(system, offered, goal);
      remember(prompts, key, prepared, PROMPTS_KEPT);
    }
    return prepared;
  };

  const plan = (request: ChatRequest): PlannedAnswer => {
    const view = viewOf(request);
    const offered = request.tools ?? toolsOf(request.response_format);
    const system = request.messages
      .filter(({ role }) => role === "system")
      .map(({ content }) => content ?? "");
    const prompt = system.length === 1 ? (system[0] as string) : system.join("\n");
    const prepared = prepare(prompt, offered, view?.goal ?? "");
    const { catalog, tools } = prepared;
    if (view === undefined)
      return answer([{ kind: "finish", reason: "There is no goal to work for." }], tools, catalog);
    const plan = planOf(prepared, view);
    const progress = follow(prepared.reader.read(view), plan, view.dropped > 0, doneBefore(view, catalog));
    const persona = parsePersonaTraits(view.persona);
    const context = {
      catalog,
      plan,
      view,
      progress,
      seed: request.seed ?? 0,
      session: sessionSeed(view),
      persona,
      tools: tools.names,
    };
    const decided = decide(context);
    const decision = persona.errs ? adversarialDecision(decided, context) : decided;
    const more = decision === decided ? lookAhead(decision, context) : [];
    return answer([decision, ...more], tools, catalog);
  };

  return {
    plan: (request) =>
      request.tools === undefined && request.response_format !== undefined
        ? asJson(plan(request))
        : plan(request),
  };
}

function planOf({ catalog, plans }: Prepared, view: ReadView): Plan {
  const data = view.facts.filter(isData);
  const key = `${view.goal}\n${data.map(form).join("\n")}`;
  let plan = plans.get(key);
  if (plan === undefined) {
    plan = planGoal(view.goal, catalog, data);
    remember(plans, key, plan, GOALS_KEPT);
  }
  return plan;
}

/** The parts of a column that decide its use: its name, and the form of its value, so that all rows share one plan. */
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

/** The view in the last user message, or undefined if that is no view. */
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

/** Reads a system prompt and its tools, with the forms of bodies that a goal speaks of. */
function read(system: string, offered: readonly ToolDefinition[], goal: string): Prepared {
  const byName = readOperationTools(offered, goal);
  const apis = parseApi(system, byName, goal).map(withAssumedAnswers);
  const catalog = new OperationCatalog(apis);
  const names = new Set(offered.flatMap((tool) => tool.function?.name ?? []));
  const operations = new Map<string, OfferedTool>();
  const tools = [...byName.values()];
  for (const { target, operations: own } of apis)
    for (const { method, path, tool } of own) {
      const found = tool === undefined ? undefined : tools.find(({ name }) => name === tool);
      if (found !== undefined) operations.set(`${target} ${method} ${path}`, found);
    }
  return { catalog, tools: { names, operations }, reader: new CallReader(catalog), plans: new Map() };
}

function answer(
  decisions: readonly PlannerDecision[],
  tools: OfferedTools,
  catalog: OperationCatalog,
): PlannedAnswer {
  const toolCalls: PlannedAnswer["toolCalls"] = [];
  for (const decision of decisions) {
    const call = toolCall(decision, catalog, tools);
    // Generic tools are accepted even if operations' own tools are offered.
    if (tools.names.has(call.name) || (call.name in TOOL_METHODS && tools.operations.size > 0)) {
      toolCalls.push(call);
      continue;
    }
    if (toolCalls.length > 0) break;
    const reason = decision.kind === "finish" ? decision.reason : `There is no tool ${call.name}.`;
    if (!tools.names.has("finish")) return { content: reason, toolCalls };
    return { content: "", toolCalls: [{ name: "finish", arguments: writeJson({ reason }) }] };
  }
  return { content: "", toolCalls };
}

function toolCall(
  decision: PlannerDecision,
  catalog: OperationCatalog,
  tools: OfferedTools,
): { name: string; arguments: string } {
  if (decision.kind === "finish")
    return { name: "finish", arguments: writeJson({ reason: decision.reason }) };
  if (decision.kind === "keep")
    return { name: "state_update", arguments: writeJson({ set: { [decision.name]: decision.value } }) };
  if (decision.kind === "submit") {
    const { target, form, fields, submit } = decision;
    const args: JsonObject = { api_name: target, form, fields };
    if (submit !== undefined) args.submit = submit;
    return { name: "submit_form", arguments: writeJson(args) };
  }
  const { target, method, path, query, headers, data } = decision.request;
  const operation = catalog.at(target, method, path);
  const own = operation === undefined ? undefined : tools.operations.get(`${target} ${operation.key}`);
  if (!isMethod(method)) return alternativeCall(decision.request, operation, own?.name);
  const typed =
    operation === undefined || own === undefined
      ? undefined
      : operationToolCall(decision.request, operation, own);
  if (typed !== undefined) return typed;
  return {
    name: `http_${method.toLowerCase()}`,
    arguments: writeJson({ api_name: target, path, query, headers, data }),
  };
}
