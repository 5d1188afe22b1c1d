import { simulate, violations } from "./simulation.ts";

/** `npx tsx test/simulate.ts SEED [SESSIONS]`: repeats a simulated run and prints what is wrong with it. */
const [seed = "1", sessions = "1000"] = process.argv.slice(2);
const began = performance.now();
const run = await simulate({ seed: Number(seed), sessions: Number(sessions) });
const found = violations(run, Number(sessions));
for (const sentence of found) console.log(sentence);
const succeeded = run.events.filter(
  (event) => event.type === "session_ended" && event.outcome === "succeeded",
);
console.log(
  `seed ${seed}: ${succeeded.length} of ${sessions} succeeded, ${found.length} violations; ${Math.round(run.elapsedMs / 1000)} s passed in ${((performance.now() - began) / 1000).toFixed(1)} s`,
);
process.exit(found.length === 0 ? 0 : 1);
