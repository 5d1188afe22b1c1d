import { join } from "node:path";
import { plausibleEvents } from "@ape/engine/test/plausible-events";
import { afterEach, beforeEach, expect, test } from "vitest";
import { GOOD_CONFIG, GOOD_FILES } from "../../test/broken.ts";
import { TestFolder } from "../../test/run-directory.ts";

const FIRST = "20260101-000000-aaaa";
const SECOND = "20260202-000000-bbbb";

let folder: TestFolder;
beforeEach(async () => {
  folder = await TestFolder.create();
  for (const [name, text] of Object.entries(GOOD_FILES)) await folder.write(name, text);
  await folder.write("ape.config.yaml", GOOD_CONFIG);
  for (const [id, seed] of [
    [FIRST, 1],
    [SECOND, 2],
  ] as const)
    await folder.addRun(id, [
      { type: "run_started", at: 1_799_999_999_000, run: id, seed: 7 },
      ...plausibleEvents(40, { seed }),
      { type: "run_ended", at: 1_800_000_020_000, status: "finished", reason: "the planned time has passed" },
    ]);
});
afterEach(() => folder.remove());

const LINES = [
  "report",
  "report nothing",
  "runs",
  "runs --json",
  `compare ${FIRST} ${SECOND}`,
  "compare",
  "trace s0-3",
  "trace s0-99",
  "logs --tail 12",
  "logs agents --tail 3",
  "logs inference --tail 2 --json",
  "logs nothing",
  "logs --since soon",
  "status",
  "stop",
  "scale --agents 5",
  "scale",
  "goals suggest Buy-a-lamp",
  "runs prune --keep 1",
  "runs prune --keep 1 --yes",
  "runs",
];

test("what commands say of two runs and a project, as it was reviewed", async () => {
  const texts: string[] = [];
  for (const line of LINES) {
    const { exit, io } = await folder.run(line);
    const said = [io.stdout(), io.stderr()].map((text) => text.replaceAll(folder.path, "FOLDER").trimEnd());
    texts.push([`$ ape-test ${line}  # exit ${exit}`, ...said.filter((text) => text !== "")].join("\n"));
  }
  await expect(`${texts.join("\n\n")}\n`).toMatchFileSnapshot(
    join(import.meta.dirname, "../../test/approved/output.txt"),
  );
});
