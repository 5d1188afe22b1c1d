import { expect, test } from "vitest";
import { describeCommands } from "./command-descriptions.ts";

test("every command that does something by itself is described, with what is its own", async () => {
  const commands = await describeCommands();
  const usages = commands.map(({ usage }) => usage);
  expect(usages).toContain("ape-test stop [run]");
  // A command of commands does nothing by itself.
  expect(usages.filter((usage) => usage.startsWith("ape-test goals"))).not.toContain("ape-test goals");
  expect(new Set(usages).size).toBe(usages.length);
  expect(usages.every((usage) => usage.startsWith("ape-test ") && !usage.includes("[options]"))).toBe(true);
  const terms = commands.flatMap(({ options }) => options.map(({ term }) => term));
  expect(terms).not.toContain("--verbose");
  expect(terms).not.toContain("-h, --help");
  expect(commands.every(({ description, examples }) => description !== "" && examples.length > 0)).toBe(true);
  const page = commands.find(({ usage }) => usage.startsWith("ape-test page"));
  expect(page).toEqual({
    usage: "ape-test page [run]",
    description: expect.stringContaining("in a browser"),
    parameters: [
      { term: "run", description: "id, its beginning, or path; the newest finished one if omitted" },
    ],
    options: [
      { term: "--port <n>", description: "port on loopback, 0 takes any (default 0)" },
      { term: "--open", description: "open the page in a browser" },
    ],
    examples: ["ape-test page --open", "ape-test page 20261123 --port 8090"],
  });
});
