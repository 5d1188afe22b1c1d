import { afterEach, expect, test } from "vitest";
import { ARCHIVE_GOAL, type Archive, startArchive } from "../targets/archive.ts";
import { ProjectFolder } from "./ape.ts";

const closing: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function run(archive: Archive): Promise<ProjectFolder> {
  const folder = await ProjectFolder.create({
    "api.json": JSON.stringify(archive.document),
    "rows.csv": ["reader,password", ...archive.rows.map((row) => `${row.reader},${row.password}`)].join("\n"),
    "ape.config.yaml": `version: 1
targets: { archive: { baseUrl: "${archive.url}", spec: ./api.json } }
goals:
  - name: borrow
    prompt: ${ARCHIVE_GOAL}
    data: { file: ./rows.csv, unique: true, secret: [password] }
    success: [{ action: { operation: "POST /loans/{loanId}/return" } }]
load: { agents: 5, sessions: 20 }
thresholds: { session_success: ["rate>=0.95"] }
`,
  });
  closing.push(() => folder.remove());
  const { exit, stdout, stderr } = await folder.run(["start", "--seed", "3"]);
  expect(exit, stdout + stderr).toBe(0);
  return folder;
}

test("an access token that has run out is renewed with the refresh token, not with the password", {
  timeout: 60_000,
}, async () => {
  const archive = await startArchive();
  closing.push(() => archive.close());
  const folder = await run(archive);
  const { logins, renewals, reused, returned } = archive.counts();
  expect([logins, reused, returned]).toEqual([20, 0, 20]);
  expect(renewals).toBeGreaterThanOrEqual(20);
  const events = await folder.events();
  expect(JSON.stringify(events)).not.toMatch(/(?:access|refresh)-\d+-/);
});

test("where the refresh token is refused, the session logs in again", { timeout: 60_000 }, async () => {
  const archive = await startArchive();
  closing.push(() => archive.close());
  archive.forgetRefreshTokens();
  await run(archive);
  const { logins, renewals, returned } = archive.counts();
  expect(returned).toBe(20);
  expect(renewals).toBe(0);
  expect(logins).toBeGreaterThan(20);
});
