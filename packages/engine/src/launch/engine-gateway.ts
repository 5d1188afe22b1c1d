import { createGateway } from "@ape/gateway/gateway";
import { ApiReader } from "@ape/gateway/openapi/api-reader";
import { systemClock } from "../host/clock.ts";
import type { Project } from "../project/project.ts";
import { openExternalGateway } from "../worker/external-gateway.ts";
import type { EngineGateway } from "./launcher.ts";
import { engineGateway } from "./remote-gateway.ts";

/**
 * A gateway for the engine's own requests (setup, teardown, connection checks). `allow`, `deny` and `readOnly` hold for
 * them as for agents; only the default of `allow` (the operations of the document) does not, because the user's own
 * requests are rarely documented. A gateway elsewhere obeys its own file.
 */
export async function openEngineGateway(
  { config, directory, environment }: Pick<Project, "config" | "directory" | "environment">,
  documents = new ApiReader(),
): Promise<EngineGateway> {
  const elsewhere = await openExternalGateway(config);
  if (elsewhere !== undefined) return engineGateway(elsewhere);
  const targets = Object.fromEntries(
    Object.entries(config.targets).map(([name, target]) => [
      name,
      { ...target, allow: target.allow ?? ["* /**"] },
    ]),
  );
  return createGateway({ targets, clock: systemClock, baseDir: directory, env: environment, documents });
}
