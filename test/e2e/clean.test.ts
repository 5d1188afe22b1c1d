import { projectName } from "@ape/setup/compose/project-name";
import { expect, test } from "vitest";
import { FakeDocker } from "../../packages/cli/test/fake-docker.ts";
import { ProjectFolder } from "./ape.ts";
import { CTRL_C, ENTER, hasTerminal, sitDown } from "./terminal.ts";

test.skipIf(!hasTerminal)(
  "at a real terminal clean lists, asks, and removes only on a yes",
  { timeout: 60_000 },
  async () => {
    const folder = await ProjectFolder.create({ "ape.config.yaml": "version: 1\n" });
    const project = projectName(folder.directory);
    const docker = await FakeDocker.create(folder.directory, {
      "volume ls *": `ape-x_grafana\tape-x_grafana\t${project}\n`,
      "* ls *": "",
      "volume rm ape-x_grafana": "",
    });
    const removed = async (): Promise<boolean> =>
      (await docker.told()).some((line) => line.startsWith("volume rm"));
    try {
      for (const [key, exit, last] of [
        [ENTER, 0, "nothing was removed"],
        [CTRL_C, 105, "nothing was removed"],
        ["y", 0, "removed 1 volume"],
      ] as const) {
        expect(await removed()).toBe(false);
        const sitting = sitDown(["clean"], folder.directory, docker.env);
        try {
          await sitting.answer("Remove all of these", key);
          expect(await sitting.finished).toBe(exit);
          expect(sitting.shown()).toMatch(/volume +ape-x_grafana/);
          expect(sitting.shown()).toContain(last);
        } finally {
          await sitting.leave();
        }
      }
      expect(await removed()).toBe(true);
    } finally {
      await folder.remove();
    }
  },
);
