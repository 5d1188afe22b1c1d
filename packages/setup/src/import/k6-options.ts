import { parseDuration } from "@ape/core/lib/duration";
import { isMetricName } from "@ape/core/metrics/metrics";
import { parseThreshold } from "@ape/core/metrics/threshold";
import type { Expression } from "acorn";
import type { Imported } from "./imported.ts";
import { lineOf, propertiesOf, type ScriptValues } from "./k6-value.ts";

/** The names of k6's metrics in APE. */
const METRICS: Readonly<Record<string, string>> = {
  http_req_duration: "action_duration",
  http_req_failed: "action_failed",
  checks: "session_success",
  iteration_duration: "session_duration",
  http_reqs: "actions",
};
const MOST_AGENTS = 1_000_000;
/** Maximum milliseconds of a timer: about 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

/** Load and thresholds of a script's `options`. */
export interface ScriptOptions {
  load: Pick<Imported, "agents" | "duration" | "stages">;
  thresholds: Record<string, string[]>;
}

/**
 * Reads a script's `options`. Each option without a counterpart, or with an unusable value, is listed with its line.
 * @param skipped receives those
 */
export function readOptions(value: Expression, values: ScriptValues, skipped: string[]): ScriptOptions {
  return new OptionsReader(values, skipped).read(value);
}

class OptionsReader {
  readonly #values: ScriptValues;
  readonly #skipped: string[];
  readonly #found: ScriptOptions = { load: {}, thresholds: {} };

  constructor(values: ScriptValues, skipped: string[]) {
    this.#values = values;
    this.#skipped = skipped;
  }

  read(value: Expression): ScriptOptions {
    const options = this.#values.resolve(value);
    if (options.type !== "ObjectExpression") {
      this.#leave(value, "options that only the running script knows");
      return this.#found;
    }
    for (const [name, inner] of propertiesOf(options)) {
      const place = `options.${name}`;
      if (name === "thresholds") this.#thresholds(inner);
      else if (name === "scenarios") this.#scenarios(inner);
      else if (name === "vus") this.#agents(inner, place);
      else if (name === "duration") this.#duration(inner, place);
      else if (name === "stages") this.#stages(inner, place);
      else if (name === "iterations") this.#leave(inner, `${place}: use \`load.sessions\``);
      else this.#leave(inner, place);
    }
    // k6 uses the stages if both are given.
    if (this.#found.load.stages !== undefined) {
      delete this.#found.load.duration;
      delete this.#found.load.agents;
    }
    return this.#found;
  }

