import { type ChildProcess, spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "@ape/engine/host/free-port";

const START_MS = 5_000;

/** nginx before a server, with one process and keep-alive connections on both sides. */
export interface Nginx {
  origin: string;
  end(): Promise<void>;
}

/** @returns why it is absent, if it is */
export async function openNginx(target: string): Promise<Nginx | string> {
  const folder = await mkdtemp(join(tmpdir(), "ape-nginx-"));
  const port = await freePort();
  const file = join(folder, "nginx.conf");
  await writeFile(
    file,
    `daemon off; worker_processes 1; pid ${folder}/pid; error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  ${["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((kind) => `${kind}_temp_path ${folder}/${kind};`).join(" ")}
  upstream target { server ${new URL(target).host}; keepalive 64; }
  server {
    listen 127.0.0.1:${port};
    keepalive_requests 1000000;
    location / { proxy_pass http://target; proxy_http_version 1.1; proxy_set_header Connection ""; }
  }
}
`,
  );
  const nginx = spawn("nginx", ["-c", file, "-e", join(folder, "error.log")], { stdio: "ignore" });
  let gone: string | undefined;
  nginx.once("error", (error) => {
    gone = `nginx cannot be started: ${error.message}`;
  });
  nginx.once("exit", (code) => {
    gone ??= `nginx ended with ${code}`;
  });
  const origin = `http://127.0.0.1:${port}`;
  const end = async (): Promise<void> => {
    await ended(nginx);
    await rm(folder, { recursive: true, force: true });
  };
  for (const until = performance.now() + START_MS; performance.now() < until && gone === undefined; ) {
    await new Promise((resolve) => setTimeout(resolve, 50));
    const answer = await fetch(`${origin}/things`).catch(() => undefined);
    await answer?.body?.cancel();
    if (answer?.ok) return { origin, end };
  }
  await end();
  return gone ?? "nginx does not answer";
}

function ended(nginx: ChildProcess): Promise<void> {
  if (nginx.pid === undefined || nginx.exitCode !== null) return Promise.resolve();
  return new Promise((resolve) => {
    nginx.once("exit", () => resolve());
    nginx.kill("SIGTERM");
  });
}
