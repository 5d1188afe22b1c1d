import { operationOfDraft } from "@ape/catalog/checks/check-draft";
import { type Clause, clausesOf } from "@ape/catalog/goal/clause";
import { kubernetesSettings } from "@ape/core/config/runtime/kubernetes";
import { Document, isMap, isScalar, type Pair, YAMLMap, YAMLSeq } from "yaml";
import { type Answers, credentialVariables, type TargetAnswer } from "../answers/answers.ts";
import { asksToSignIn, type GoalDraft } from "../answers/suggest.ts";

/** Path of the schema for editors, once the package is installed. */
const SCHEMA = "./node_modules/ape-test/schema/ape.config.schema.json";
/** The default, written so that it is seen. */
const KUBERNETES_IMAGE = kubernetesSettings.parse({}).image;
const PROMPT_FILE = "./ape.prompt.md";

/** Comment above each part. */
const COMMENTS: Record<string, string> = {
  targets: " The systems under test. Agents reach nothing else.",
  compose: " What `ape-test start --runtime compose` runs beside the agents.",
  kubernetes:
    " The pods of a run. `image` must be a name under which your nodes can pull it. Without `namespace`, it is the\n context's; `ape-test doctor --runtime kubernetes` tests access, rights and quota.",
  inference: " Where decisions come from. `simulated` needs no key and no network.",
  goals:
    " What agents want, in words, and the checks that prove it: `action` is something that the session itself must have\n done, `probe` is a question that APE asks by itself. What the model says of its success counts for nothing.",
  load: " How many agents, for how long. Words for other shapes: sessions, stages, arrivals.",
  thresholds: " Pass or fail, in k6's grammar: a crossed one ends the command with exit code 99.",
};

/** The text of ape.config.yaml: the answers serialized as YAML, with comments and the schema's line. */
export function configFileOf(answers: Answers): string {
  const document = new Document(configOf(answers), { aliasDuplicateObjects: false });
  document.commentBefore = ` yaml-language-server: $schema=${SCHEMA}\n A load test by agents. Check it with \`ape-test validate\`, run it with \`ape-test start\`.`;
  if (!isMap(document.contents)) return document.toString();
  for (const pair of document.contents.items as Pair[]) {
    if (!isScalar(pair.key)) continue;
    const comment = COMMENTS[String(pair.key.value)];
    pair.key.spaceBefore = comment !== undefined;
    if (comment !== undefined) pair.key.commentBefore = comment;
  }
  compact(document.contents);
  return document.toString({ lineWidth: 110, flowCollectionPadding: true });
}

/** Small maps and lists on one line, as people write them. */
function compact(node: unknown, depth = 0): void {
  if (node instanceof YAMLMap) {
    const leaves = node.items.every((pair) => isScalar(pair.value));
    if (leaves && depth > 2 && node.items.length <= 4) node.flow = true;
    for (const pair of node.items) {
      const key = isScalar(pair.key) ? pair.key.value : "";
      if (
        depth > 1 &&
        (key === "action" || key === "probe" || key === "auth") &&
        pair.value instanceof YAMLMap
      )
        pair.value.flow = true;
      else compact(pair.value, depth + 1);
    }
  } else if (node instanceof YAMLSeq) {
    if (node.items.every(isScalar)) node.flow = true;
    for (const item of node.items) compact(item, depth + 1);
  }
}

