import { loadProject } from "@ape/engine/project/project";
import { startRun } from "@ape/engine/run/run";
import { afterEach, beforeAll, describe } from "vitest";
import { processIo } from "../../packages/cli/src/io.ts";
import { type LocalEngine, openLocalEngine } from "../../packages/cli/src/kubernetes/local-engine.ts";
import type { ProjectFolder } from "../e2e/ape.ts";
import { inferenceOf, liveSuite } from "../launchers/live-suite.ts";
import { ENV, Namespace } from "./namespace.ts";

/** The scenario `live` runs this file inside of a cluster. */
const isInside = process.env.APE_TEST_INSIDE_CLUSTER !== undefined;

describe.skipIf(!isInside)("live figures of agents in a cluster, with the engine in this process", () => {
  let place: Namespace;
  const engines: LocalEngine[] = [];
  const folders: ProjectFolder[] = [];
  beforeAll(() => {
    place = new Namespace("live");
    place.openShop();
  }, 90_000);
  afterEach(async () => {
    for (const engine of engines.splice(0)) await engine.end();
    for (const folder of folders.splice(0)) await folder.remove();
  }, 60_000);

  liveSuite("short", async (options) => {
    const folder = await place.project(options.load, "startTimeout: 90s", {
      ...options,
      inference: inferenceOf(options),
    });
    folders.push(folder);
    const project = await loadProject({ cwd: folder.directory, environment: {} });
    const engine = await openLocalEngine({ env: ENV, err: processIo().err }, project, {
      tell: () => undefined,
    });
    engines.push(engine);
    return startRun(project, {
      id: engine.run,
      workerEntry: "",
      version: "0",
      launcher: () => engine.launcher,
    });
  });
});
