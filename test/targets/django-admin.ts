import { execFileSync, spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** The Python that has Django, from Debian's package; undefined if none has. */
export const PYTHON = ["/usr/bin/python3", "python3"].find((python) => {
  try {
    execFileSync(python, ["-c", "import django"], { stdio: "ignore" });
    return true;
  } catch {
    return false;
  }
});

const SCRIPT = new URL("django-admin.py", import.meta.url).pathname;
const READ = `import json, sqlite3, sys
found = sqlite3.connect("file:%s?mode=ro" % sys.argv[1], uri=True)
found.row_factory = sqlite3.Row
print(json.dumps([dict(row) for row in found.execute(sys.argv[2])]))`;

/** Django's admin site over a database of its own. */
export interface DjangoAdmin {
  /** Where the site begins. */
  url: string;
  /** Rows of the database, read without the application. */
  rows<Row>(sql: string): Row[];
  close(): Promise<void>;
}

/** Starts the admin site on a free port. Every account is a superuser. */
export async function startDjangoAdmin(
  python: string,
  accounts: readonly { username: string; password: string }[],
): Promise<DjangoAdmin> {
  const folder = await mkdtemp(join(tmpdir(), "ape-django-"));
  const database = join(folder, "site.sqlite3");
  const child = spawn(python, [SCRIPT, database, JSON.stringify(accounts)], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const close = async (): Promise<void> => {
    child.kill("SIGKILL");
    await ended;
    await rm(folder, { recursive: true, force: true });
  };
  let said = "";
  child.stderr.on("data", (chunk: Buffer) => {
    said += chunk.toString("utf8");
  });
  try {
    const port = await new Promise<string>((resolve, reject) => {
      child.stdout.once("data", (chunk: Buffer) => resolve(chunk.toString("utf8").trim()));
      child.once("error", reject);
      void ended.then(() => reject(new Error(`Django ended: ${said}`)));
    });
    return {
      url: `http://127.0.0.1:${port}/admin`,
      rows: <Row>(sql: string) =>
        JSON.parse(execFileSync(python, ["-c", READ, database, sql], { encoding: "utf8" })) as Row[],
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
}
