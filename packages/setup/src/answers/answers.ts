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
  /** Each call says who makes it (HTTP basic), so that every goal needs a row. */
  everyGoal?: true;
  /** Rows to write if the file does not exist yet, a header first. */
  sample?: { columns: string[]; rows: string[][] };
}

/** Further systems under test, besides the main one. */
export interface TargetAnswer {
  name: string;
  kind: TargetKind;
  /** Empty for an MCP server that `command` starts. */
  baseUrl: string;
  command?: string[];
  /** A path relative to the project's folder, or a URL. */
  spec?: string;
  auth: AuthKind;
  /** The token URL of OAuth 2.0; the header of an API key. */
  tokenUrl?: string;
  allow?: string[];
  authorized: boolean;
}

/** All answers of the wizard, from which a configuration is made. */
export interface Answers {
  target: TargetAnswer;
  data?: DataAnswer;
  goals: GoalDraft[];
  agents: number;
  /** As written: `2m`. */
  duration: string;
  /** Instead of agents and duration. */
  stages?: { duration: string; agents: number }[];
  /** Instead of the default ones. */
  thresholds?: Record<string, string[]>;
  provider: ProviderName;
  model?: string;
  /** For `custom`. */
  providerUrl?: string;
  /** The variable that holds the provider's key. */
  keyVariable?: string;
  runtime: Runtime;
  /** Observability services of a run in containers. */
  observability: Observability;
  /** The Docker image under test, if it is one. */
  image?: string;
  ci: Ci;
}

/** Defaults of `ape-test init --yes`. */
export const DEFAULTS = {
  target: "http://127.0.0.1:3000",
  /** Address of the image under test for containers. */
  imagePort: 8080,
  agents: 10,
  duration: "1m",
  sampleRows: 10,
  dataFile: "./accounts.csv",
} as const;

/** The environment variables of a target's credentials, by its name. */
export function credentialVariables({ name, auth }: Pick<TargetAnswer, "name" | "auth">): string[] {
  const prefix = name.toUpperCase().replaceAll(/[^A-Z\d]/g, "_");
  if (auth === "bearer") return [`${prefix}_TOKEN`];
  if (auth === "basic") return [`${prefix}_USER`, `${prefix}_PASSWORD`];
  if (auth === "apiKey") return [`${prefix}_API_KEY`];
  if (auth === "oauth2") return [`${prefix}_CLIENT_ID`, `${prefix}_CLIENT_SECRET`];
  return [];
}
