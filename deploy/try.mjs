// Starts every role once while the image is made: an image that cannot run is never made, and where Node has a compile cache
// (NODE_COMPILE_CACHE, Node 22) what the roles load is in it. Node writes the cache of a process that ends by itself.
import { spawn } from "node:child_process";
import { chmodSync, mkdtempSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const [program = "/app/bin/ape-test.mjs"] = process.argv.slice(2);
const PATIENCE_MS = 120_000;
/** First users of Linux and macOS: roles run as who starts the run. */
const USERS = [501, 1000, 1001];
/** The least that a role can be started with. */
const CONFIG = `version: 1
targets: { shop: { baseUrl: "http://127.0.0.1:9" } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
`;
/** Agents that wait for their plane have no ear for SIGTERM yet. */
const LISTENS = `data:text/javascript,process.once("SIGTERM", () => process.exit());`;

const folder = mkdtempSync(join(tmpdir(), "ape-try-"));
writeFileSync(join(folder, "ape.config.yaml"), CONFIG);

/** Runs a role until it is where it shall be, then asks it to end. */
async function tryOut(role, flags, environment, ready) {
  const env = { ...process.env, ...environment };
  const child = spawn(process.execPath, [...flags, program, "serve", role, "--port", "0"], {
    cwd: folder,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const ended = new Promise((resolve) => child.once("close", resolve));
  const late = setTimeout(() => child.kill("SIGKILL"), PATIENCE_MS);
  await Promise.race([ready(child), ended]);
  child.kill("SIGTERM");
  const exit = await ended;
  clearTimeout(late);
  if (exit !== 0) throw new Error(`serve ${role} ended with ${exit}`);
}

const saysWhere = (child) =>
  new Promise((resolve) => child.stdout.on("data", (text) => /http:/.test(text) && resolve()));
for (const role of ["gateway", "inference"]) await tryOut(role, [], {}, saysWhere);

// Agents have loaded everything when they knock at the plane.
const plane = createServer((socket) => socket.on("error", () => undefined));
await new Promise((resolve) => plane.listen(0, "127.0.0.1", resolve));
const knocked = () => new Promise((resolve) => plane.once("connection", resolve));
const elsewhere = "http://127.0.0.1:9";
await tryOut(
  "agents",
  ["--import", LISTENS],
  {
    APE_RUN: "try",
    APE_TOKEN: "try",
    APE_PLANE: `nats://127.0.0.1:${plane.address().port}`,
    APE_GATEWAY: elsewhere,
    APE_INFERENCE: elsewhere,
  },
  knocked,
);

const cache = process.env.NODE_COMPILE_CACHE;
if (cache !== undefined && Number(process.versions.node.split(".")[0]) >= 22) share(cache);
process.exit(0);

/**
 * Lets the users that roles usually run as, besides this one, use what was compiled: Node looks for it in a folder whose
 * name ends with the user's id. Fails where nothing was kept.
 */
function share(folder) {
  const own = process.getuid();
  const kept = readdirSync(folder).filter((name) => name.endsWith(`-${own}`));
  if (kept.length === 0) throw new Error(`Node kept nothing in ${folder}`);
  for (const name of kept) {
    const inside = join(folder, name);
    chmodSync(inside, 0o755);
    for (const file of readdirSync(inside)) chmodSync(join(inside, file), 0o644);
    for (const user of USERS) if (user !== own) symlinkSync(name, inside.replace(/\d+$/, String(user)));
  }
  chmodSync(folder, 0o755);
}
