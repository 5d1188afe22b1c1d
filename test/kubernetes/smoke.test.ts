import { beforeAll, describe, expect, test } from "vitest";
import { runScenarios, whyNoCluster } from "./cluster.ts";

const SAME = { onlyApe: [], onlyShop: [], unaccounted: [], unexplained: [], shared: 0 };

describe.skipIf(whyNoCluster !== undefined)(
  `on a cluster${whyNoCluster === undefined ? "" : ` (${whyNoCluster})`}`,
  () => {
    let results: Record<string, Record<string, unknown>> = {};
    beforeAll(async () => {
      results = await runScenarios(["generated", "books", "refused", "denied"]);
    }, 240_000);

    test("generated objects pass a strict dry run on the server and Pod Security restricted without a warning", () => {
      const lines = results.generated?.lines as string[];
      expect(lines.length).toBeGreaterThan(20);
      for (const line of lines) expect(line).toMatch(/ serverside-applied \(server dry run\)$/);
    });

    test("doctor says from a pod that nodes have the image, that DNS answers, and which target is not there", () => {
      const findings = results.generated?.findings as { name: string; ok: boolean; message: string }[];
      const names = ["cluster", "permissions", "objects", "quota", "image", "DNS of pods", "target shop"];
      const shown = findings.filter(({ name }) => names.includes(name));
      expect(shown.map(({ name, ok }) => [name, ok])).toEqual(
        names.map((name) => [name, name !== "target shop"]),
      );
      expect(shown.at(-1)?.message).toMatch(/^from a pod, DNS has no answer for shop/);
    });

    test("the summary of 40 agents in 4 pods is the shop's", () => {
      expect(results.books).toMatchObject({
        exit: 0,
        runtime: "kubernetes",
        sessions: { started: 120, ended: 120, succeeded: 120, interrupted: 0 },
        ...SAME,
      });
    });

    test("an image that is not there and a quota end the start in the words of Kubernetes, and leave nothing", () => {
      const { image, few } = results.refused as Record<string, { exit: number; stderr: string }>;
      expect(image).toMatchObject({
        exit: 107,
        stderr: expect.stringMatching(/ErrImageNeverPull/) as string,
      });
      // Half of them can never be there; on a busy machine the others may be late, too.
      expect(few).toMatchObject({
        exit: 107,
        stderr: expect.stringMatching(/[234] of 4 pods of agents.*exceeded quota/s) as string,
      });
    });

    test("a start without rights ends with the refusal of the API", () => {
      expect(results.denied).toMatchObject({
        exit: 107,
        stderr: expect.stringMatching(/CONTAINERS_FAILED: Kubernetes refuses \(403\): .*forbidden/) as string,
      });
    });
  },
);
