import type { Environment } from "@ape/core/config/environment";
import type { ProviderName } from "@ape/core/config/inference";
import type { ApiDescription } from "@ape/core/protocol/api";
import type { PublishedService } from "../compose/published-services.ts";
import type { Imported, ImportKind } from "../import/imported.ts";
import type { TargetAnswer } from "./answers.ts";

/** Result of inspecting the target. */
export interface TargetInspection {
  /** True, or why nothing answers there. */
  reachable: true | string;
  /** The description from its spec, its schema, its tools or its pages; absent if there is none. */
  api?: ApiDescription;
  /** Why its spec could not be read. */
  problem?: string;
}

/** What of a web application is wanted to be seen. */
export interface LookWishes {
  /** The first row of a data file: the application is read as it is shown to this user. */
  account?: Readonly<Record<string, string>>;
  /** Goals in words: what they name is searched for. */
  goals?: readonly string[];
}

/** Requirements of a provider. */
export interface ProviderFacts {
  /** Decides in APE's own process: no address, no key, no network. */
  simulated?: true;
  /** A self-hosted server, which costs no money. */
  free?: true;
  keyVariable?: string;
  defaultModel?: string;
  baseUrl?: string;
  /** Its known models. */
  models?: Readonly<Record<string, { price?: object | undefined }>>;
}

/** The answer to a read of the target. */
export interface UrlAnswer {
  status: number;
  type: string;
  text: string;
  /** Of a 401: which credentials it asks for (`WWW-Authenticate`). */
  challenge?: string;
}

/** Everything that setup reads from outside, to check answers against. */
export interface SetupEnvironment {
  environment: Environment;
  /** Base directory of paths that users give. */
  cwd: string;
  /** The project's folder. */
  directory: string;
  providers: Readonly<Record<ProviderName, ProviderFacts>>;
  /**
   * Inspects a target, without changing anything there. Paths in it are relative to {@link directory}. Never rejects.
   * @param wanted of a web application: as whom it is read, and what it is searched for
   */
  look(target: TargetAnswer, wanted?: LookWishes): Promise<TargetInspection>;
  /** Reads an address of the target's own host; undefined if no answer came in time. */
  read(url: string): Promise<UrlAnswer | undefined>;
  /** Services of a Compose file in the folder, with the name of that file. */
  services(): Promise<{ file: string; services: PublishedService[] } | undefined>;
  /** Whether a port of loopback is free. */
  isFree(port: number): Promise<boolean>;
  /**
   * Reads a file of another tool, or a URL; `spec` is the API document where it is one. `environment` is the file of a
   * Postman environment.
   * @throws ApeError FILE_MISSING, SPEC_INVALID, USAGE
   */
  importFrom(
    kind: ImportKind,
    source: string,
    environment?: string,
  ): Promise<{ imported: Imported; spec?: string }>;
  /** Whether an address is neither loopback nor private: such a target needs the user's confirmation. */
  isPublic(url: string): boolean;
}
