import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { join } from "node:path";
import { startShop } from "@ape/shop/shop";
import { afterEach, expect, test } from "vitest";
import { startStall } from "../targets/stall.ts";
import { type Command, ProjectFolder } from "./ape.ts";
import { shopping } from "./shopping.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Runs `ape-test serve gateway` on what is in a folder; where its MCP server is. */
async function serveGateway(
  folder: ProjectFolder,
  token: string,
): Promise<{ url: string; command: Command }> {
  const command = folder.start(["serve", "gateway", "--port", "0"], { APE_TOKEN: token, APE_LOG: "fatal" });
  closing.push(async () => {
    command.process.kill("SIGTERM");
    await command.finished;
  });
  const url = await new Promise<string>((resolve, reject) => {
    let said = "";
    command.process.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString("utf8");
      const found = /at (http\S+)/.exec(said)?.[1];
      if (found !== undefined) resolve(found);
    });
    void command.finished.then(({ stderr }) => reject(new Error(`the gateway ended: ${stderr}`)));
  });
  return { url, command };
}

async function folderOf(files: Record<string, string>): Promise<ProjectFolder> {
  const folder = await ProjectFolder.create(files);
  closing.push(() => folder.remove());
  return folder;
}

/** How many calls a gateway has taken. */
async function callsOf(url: string, token: string): Promise<number> {
  const page = await fetch(url.replace("/mcp", "/metrics"), {
    headers: { authorization: `Bearer ${token}` },
  });
  const counts = [...(await page.text()).matchAll(/^ape_gateway_calls_total\{[^}]*\} (\d+)/gm)];
  return counts.reduce((sum, [, count]) => sum + Number(count), 0);
}

test("embedded agents work through a gateway that runs elsewhere, and only through it", {
  timeout: 120_000,
}, async () => {
  const shop = await startShop({});
  closing.push(() => shop.close());
  const token = "token-of-the-gateway";
  const there = await folderOf(shopping(shop.url, { load: "{ agents: 1, sessions: 1 }" }));
  const { url } = await serveGateway(there, token);
  // What the run itself believes of the target leads nowhere.
  const here = await folderOf(
    shopping("http://127.0.0.1:9", {
      load: "{ agents: 4, sessions: 10 }",
      more: `gateway: { url: "${new URL(url).origin}", token: "\${GATEWAY_TOKEN}" }\n`,
    }),
  );
  const { exit, stdout, stderr } = await here.run(["start", "--seed", "5"], { GATEWAY_TOKEN: token });
  expect(exit, stdout + stderr).toBe(0);
  expect((await here.summary()).sessions).toMatchObject({ ended: 10, succeeded: 10 });
  const events = await here.events();
  const actions = events.filter((event) => event.type === "step" && event.action !== undefined);
  const probes = events.filter(({ type }) => type === "probe");
  expect(await callsOf(url, token)).toBe(actions.length + probes.length);
  expect(JSON.stringify(events) + readFileSync(join(await here.lastRun(), "run.json"), "utf8")).not.toContain(
    token,
  );
  const rehearsed = await here.run(["start", "--dry-run", "--seed", "5"], { GATEWAY_TOKEN: token });
  expect(rehearsed.exit, rehearsed.stdout + rehearsed.stderr).toBe(0);
  const valid = await here.run(["validate"], { GATEWAY_TOKEN: token });
  expect(valid.exit, valid.stdout + valid.stderr).toBe(0);
  expect(valid.stdout).toContain("behind the gateway");
});

test("pages and forms come through it too", { timeout: 120_000 }, async () => {
  const stall = await startStall();
  closing.push(() => stall.close());
  const config = (baseUrl: string, more = ""): Record<string, string> => ({
    "rows.csv": `username,password\n${stall.rows.map((row) => Object.values(row).join(",")).join("\n")}\n`,
    "ape.config.yaml": `version: 1
targets: { stall: { kind: web, baseUrl: "${baseUrl}" } }
goals:
  - name: buy
    prompt: Log in, find a book under $50, add it to the basket, check out, log out.
    data: { file: ./rows.csv, unique: true, secret: [password] }
    success: [{ action: { operation: "POST /till", status: 200 } }, { action: { operation: "GET /exit" } }]
load: { agents: 3, sessions: 6 }
${more}`,
  });
  const { url } = await serveGateway(await folderOf(config(stall.url)), "t");
  const here = await folderOf(config(stall.url, `gateway: { url: "${url}", token: t }\n`));
  const { exit, stdout, stderr } = await here.run(["start", "--seed", "5"]);
  expect(exit, stdout + stderr).toBe(0);
  expect(stall.orders()).toHaveLength(6);
});

test("a gateway that is not there, refuses the token, or lacks a target keeps a run from starting", {
  timeout: 60_000,
}, async () => {
  const target = createServer((_request, response) => response.end("hi")).listen(0, "127.0.0.1");
  await new Promise((resolve) => target.once("listening", resolve));
  closing.push(async () => target.close());
  const address = target.address();
  const baseUrl = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const config = (name: string, gateway: string): Record<string, string> => ({
    "ape.config.yaml": `version: 1
targets: { ${name}: { baseUrl: "${baseUrl}" } }
goals: [{ name: look, prompt: Look., success: [{ action: { operation: GET / } }] }]
load: { agents: 1, sessions: 1 }
gateway: ${gateway}
`,
  });
  const { url } = await serveGateway(await folderOf(config("api", "{}")), "right");
  const start = async (name: string, gateway: string, ...more: string[]) =>
    (await folderOf(config(name, gateway))).run(["start", "--seed", "1", ...more]);
  const refused = await start("api", `{ url: "${url}", token: wrong }`);
  expect(refused.exit, refused.stderr).toBe(104);
  expect(refused.stderr).toMatch(/GATEWAY_UNREACHABLE.* 401/);
  const stranger = await start("other", `{ url: "${url}", token: right }`);
  expect(stranger.exit, stranger.stderr).toBe(104);
  expect(stranger.stderr).toMatch(/has no target other: it has api/);
  const nobody = await start("api", '{ url: "http://127.0.0.1:9/mcp" }');
  expect(nobody.exit, nobody.stderr).toBe(104);
  expect(nobody.stderr).toContain("GATEWAY_UNREACHABLE");
  const contained = await start("api", `{ url: "${url}", token: right }`, "--runtime", "compose");
  expect(contained.exit, contained.stderr).toBe(104);
  expect(contained.stderr).toContain("starts a gateway of its own");
});
