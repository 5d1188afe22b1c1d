import { runConduitGoals } from "./conduit-goals.ts";

/**
 * `npx tsx test/targets/conduit-check.ts URL [SESSIONS] [AGENTS]`: the goals of the tests against a public RealWorld
 * back end that was started beside this repository; URL is the base of its API (`http://127.0.0.1:3000/api`). Build
 * first.
 */
const [url, sessions = "40", agents = "4"] = process.argv.slice(2);
if (url === undefined || !URL.canParse(url) || !/^\d{1,6} \d{1,4}$/.test(`${sessions} ${agents}`)) {
  console.error("usage: npx tsx test/targets/conduit-check.ts URL [SESSIONS] [AGENTS]");
  process.exit(2);
}
const { summary, failed } = await runConduitGoals(url, Number(sessions), Number(agents));
for (const line of failed) console.error(line);
const { ended, succeeded, byGoal } = summary.sessions;
console.log(JSON.stringify({ url, ended, succeeded, byGoal, attribution: summary.attribution }));
process.exit(succeeded === ended && ended > 0 ? 0 : 1);
