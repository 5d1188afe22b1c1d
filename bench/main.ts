import { agents } from "./agents.ts";
import { bus } from "./bus.ts";
import { dialects } from "./dialects.ts";
import { documents } from "./documents.ts";
import { faults } from "./faults.ts";
import { gateway } from "./gateway.ts";
import { generality } from "./generality.ts";
import { inference } from "./inference.ts";
import { kpi } from "./kpi.ts";
import { libraries } from "./libraries.ts";
import { memory } from "./memory.ts";
import { models } from "./models.ts";
import { pages } from "./pages.ts";
import { planning } from "./planning.ts";
import type { BenchResult } from "./result.ts";
import { roles } from "./roles.ts";
import { scale } from "./scale.ts";
import { soak } from "./soak.ts";
import { startup } from "./startup.ts";
import { store } from "./store.ts";
import { variety } from "./variety.ts";

/** `npm run bench -- NAME [--json]`: runs one benchmark and prints its figures. Further flags are the benchmark's own. */
const BENCHES: Record<
  string,
  (log: (line: string) => void, flags: readonly string[]) => Promise<BenchResult>
> = {
  agents,
  bus: (log) => bus(log),
  dialects: (log) => dialects(log),
  documents: (log) => documents(log),
  faults,
  gateway,
  inference,
  libraries: (log) => libraries(log),
  memory,
  kpi,
  models: (log, flags) => models(log, flags),
  pages: (log) => pages(log),
  generality,
  planning,
  roles,
  scale,
  soak: (log) => soak(log),
  startup,
  variety,
  store,
};

const [name = "", ...flags] = process.argv.slice(2);
const bench = BENCHES[name];
if (bench === undefined) {
  process.stderr.write(
    `usage: npm run bench -- NAME [--json]\nbenchmarks: ${Object.keys(BENCHES).join(", ")}\n`,
  );
  process.exit(2);
}
const result = await bench((line) => process.stderr.write(`${line}\n`), flags);
if (flags.includes("--json")) process.stdout.write(`${JSON.stringify(result)}\n`);
else {
  process.stdout.write(`${result.name} on ${result.machine}\n`);
  for (const [figure, value] of Object.entries({ ...result.figures, ...result.ratios }))
    process.stdout.write(`  ${figure.padEnd(28)} ${value === null ? "-" : value}\n`);
  for (const note of result.notes) process.stdout.write(`  ${note}\n`);
}
process.exit(0);
