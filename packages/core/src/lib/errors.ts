/** Process exit codes, in falling precedence (see {@link worstExit}). */
export const EXIT = {
  config: 104,
  crashed: 107,
  interrupted: 105,
  aborted: 108,
  unusable: 111,
  thresholds: 99,
  inconclusive: 110,
  drained: 75,
  ok: 0,
} as const;

export type ExitName = keyof typeof EXIT;

/** What each exit code means, in the words of the reference page. */
export const EXIT_MEANING: Record<ExitName, string> = {
  config: "The configuration, the command line or the environment is invalid; nothing was started.",
  crashed: "A part of APE failed and the run could not continue; what was measured is kept.",
  interrupted: "The run was cut short by Ctrl-C, SIGTERM or `ape-test stop`.",
  aborted: "A threshold with `abortOnFail` or a cost budget ended the run.",
  unusable: "The model gave no usable answer in ten sessions in a row, so the run was ended.",
  thresholds: "The run ended and at least one threshold was crossed.",
  inconclusive:
    "Nothing ended, more than 10% of the sessions were cut off, or recorded events cannot be read: no verdict.",
  drained:
    "`ape-test serve agents` and `serve engine` alone: a signal ended them although their run wants them; start others in their place.",
  ok: "The run ended and every threshold held.",
};

const PRECEDENCE = Object.keys(EXIT) as ExitName[];

/** The exit with the highest precedence. An empty list is `ok`; a name that is none, as of a damaged file, is `crashed`. */
export function worstExit(names: Iterable<ExitName>): ExitName {
  let worst: ExitName = "ok";
  for (const given of names) {
    const name = PRECEDENCE.includes(given) ? given : "crashed";
    if (PRECEDENCE.indexOf(name) < PRECEDENCE.indexOf(worst)) worst = name;
  }
  return worst;
}

/** The exit with a code; undefined for a code that is none of APE's. */
export function exitWith(code: number | undefined): ExitName | undefined {
  return PRECEDENCE.find((name) => EXIT[name] === code);
}

/** Every error code of APE: its exit and its meaning. */
export const ERRORS = {
  CONFIG_NOT_FOUND: { exit: "config", meaning: "There is no configuration file where one was looked for." },
  CONFIG_INVALID: { exit: "config", meaning: "The configuration breaks its schema or contradicts itself." },
  ENV_MISSING: {
    exit: "config",
    meaning: "The configuration names an environment variable that is not set.",
  },
  FILE_MISSING: { exit: "config", meaning: "A file that the configuration names cannot be read." },
  DATA_INVALID: { exit: "config", meaning: "A data file is not CSV or JSON with at least one row." },
  SPEC_INVALID: {
    exit: "config",
    meaning:
      "An API document is neither OpenAPI 3 or Swagger 2.0 nor a GraphQL schema, or refers to what is not read.",
  },
  OPERATION_UNKNOWN: { exit: "config", meaning: "A check names an operation that the target lacks." },
  OPERATION_DENIED: {
    exit: "config",
    meaning: "A check, `setup` or `teardown` names an operation that `allow`, `deny` or `readOnly` forbids.",
  },
  THRESHOLD_INVALID: { exit: "config", meaning: "A threshold is not in the grammar `p(95)<500ms`." },
  USAGE: { exit: "config", meaning: "The command line has an unknown or contradictory option." },
  RUN_NOT_FOUND: { exit: "config", meaning: "There is no such run in this project." },
  RUN_NOT_ACTIVE: { exit: "config", meaning: "The run has ended; it cannot be stopped or scaled." },
  RUN_ACTIVE: {
    exit: "config",
    meaning: "Another run in containers is live in this folder, or the run to continue is.",
  },
  TARGET_UNREACHABLE: { exit: "config", meaning: "A target did not accept a connection before the start." },
  GATEWAY_UNREACHABLE: {
    exit: "config",
    meaning: "The gateway that `gateway.url` names does not answer, refuses the token, or lacks a target.",
  },
  TARGET_NOT_AUTHORIZED: {
    exit: "config",
    meaning: "A target is neither loopback nor private, and `authorized: true` is not set.",
  },
  PORT_IN_USE: { exit: "config", meaning: "A port that a role needs is taken by another program." },
  RUN_DIRECTORY: { exit: "config", meaning: "The run directory cannot be created or written." },
  INTERRUPTED: {
    exit: "interrupted",
    meaning: "Ctrl-C or SIGTERM came before the load began; nothing was measured.",
  },
  HOOK_FAILED: { exit: "crashed", meaning: "A `setup` action failed, so the load was not started." },
  STORE_FULL: { exit: "crashed", meaning: "Events can no longer be written (disk full or failing)." },
  WORKER_DIED: { exit: "crashed", meaning: "A process of the run ended unexpectedly." },
  EXPORT_FAILED: {
    exit: "crashed",
    meaning: "An `--out` destination or `results.upload` could not be written.",
  },
  MODEL_UNKNOWN: { exit: "config", meaning: "The provider does not serve the configured model." },
  MODEL_UNUSABLE: {
    exit: "unusable",
    meaning: "Ten sessions in a row got no answer of the model that is a decision.",
  },
  PROVIDER_FAILED: { exit: "crashed", meaning: "The model provider failed after every retry." },
  CONTAINERS_FAILED: {
    exit: "crashed",
    meaning: "The containers of a run could not be started, or the engine that runs them said no.",
  },
  INTERNAL: { exit: "crashed", meaning: "A defect of APE itself; please report it." },
} as const satisfies Record<string, { exit: ExitName; meaning: string }>;

export type ErrorCode = keyof typeof ERRORS;

export interface ApeErrorOptions {
  /** The next step to take, one sentence. */
  hint?: string;
  cause?: unknown;
  /** Lines that locate the trouble, such as one line for each broken configuration key. */
  details?: readonly string[];
}

/** The one error that APE throws on purpose: a stable code, a message, a hint, a cause. */
export class ApeError extends Error {
  override readonly name = "ApeError";
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly details: readonly string[];

  constructor(code: ErrorCode, message: string, options: ApeErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? [];
  }

  /** The exit that this error leads to. */
  get exit(): ExitName {
    return ERRORS[this.code].exit;
  }
}

/** An unknown thrown value as text: the message of an error and of its causes. */
export function messageOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const inner = thrown.cause === undefined ? "" : messageOf(thrown.cause);
  // Parsers say what is wrong in the first line, and show the text in further ones.
  const first = (inner.split("\n")[0] as string).replace(/:$/, "");
  const isSaid = thrown.message.includes(inner) || (/\w \w/.test(first) && thrown.message.includes(first));
  return isSaid ? thrown.message : `${thrown.message}: ${inner}`;
}
