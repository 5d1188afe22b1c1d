import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { targetSchema } from "@ape/core/config/target";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { everyOperation } from "@ape/core/protocol/target-kind";
import { systemClock } from "@ape/engine/host/clock";
import type { Gateway } from "@ape/gateway/gateway";
import { isLoopback, isPrivate } from "@ape/http/address";
import { PROVIDERS } from "@ape/inference/providers/provider-list";
import type { TargetAnswer } from "@ape/setup/answers/answers";
import type {
  LookWishes,
  SetupEnvironment,
  TargetInspection,
  UrlAnswer,
} from "@ape/setup/answers/environment";
import {
  COMPOSE_FILES,
  type PublishedService,
  publishedServices,
} from "@ape/setup/compose/published-services";
import type { Io } from "../io.ts";
import { isPortFree } from "../machine-info.ts";
import { importFrom } from "./import-from.ts";
import { describeWebTarget } from "./web-target.ts";

const READ_MS = 1_500;
const MOST_HOPS = 5;
const MOST_BYTES = 10 * 1024 * 1024;

/** The environment that the wizard checks answers against. */
export function setupEnvironmentOf(io: Pick<Io, "env" | "cwd">, directory: string): SetupEnvironment {
  return {
    environment: io.env,
    cwd: io.cwd,
    directory,
    providers: PROVIDERS,
    look: (target, wanted) => lookAt(target, directory, io, wanted),
    read,
    services: () => servicesIn(directory === io.cwd ? [directory] : [directory, io.cwd], io.env),
    isFree: isPortFree,
    importFrom: (kind, source, environment) => importFrom(kind, source, io.cwd, environment),
    isPublic: (url) => {
      const { hostname } = new URL(url);
      return !isLoopback(hostname) && !isPrivate(hostname);
    },
  };
}

/** The first Compose file of these folders with services that this machine can reach. */
async function servicesIn(
  folders: readonly string[],
  environment: Io["env"],
): Promise<{ file: string; services: PublishedService[] } | undefined> {
  for (const folder of folders)
    for (const file of COMPOSE_FILES) {
      const bytes = await readFile(join(folder, file)).catch(() => undefined);
      const text = bytes === undefined ? undefined : decodeText(bytes).text;
      const services = text === undefined ? [] : publishedServices(text, environment);
      if (services.length > 0) return { file, services };
    }
  return undefined;
}

/** Reads an address; redirects are followed within its origin, as a browser would follow them to the first page. */
async function read(url: string, hops = 0): Promise<UrlAnswer | undefined> {
  const { request } = await import("undici");
  const signal = AbortSignal.timeout(READ_MS);
  try {
    const { statusCode, headers, body } = await request(url, { signal });
    const next = statusCode >= 300 && statusCode < 400 ? ownRedirect(headers.location, url) : undefined;
    if (Number(headers["content-length"] ?? 0) > MOST_BYTES || (next !== undefined && hops < MOST_HOPS)) {
      await body.dump();
      return next === undefined ? undefined : await read(next, hops + 1);
    }
    return {
      status: statusCode,
      type: String(headers["content-type"] ?? ""),
      text: decodeText(await body.bytes()).text,
      ...(statusCode === 401 ? { challenge: [headers["www-authenticate"] ?? ""].flat().join(", ") } : {}),
    };
  } catch {
    return undefined;
  }
}

/** Where a redirect leads, if that has the same origin. */
function ownRedirect(location: string | string[] | undefined, url: string): string | undefined {
  const [to = ""] = [location ?? ""].flat();
  const next = to !== "" && URL.canParse(to, url) ? new URL(to, url) : undefined;
  return next?.origin === new URL(url).origin && next.href !== url ? next.href : undefined;
}

async function lookAt(
  target: TargetAnswer,
  directory: string,
  io: Pick<Io, "env" | "cwd">,
  wanted: LookWishes | undefined,
): Promise<TargetInspection> {
  const { name, kind, baseUrl, command, spec, allow = [] } = target;
  const { createGateway } = await import("@ape/gateway/gateway");
  const open = (withSpec: boolean): Promise<Gateway> =>
    createGateway({
      targets: {
        [name]: targetSchema.parse({
          kind,
          // A target that cannot be introspected or reached now is not waited for.
          timeouts: { connect: "1s", firstByte: "3s", total: "5s" },
          ...(command === undefined ? { baseUrl } : { command }),
          ...(withSpec && spec !== undefined ? { spec } : {}),
          // Without a document its operations are those that `allow` names.
          allow: [...everyOperation(kind), ...allow],
          authorized: true,
        }),
      },
      clock: systemClock,
      // A server is started in the project's folder, which may not be there yet.
      baseDir: command !== undefined && !existsSync(directory) ? io.cwd : resolve(directory),
      env: io.env,
    });
  let gateway: Gateway;
  let problem: string | undefined;
  try {
    gateway = await open(true);
  } catch (thrown) {
    if (!(thrown instanceof ApeError)) throw thrown;
    if (thrown.code === "TARGET_UNREACHABLE") return { reachable: reasonOf(thrown) };
    problem = thrown.message;
    if (kind !== "rest") return { reachable: true, problem };
    gateway = await open(false);
  }
  try {
    const reachable = await gateway.reach(name).then(() => true as const, reasonOf);
    const known = gateway.describe(name);
    const api = kind === "web" && reachable === true ? await describeWebTarget(gateway, name, wanted) : known;
    return {
      reachable,
      ...(api.operations.length > 0 ? { api } : {}),
      ...(problem === undefined ? {} : { problem }),
    };
  } finally {
    await gateway.close();
  }
}

function reasonOf(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message : String(thrown);
  return /ECONNREFUSED|refused/.test(text) ? "connection refused" : text;
}
