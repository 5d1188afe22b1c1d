import type { Observability } from "@ape/core/config/compose";
import type { ProviderName } from "@ape/core/config/inference";
import type { Runtime } from "@ape/core/config/schema";
import type { TargetKind } from "@ape/core/protocol/api";
import type { GoalDraft } from "./suggest.ts";

export const AUTHS = ["none", "bearer", "basic", "apiKey", "oauth2"] as const;
export type AuthKind = (typeof AUTHS)[number];

export const CIS = ["none", "github", "gitlab"] as const;
export type Ci = (typeof CIS)[number];

/** Accounts, or other rows, that sessions draw from. */
export interface DataAnswer {
  /** Relative to the project's folder. */
  file: string;
  secret: string[];
  /** Rows to write where the file is not there yet, a header first. */
  sample?: { columns: string[]; rows: string[][] };
}

/** Further systems under test, beside the one that is asked for. */
export interface TargetAnswer {
  name: string;
  kind: TargetKind;
  /** Empty for an MCP server that `command` starts. */
  baseUrl: string;
  command?: string[];
  /** A path relative to the project's folder, or a URL. */
  spec?: string;
  auth: AuthKind;
  /** Where an OAuth 2.0 token comes from; the header of an API key. */
  tokenUrl?: string;
  allow?: string[];
  authorized: boolean;
}

/** Everything that the wizard asks, and that a configuration is made of. */
export interface Answers {
  target: TargetAnswer;
  data?: DataAnswer;
  goals: GoalDraft[];
  agents: number;
  /** As written: `2m`. */
  duration: string;
  /** In place of agents and duration. */
  stages?: { duration: string; agents: number }[];
  /** In place of the usual ones. */
  thresholds?: Record<string, string[]>;
  provider: ProviderName;
  model?: string;
  /** Of `custom`. */
  providerUrl?: string;
  /** The variable that holds the provider's key. */
  keyVariable?: string;
  runtime: Runtime;
  /** What runs beside a run in containers. */
  observability: Observability;
  /** The Docker image under test, where it is one. */
  image?: string;
  ci: Ci;
}

/** What `ape-test init --yes` takes where nothing is said. */
export const DEFAULTS = {
  target: "http://127.0.0.1:3000",
  /** Where containers reach the image under test. */
  imagePort: 8080,
  agents: 10,
  duration: "1m",
  sampleRows: 10,
  dataFile: "./accounts.csv",
} as const;

/** The environment variables that a target's credentials are kept in, by its name. */
export function credentialVariables({ name, auth }: Pick<TargetAnswer, "name" | "auth">): string[] {
  const prefix = name.toUpperCase().replaceAll(/[^A-Z\d]/g, "_");
  if (auth === "bearer") return [`${prefix}_TOKEN`];
  if (auth === "basic") return [`${prefix}_USER`, `${prefix}_PASSWORD`];
  if (auth === "apiKey") return [`${prefix}_API_KEY`];
  if (auth === "oauth2") return [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
  return [];
}
