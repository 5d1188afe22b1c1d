import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { JsonObject } from "@ape/core/lib/json";
import { type DocumentedOperation, operationsOf } from "../src/openapi/describe.ts";
import { OpenApiDocument } from "../src/openapi/document.ts";

/** For tests: a folder with files, removed at the end. */
export class Folder {
  #made: string[] = [];

  /** Writes files into a new folder; objects become JSON. */
  async of(files: Readonly<Record<string, unknown>>): Promise<string> {
    const folder = await mkdtemp(join(tmpdir(), "ape-openapi-"));
    this.#made.push(folder);
    for (const [name, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, name)), { recursive: true });
      await writeFile(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
    }
    return folder;
  }

  async remove(): Promise<void> {
    for (const folder of this.#made.splice(0)) await rm(folder, { recursive: true, force: true });
  }
}

/** For tests: the operations of an OpenAPI 3 document. */
export function operationsIn(paths: JsonObject, more: JsonObject = {}): DocumentedOperation[] {
  return operationsOf(
    new OpenApiDocument({ openapi: "3.1.0", info: { title: "T", version: "1" }, paths, ...more }),
  );
}

/** For tests: a POST to `/things` with a JSON body of a schema, as operations. */
export function posting(schema: JsonObject, schemas: JsonObject = {}): DocumentedOperation {
  const [operation] = operationsIn(
    {
      "/things": {
        post: { requestBody: { content: { "application/json": { schema } } }, responses: { "201": {} } },
      },
    },
    { components: { schemas } },
  );
  if (operation === undefined) throw new Error("there is no operation");
  return operation;
}

/** For tests: names of an operation's fields in one place. */
export const namesIn = (
  { fields }: DocumentedOperation,
  where: DocumentedOperation["fields"][number]["in"],
): string[] => fields.filter((field) => field.in === where).map(({ name }) => name);
