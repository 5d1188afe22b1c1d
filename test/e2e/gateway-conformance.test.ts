import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { closeAll, openRig, serve } from "./gateway-rig.ts";

/** A folder into which `npm i @modelcontextprotocol/conformance@0.2.0-alpha.12 node@22` was run. */
const PEERS = join(process.env.APE_PEERS ?? "", "node_modules");
const NODE = join(PEERS, "node/bin/node");
const SUITE = join(PEERS, "@modelcontextprotocol/conformance/dist/index.js");
const absent = !existsSync(NODE) || !existsSync(SUITE);

afterEach(closeAll);

test.skipIf(absent).each(["2026-07-28", "2025-11-25"])(
  "what MCP %s requires, passes or stands in the list of absent features",
  { timeout: 120_000 },
  async (revision) => {
    const { door } = await openRig(await serve((_request, response) => response.end("{}")));
    const list = new URL(`./gateway-conformance-${revision}.yaml`, import.meta.url).pathname;
    const args = ["server", "--url", door.url, "--requirements", revision, "--expected-failures", list];
    const { code, output } = await new Promise<{ code: number; output: string }>((resolve) => {
      execFile(NODE, [SUITE, ...args], { maxBuffer: 1 << 26 }, (error, stdout, stderr) =>
        resolve({ code: error === null ? 0 : Number(error.code), output: stdout + stderr }),
      );
    });
    expect(code, output.slice(-2000)).toBe(0);
  },
);