/** The configuration as plain values. */
function configOf(answers: Answers): Record<string, unknown> {
  const { target, data, goals, agents, duration, runtime } = answers;
  const signing = goals.filter(({ prompt }) => asksToSignIn(prompt));
  // If no goal mentions a login, any of them may need one.
  const needing = signing.length > 0 && data?.everyGoal !== true ? signing : goals;
  return {
    version: 1,
    runtime,
    targets: { [target.name]: targetOf(target, goals) },
    ...composeOf(answers),
    ...(runtime === "kubernetes" ? { kubernetes: { image: KUBERNETES_IMAGE } } : {}),
    inference: inferenceOf(answers),
    goals: goals.map((goal) => ({
      name: goal.name,
      prompt: goal.prompt,
      ...(data === undefined || !needing.includes(goal)
        ? {}
        : {
            data: {
              file: data.file,
              unique: true,
              ...(data.secret.length > 0 ? { secret: data.secret } : {}),
            },
          }),
      success: goal.success,
      budget: { steps: stepsFor(goal.prompt), time: "2m", tokens: "auto" },
    })),
    load: {
      ...(answers.stages === undefined
        ? { agents, duration, rampUp: agents > 10 ? "10s" : "2s" }
        : { stages: answers.stages }),
      gracefulStop: "30s",
      thinkTime: { lognormal: { median: "400ms", p95: "1200ms" } },
    },
    thresholds: answers.thresholds ?? {
      session_success: ["rate>0.95"],
      action_duration: ["p(95)<500ms"],
      // A session of one action has no time between two: the threshold would have no data, and fail.
      ...(goals.some(({ prompt }) => clausesIn(prompt).length > 1)
        ? { time_between_actions: ["avg<1s"] }
        : {}),
    },
  };
}

/** What a goal asks for, apart from introductions and prohibitions. */
const clausesIn = (prompt: string): Clause[] => clausesOf(prompt, new Set()).filter(({ active }) => active);

/** Enough steps for a goal: some for each of its clauses. */
const stepsFor = (prompt: string): number =>
  Math.max(FEWEST_STEPS, STEPS_EACH * clausesOf(prompt, new Set()).length);
const FEWEST_STEPS = 30;
const STEPS_EACH = 4;

/** The part for containers, if it differs from the defaults. */
function composeOf({ observability, image }: Answers): { compose?: Record<string, unknown> } {
  const compose = {
    ...(observability === "metrics" ? {} : { observability }),
    ...(image === undefined ? {} : { target: { image } }),
  };
  return Object.keys(compose).length === 0 ? {} : { compose };
}

function targetOf(target: TargetAnswer, goals: readonly GoalDraft[]): Record<string, unknown> {
  const { kind, baseUrl, command, spec, authorized } = target;
  const allow = target.allow ?? allowedByChecks(target, goals);
  const auth = authOf(target);
  return {
    kind,
    ...(command === undefined ? { baseUrl } : { command }),
    ...(spec === undefined ? {} : { spec }),
    ...(auth === undefined ? {} : { auth }),
    ...(allow === undefined ? {} : { allow }),
    ...(authorized ? { authorized } : {}),
  };
}

/** Operations that agents need besides reads without an API document: those that checks name. */
export function allowedByChecks(
  { kind, spec }: Pick<TargetAnswer, "kind" | "spec">,
  goals: readonly GoalDraft[],
): string[] | undefined {
  if (kind !== "rest" || spec !== undefined) return undefined;
  const named = goals.flatMap(({ success }) => success).map(operationOfDraft);
  const writes = named.filter((operation) => !operation.startsWith("GET ") && operation.includes(" /"));
  return writes.length === 0 ? undefined : [...new Set(["GET /**", ...named])];
}

function authOf(target: TargetAnswer): Record<string, unknown> | undefined {
  const [first = "", second = ""] = credentialVariables(target).map((name) => `\${${name}}`);
  if (target.auth === "bearer") return { bearer: first };
  if (target.auth === "basic") return { basic: { username: first, password: second } };
  if (target.auth === "apiKey") return { apiKey: { in: "header", name: "x-api-key", value: first } };
  if (target.auth === "oauth2")
    return {
      oauth2: {
        tokenUrl: target.tokenUrl ?? new URL("/oauth/token", target.baseUrl).href,
        clientId: first,
        clientSecret: second,
      },
    };
  return undefined;
}

function inferenceOf({ provider, model, providerUrl, keyVariable }: Answers): Record<string, unknown> {
  return {
    provider,
    ...(providerUrl === undefined ? {} : { baseUrl: providerUrl }),
    ...(model === undefined ? {} : { model }),
    ...(keyVariable === undefined ? {} : { apiKey: `\${${keyVariable}}`, maxCost: "5 USD" }),
    instructions: PROMPT_FILE,
  };
}