  #leave(node: Expression, what: string): void {
    this.#skipped.push(`line ${lineOf(node)}: ${what}`);
  }

  #agents(node: Expression, place: string): void {
    const agents = agentsOf(this.#values.plain(node), 1);
    if (agents === undefined)
      this.#leave(node, `${place}: ${shown(this.#values.plain(node))} is no number of agents`);
    else this.#found.load.agents = agents;
  }

  #duration(node: Expression, place: string): void {
    const duration = durationOf(this.#values.plain(node));
    if (duration === undefined)
      this.#leave(node, `${place}: ${shown(this.#values.plain(node))} is no duration`);
    else this.#found.load.duration = duration;
  }

  #stages(node: Expression, place: string): void {
    const list = this.#values.plain(node);
    const stages: { duration: string; agents: number }[] = [];
    for (const [index, stage] of (Array.isArray(list) ? list : []).entries()) {
      const { duration: time, target } = (stage ?? {}) as { duration?: unknown; target?: unknown };
      const duration = durationOf(time, 0);
      const agents = agentsOf(target, 0);
      if (duration === undefined || agents === undefined)
        this.#leave(node, `${place}[${index}]: ${shown(stage)} is no stage`);
      // A ramp without a duration is a step: the next stage begins at that number.
      else if (parseDuration(duration) === 0) this.#leave(node, `${place}[${index}]: a stage of no duration`);
      else stages.push({ duration, agents });
    }
    if (stages.length > 0) this.#found.load.stages = stages;
    else this.#leave(node, `${place}: no stage can be read`);
  }

  /** The first scenario with a counterpart becomes the load; the others are listed. */
  #scenarios(node: Expression): void {
    const scenarios = this.#values.resolve(node);
    if (scenarios.type !== "ObjectExpression") {
      this.#leave(node, "options.scenarios");
      return;
    }
    let taken = false;
    for (const [name, inner] of propertiesOf(scenarios)) {
      const place = `options.scenarios.${name}`;
      const scenario = this.#values.resolve(inner);
      const parts = new Map(scenario.type === "ObjectExpression" ? propertiesOf(scenario) : []);
      const given = parts.get("executor");
      const executor = given === undefined ? undefined : this.#values.plain(given);
      const vus = parts.get("vus");
      const stages = parts.get("stages");
      const duration = parts.get("duration") ?? parts.get("maxDuration");
      const counterpart =
        executor === "constant-vus" ||
        executor === "shared-iterations" ||
        executor === "per-vu-iterations" ||
        (executor === "ramping-vus" && stages !== undefined);
      if (taken || !counterpart) {
        const arrivals = /arrival-rate$/.test(String(executor)) ? ": write it as `load.arrivals`" : "";
        this.#leave(inner, `${place}: ${shown(executor)}${taken ? ", beside another scenario" : arrivals}`);
        continue;
      }
      taken = true;
      if (executor === "ramping-vus" && stages !== undefined) this.#stages(stages, `${place}.stages`);
      else {
        if (vus !== undefined) this.#agents(vus, `${place}.vus`);
        if (duration !== undefined) this.#duration(duration, `${place}.duration`);
        else if (executor === "constant-vus") this.#leave(inner, `${place}: it has no duration`);
      }
      for (const [key, value] of parts)
        if (!/^(?:executor|vus|stages|duration|maxDuration|gracefulStop|gracefulRampDown)$/.test(key))
          this.#leave(value, `${place}.${key}${key === "iterations" ? ": use `load.sessions`" : ""}`);
    }
  }

  #thresholds(node: Expression): void {
    const all = this.#values.resolve(node);
    if (all.type !== "ObjectExpression") {
      this.#leave(node, "options.thresholds");
      return;
    }
    for (const [selector, value] of propertiesOf(all)) {
      const metric = METRICS[selector] ?? selector;
      const list = this.#values.plain(value);
      const expressions: string[] = [];
      for (const one of Array.isArray(list) ? list : [list]) {
        const { threshold, abortOnFail, delayAbortEval } = (
          typeof one === "object" && one !== null ? one : {}
        ) as {
          threshold?: unknown;
          abortOnFail?: unknown;
          delayAbortEval?: unknown;
        };
        const expression = typeof one === "string" ? one : threshold;
        if (!isMetricName(metric) || typeof expression !== "string" || !isExpression(metric, expression)) {
          this.#leave(
            value,
            `threshold of ${selector}${expression === undefined ? "" : `: ${shown(expression)}`}`,
          );
          continue;
        }
        expressions.push(expression);
        if (abortOnFail === true || delayAbortEval !== undefined)
          this.#leave(value, `threshold of ${selector}: abortOnFail of ${shown(expression)}`);
      }
      if (expressions.length > 0) this.#found.thresholds[metric] = expressions;
    }
  }
}

function isExpression(metric: Parameters<typeof parseThreshold>[0], expression: string): boolean {
  try {
    parseThreshold(metric, expression);
    return true;
  } catch {
    return false;
  }
}

function agentsOf(value: unknown, least: number): number | undefined {
  const number = typeof value === "string" && /^\d+$/.test(value) ? Number(value) : value;
  return typeof number === "number" && Number.isInteger(number) && number >= least && number <= MOST_AGENTS
    ? number
    : undefined;
}

/** Converts a duration of k6, with days and plain milliseconds, to one of APE's. */
function durationOf(value: unknown, least = 1): string | undefined {
  const text = typeof value === "number" ? `${value}ms` : value;
  if (typeof text !== "string") return undefined;
  const days = /^(\d+(?:\.\d+)?)d(.*)$/.exec(text.trim());
  const whole = days === null ? text.trim() : `${Number(days[1]) * 24}h${days[2]}`;
  const ms = parseDuration(whole);
  return ms === undefined || ms < least || ms > LONGEST_MS ? undefined : whole;
}

function shown(value: unknown): string {
  if (value === undefined) return "what only the running script knows";
  const text = typeof value === "string" ? value : JSON.stringify(value);
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
