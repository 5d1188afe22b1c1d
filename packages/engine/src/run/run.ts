import { randomInt } from "node:crypto";
import { basename } from "node:path";
import { randomFrom } from "@ape/core/lib/random";
import { S3Upload } from "../export/s3-upload.ts";
import { EmbeddedLauncher } from "../launch/embedded.ts";
import { surveyData } from "../project/check-project.ts";
import type { Project } from "../project/project.ts";
import { startWarnings } from "../project/start-warnings.ts";
import { createRunDirectory, makeRunId, removeUnbegun } from "../store/run-directory.ts";
import { withStepsFor } from "./kept-steps.ts";
import { LiveRun } from "./live-run.ts";
import { containersFor, planOf, rowShares, workersFor } from "./plan.ts";
import type { RunHandle } from "./progress.ts";
import type { RunOptions } from "./run-options.ts";

/** An id for a run that starts now. */
export function newRunId(): string {
  return makeRunId(new Date(), randomFrom(randomInt(2 ** 32)));
}

/**
 * Starts a run: checks targets, starts the workers, makes `setup`'s requests, and returns a handle when the load
 * begins. Every error before the load throws here.
 * @throws ApeError; INTERRUPTED if the signal aborted
 */
export async function startRun(given: Project, options: RunOptions): Promise<RunHandle> {
  const { continues } = options;
  const whole = withStepsFor(given, options.out);
  const project =
    continues === undefined
      ? whole
      : { ...whole, config: { ...whole.config, load: continues.resume.load, seed: continues.resume.seed } };
  const plan = planOf(project.config.load);
  const { unique: rows, warnings: odd } = await surveyData(project);
  const warnings = continues === undefined ? [...odd, ...startWarnings(project, rows)] : odd;
  const compose = options.launcher !== undefined;
  const workers = compose
    ? containersFor(project.config, plan, rows)
    : workersFor(project.config.load, plan, rows);
  const shares = compose ? rowShares(project.config, rows) : workers;
  const place = project.config.results.upload;
  const upload = place === undefined ? undefined : new S3Upload(place, project.environment);
  const launcher =
    options.launcher?.(project) ?? new EmbeddedLauncher(project, options.workerEntry, workers, plan.peak);
  const seed = project.config.seed ?? randomInt(2 ** 32);
  const id = continues === undefined ? (options.id ?? newRunId()) : basename(continues.directory);
  const directory = continues?.directory ?? (await createRunDirectory(project.home, id));
  const run = new LiveRun(project, options, {
    id,
    directory,
    plan,
    workers,
    shares,
    seed,
    launcher,
    ...(upload === undefined ? {} : { upload }),
  });
  for (const warning of warnings) options.onWarning?.(warning);
  try {
    await run.open();
  } catch (thrown) {
    if (continues === undefined) await removeUnbegun(directory);
    throw thrown;
  }
  for (const warning of warnings) run.say("warn", warning);
  return run;
}
