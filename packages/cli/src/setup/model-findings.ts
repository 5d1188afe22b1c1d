import type { ProviderName } from "@ape/core/config/inference";
import { systemClock } from "@ape/engine/host/clock";
import type { Project } from "@ape/engine/project/project";
import { type ModelProbe, probeModel } from "@ape/inference/model-probe";
import { isSimulated, PROVIDERS } from "@ape/inference/providers/provider-list";
import type { DoctorFinding } from "./doctor-finding.ts";
import { probeReader } from "./probe-reader.ts";

/** Longest time for the calls of a probe, in milliseconds; a model that has to be loaded first takes long. */
const PROBE_MS = 180_000;

/**
 * Makes one tool call against the configured model and reports what it shows, with advice for each lack.
 * @throws ApeError if the configuration lacks what a call needs
 */
export async function tryModel(
  project: Pick<Project, "config" | "environment" | "directory" | "secrets">,
): Promise<DoctorFinding[]> {
  const { config, environment, directory, secrets } = project;
  const { provider, replay } = config.inference;
  if (replay !== undefined)
    return [{ name: "model call", ok: true, message: "answers are replayed: there is nothing to try" }];
  if (isSimulated(provider))
    return [{ name: "model call", ok: true, message: "the simulated model takes everything" }];
  const probe = await probeModel(
    { config: config.inference, clock: systemClock, env: environment, baseDir: directory, secrets },
    probeReader,
    AbortSignal.timeout(PROBE_MS),
  );
  return modelFindings(provider, probe);
}

/**
 * Findings of a probe. Only what keeps agents from deciding fails; other lacks are reported with their consequences.
 */
function modelFindings(provider: ProviderName, probe: ModelProbe): DoctorFinding[] {
  if (probe.error !== undefined && probe.json !== true)
    return [
      {
        name: "model call",
        ok: false,
        message: `${probe.provider} does not answer for ${probe.model}: ${probe.error}${callAdvice(probe.error, probe.status)}`,
      },
      ...refused(probe),
    ];
  return [
    {
      name: "model call",
      ok: true,
      message: `${probe.model} answered in ${Math.round(probe.durationMs)} ms`,
    },
    tools(provider, probe),
    ...(probe.tools === "called" ? [strict(probe)] : []),
    ...(probe.error === undefined ? [streaming(probe), usage(probe)] : []),
    {
      name: "model seed",
      ok: true,
      message: probe.seed
        ? "taken: equal prompts may get equal answers"
        : "not taken: two runs with the same `seed` get different answers",
    },
    ...refused(probe),
  ];
}

/** What to do, where the error does not say it. */
function callAdvice(error: string, status: number): string {
  if (/cut off at its longest length/.test(error))
    return "; raise `inference.maxCompletionTokens`, or make the model reason less: `inference.request.add: { reasoning_effort: low }`";
  if (status === 401 || status === 403)
    return "; see that the key is whole, of this provider, and may use this model";
  if (status === 402) return "; the account needs money";
  if (status === 404) return "; correct `inference.model` or `inference.baseUrl`";
  if (status === 429) return "; its limits are used up: try later, or another key";
  if (status === 0) return "; see that `inference.baseUrl` is right and the server runs";
  return "";
}

function tools(provider: ProviderName, { tools: found, said, json, error }: ModelProbe): DoctorFinding {
  if (found === "called")
    return { name: "model tools", ok: true, message: "the tool was called as asked for" };
  const what =
    error !== undefined
      ? `a request with tools is refused: ${error}`
      : found === "malformed"
        ? `the tool was called with a wrong name or wrong arguments: ${said}`
        : `the tool was not called; the answer was ${said === "" ? "empty" : `"${said}"`}`;
  const { toolsAdvice } = PROVIDERS[provider];
  const server = toolsAdvice === undefined ? "" : `${toolsAdvice}, or `;
  const advice =
    json === true
      ? `${server}set \`inference.decisions: json\`: JSON of a schema is answered well`
      : `${server}take another model: JSON of a schema is not answered either`;
  return { name: "model tools", ok: json === true, message: `${what}; ${advice}` };
}

function strict({ strict: taken }: ModelProbe): DoctorFinding {
  const message = taken
    ? "taken, where a client asks for it: agents send typed tools without the mark, and repair or explain what breaks a schema"
    : "not taken: agents do not need it; they repair or explain arguments that break a schema";
  return { name: "model strict schemas", ok: true, message };
}

function streaming({ streamed, firstTokenMs }: ModelProbe): DoctorFinding {
  const first = firstTokenMs === undefined ? "" : `, first token after ${Math.round(firstTokenMs)} ms`;
  const message = streamed
    ? `the answer came as a stream${first}`
    : "the answer came in one piece: `time_to_first_token` has no values";
  return { name: "model streaming", ok: true, message };
}

function usage({ usage: told }: ModelProbe): DoctorFinding {
  const message = told
    ? "the answer tells its tokens"
    : "the answer does not tell its tokens: `tokens_input`, `tokens_output` and `cost_usd` are estimates";
  return { name: "model usage", ok: true, message };
}

/** Refused fields: the run learns them too, at the cost of one refused call each. */
function refused({ notices }: ModelProbe): DoctorFinding[] {
  return notices.map((message) => ({ name: "model fields", ok: true, message }));
}
