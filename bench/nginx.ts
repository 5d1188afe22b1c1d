import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const READY_MS = 5_000;

/**
 * nginx as a plain reverse proxy before a target, in one process, with connections kept to both sides.
 * @returns why it is absent, where it is
 */
export async function openNginx(target: string): Promise<{ url: string; stop(): void } | string> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), "ape-nginx-"));
  const file = join(folder, "nginx.conf");
  writeFileSync(file, configuration(folder, port, new URL(target).host));
  const server = spawn("nginx", ["-c", file, "-e", join(folder, "error.log")], { stdio: "ignore" });
  const failed = new Promise<string>((resolve) => {
    server.once("error", () => resolve("it is not installed"));
    server.once("exit", (code) => resolve(`it ended with ${code}`));
  });
  const url = `http://127.0.0.1:${port}`;
  const stop = (): void => {
    server.kill();
    rmSync(folder, { recursive: true, force: true });
  };
  const ready = (async (): Promise<undefined> => {
    const until = performance.now() + READY_MS;
    while (performance.now() < until) {
      const answered = await fetch(`${url}/things`).then(
        ({ ok }) => ok,
        () => false,
      );
      if (answered) return;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    throw new Error("nginx does not answer");
  })();
  const why = await Promise.race([failed, ready.catch((thrown: unknown) => String(thrown))]);
  if (why === undefined) return { url, stop };
  stop();
  return why;
}

function configuration(folder: string, port: number, target: string): string {
  return `daemon off;
master_process off;
worker_processes 1;
pid ${folder}/nginx.pid;
error_log ${folder}/error.log;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path ${folder}/body;
  proxy_temp_path ${folder}/proxy;
  fastcgi_temp_path ${folder}/fastcgi;
  uwsgi_temp_path ${folder}/uwsgi;
  scgi_temp_path ${folder}/scgi;
  keepalive_requests 1000000;
  upstream target { server ${target}; keepalive 64; keepalive_requests 1000000; }
  server {
    listen 127.0.0.1:${port};
    location / {
      proxy_pass http://target;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
    }
  }
}
`;
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", resolve));
  const { port } = probe.address() as AddressInfo;
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
