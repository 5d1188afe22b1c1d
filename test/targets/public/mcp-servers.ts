import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { PublicApplication } from "./application.ts";
import { npmPackages } from "./packages.ts";

const SERVERS = ["everything", "filesystem", "memory"].map((name) => `@modelcontextprotocol/server-${name}`);

const entry = async (name: string): Promise<string> =>
  join(await npmPackages("mcp", SERVERS), "node_modules/@modelcontextprotocol", name, "dist/index.js");

const target = (command: readonly string[], environment: readonly string[] = []): string =>
  // The servers write a file whole, and lose what another call wrote meanwhile.
  `{ kind: mcp, maxConcurrent: 1, command: ${JSON.stringify(["/usr/bin/env", ...environment, process.execPath, ...command])} }`;

/** The reference server that shows every feature of the protocol. It keeps nothing: the check of the answer is the truth. */
export const mcpEverything: PublicApplication = {
  name: "mcp-everything",
  async start() {
    const unknown = async (): Promise<number> => Number.POSITIVE_INFINITY;
    return {
      target: target([await entry("server-everything"), "stdio"]),
      goals: [
        {
          name: "echo",
          prompt: 'Echo the message "hello there".',
          success: '[{ action: { operation: "tool echo", text: { contains: hello there } } }]',
          confirmed: unknown,
        },
        {
          name: "sum",
          prompt: "Get the sum of a = 17 and b = 25.",
          success: '[{ action: { operation: "tool get-sum", text: { contains: "42" } } }]',
          confirmed: unknown,
        },
        {
          name: "sum-and-echo",
          prompt: 'Add 17 and 25, then echo "it is done".',
          success:
            '[{ action: { operation: "tool get-sum", text: { contains: "42" } } }, { action: { operation: "tool echo", text: { contains: it is done }, after: "tool get-sum" } }]',
          confirmed: unknown,
        },
      ],
      close: async () => undefined,
    };
  },
};

/** The reference server for files below one folder. */
export const mcpFilesystem: PublicApplication = {
  name: "mcp-filesystem",
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "ape-public-files-"));
    const names = `{ generate: { file: uuid } }`;
    const written = async (prefix: string, text: string): Promise<number> => {
      let found = 0;
      for (const name of await readdir(folder))
        if (name.startsWith(prefix) && (await readFile(join(folder, name), "utf8")) === text) found += 1;
      return found;
    };
    return {
      target: target([await entry("server-filesystem"), folder]),
      goals: [
        {
          name: "write-and-read",
          prompt: `Write "hello from a test" into the file "${folder}/note-{{file}}.txt", then read that file.`,
          data: names,
          success: `[{ action: { operation: "tool write_file" } }, { anyOf: [${["read_file", "read_text_file"].map((tool) => `{ action: { operation: "tool ${tool}", text: { contains: hello from a test }, after: "tool write_file" } }`).join(", ")}] }]`,
          confirmed: () => written("note-", "hello from a test"),
        },
        {
          name: "make-a-folder",
          prompt: `Create the directory "${folder}/dir-{{file}}", then list the directory "${folder}".`,
          data: names,
          success:
            '[{ action: { operation: "tool create_directory" } }, { action: { operation: "tool list_directory", after: "tool create_directory" } }]',
          confirmed: async () => (await readdir(folder)).filter((name) => name.startsWith("dir-")).length,
        },
        {
          name: "move",
          prompt: `Write "to be moved" into the file "${folder}/old-{{file}}.txt" and move it to "${folder}/new-{{file}}.txt".`,
          data: names,
          success:
            '[{ action: { operation: "tool write_file" } }, { action: { operation: "tool move_file", after: "tool write_file" } }]',
          confirmed: () => written("new-", "to be moved"),
        },
      ],
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};

interface Stored {
  type?: string;
  name?: string;
  observations?: string[];
}

/** The reference server for a graph of entities, kept in a file. */
export const mcpMemory: PublicApplication = {
  name: "mcp-memory",
  async start() {
    const folder = await mkdtemp(join(tmpdir(), "ape-public-memory-"));
    const file = join(folder, "memory.jsonl");
    const entities = async (fits: (one: Stored) => boolean): Promise<number> => {
      if (!existsSync(file)) return 0;
      const lines = (await readFile(file, "utf8")).split("\n").filter((line) => line !== "");
      return lines.map((line) => JSON.parse(line) as Stored).filter(fits).length;
    };
    const names = "{ generate: { name: username } }";
    return {
      target: target([await entry("server-memory")], [`MEMORY_FILE_PATH=${file}`]),
      goals: [
        {
          name: "remember",
          prompt:
            'Create an entity named "{{name}}" with the entity type "person" and the observation "likes tea", then search for "{{name}}".',
          data: names,
          success:
            '[{ action: { operation: "tool create_entities" } }, { action: { operation: "tool search_nodes", after: "tool create_entities" } }]',
          confirmed: () => entities(({ observations = [] }) => observations.includes("likes tea")),
        },
        {
          name: "read",
          prompt: "Read the graph.",
          success: '[{ action: { operation: "tool read_graph" } }]',
          confirmed: async () => Number.POSITIVE_INFINITY,
        },
      ],
      close: () => rm(folder, { recursive: true, force: true }),
    };
  },
};
