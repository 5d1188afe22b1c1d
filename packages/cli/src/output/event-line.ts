import { writeJson } from "@ape/core/lib/lossless-number";
import type { Event } from "@ape/core/protocol/events";
import { printable } from "./printable.ts";

/** The parts of APE that `logs` can be limited to, with their names among the containers. */
export const SERVICES: Readonly<Record<string, string>> = {
  agents: "agents",
  llama_agent: "agents",
  gateway: "gateway",
  mcp_gateway: "gateway",
  inference: "inference",
  cerebras_proxy: "inference",
  engine: "engine",
};

/** The parts of APE that an event concerns: an answered action concerns the gateway as much as the agent. */
export function servicesOf(event: Event): string[] {
  return event.type === "step" && event.action !== undefined ? ["agents", "gateway"] : [serviceOf(event)];
}

function serviceOf(event: Event): string {
  switch (event.type) {
    case "inference":
      return "inference";
    case "action_sent":
    case "probe":
    case "verification":
    case "hook":
      return "gateway";
    case "run_started":
    case "run_ended":
    case "session_dropped":
    case "bus_outage":
      return "engine";
    case "log":
    case "health":
      return event.part.startsWith("agents") ? "agents" : "engine";
    default:
      return "agents";
  }
}

/** An event as one readable line, time of day first. */
export function eventLine(event: Event): string {
  const time = new Date(event.at).toISOString().slice(11, 23);
  const session = "session" in event ? ` ${event.session}` : "";
  return printable(`${time} ${serviceOf(event).padEnd(9)}${session} ${words(event)}`);
}

const ms = (value: number): string => `${Math.round(value)} ms`;

function words(event: Event): string {
  switch (event.type) {
    case "run_started":
      return `run ${event.run} begins, seed ${event.seed}`;
    case "run_ended":
      return `run ${event.status}: ${event.reason}`;
    case "agents":
      return `agents-${event.worker}: ${event.active} active, ${event.waiting} waiting`;
    case "session_started":
      return `${event.agent} takes goal ${event.goal}${event.row === undefined ? "" : `, row ${event.row}`}, trace ${event.trace}`;
    case "session_dropped":
      return "an arrival found no free agent";
    case "action_sent":
      return `step ${event.step} sends ${event.target} ${event.method} ${event.path}`;
    case "step":
      return event.action === undefined
        ? `step ${event.step} ${event.tool} ${writeJson(event.args)}`
        : `step ${event.step} ${event.action.operation} -> ${event.action.error?.code ?? event.action.status} in ${ms(event.action.durationMs)}${event.action.attribution === undefined ? "" : ` (${event.action.attribution})`}`;
    case "decision_invalid":
      return `step ${event.step} invalid decision: ${event.reason}`;
    case "inference":
      return `step ${event.step} ${event.model} ${event.error ?? `${event.inputTokens} in, ${event.outputTokens} out`} in ${ms(event.durationMs)}`;
    case "probe":
      return `probe ${event.evidence}`;
    case "verification":
      return `verification of step ${event.step} ${event.evidence} (${event.attribution})`;
    case "check":
      return `check ${event.check + 1} holds: ${event.evidence}`;
    case "session_ended":
      return `${event.outcome} after ${event.steps} steps: ${event.reason}`;
    case "session_interrupted":
      return `interrupted after ${event.steps} steps`;
    case "health":
      return `${event.part}: event loop p99 ${event.eventLoopDelayP99Ms} ms, CPU ${Math.round(event.cpu * 100)}%, ${Math.round(event.rssBytes / 1048576)} MiB`;
    case "bus_outage":
      return `the message bus did not answer for ${ms(event.durationMs)}`;
    case "hook":
      return `${event.phase} ${event.operation} -> ${event.error ?? event.status}`;
    case "log":
      return `${event.level} ${event.message}`;
  }
}
