import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";
import { IMPORT_KINDS, type Imported, type ImportKind } from "@ape/setup/import/imported";
import { withUsableLoad } from "@ape/setup/import/usable-load";

const FETCH_MS = 10_000;

/**
 * Which of `--openapi`, `--har`, `--postman` or `--k6` was given, and its file or URL.
 * @throws ApeError USAGE if several were
 */
export function importSaid(
  options: Partial<Record<ImportKind | "postmanEnv", string>>,
): { kind: ImportKind; source: string; environment?: string } | undefined {
  const [kind, ...more] = IMPORT_KINDS.filter((one) => options[one] !== undefined);
  const { postmanEnv: environment } = options;
  if (environment !== undefined && kind !== "postman")
    throw new ApeError("USAGE", "--postman-env goes with --postman", {
      hint: "Name the collection, too.",
    });
  if (kind === undefined) return undefined;
  if (more.length > 0)
    throw new ApeError("USAGE", `--${kind} and --${more[0]} contradict one another`, {
      hint: "Give one of them.",
    });
  return { kind, source: options[kind] ?? "", ...(environment === undefined ? {} : { environment }) };
}

/**
 * Reads a file of another tool; `spec` is the document if it is one.
 * @throws ApeError FILE_MISSING, SPEC_INVALID
 */
export async function importFrom(
  kind: ImportKind,
  source: string,
  cwd: string,
  environment?: string,
): Promise<{ imported: Imported; spec?: string }> {
  if (kind === "openapi") {
    const { loadOpenApi } = await import("@ape/gateway/openapi/document");
    const { operationsOf } = await import("@ape/gateway/openapi/describe");
    const { importOpenApi } = await import("@ape/setup/import/openapi");
    const document = await loadOpenApi(source, cwd);
    const { root } = document;
    return { imported: importOpenApi({ root, operations: operationsOf(document) }, source), spec: source };
  }
  return { imported: withUsableLoad(await importRecorded(kind, source, cwd, environment)) };
}

async function importRecorded(
  kind: Exclude<ImportKind, "openapi">,
  source: string,
  cwd: string,
  environment: string | undefined,
): Promise<Imported> {
  const text = await read(source, cwd);
  if (kind === "har") return (await import("@ape/setup/import/har")).importHar(text, source);
  if (kind === "postman") {
    const { importPostman } = await import("@ape/setup/import/postman");
    const own =
      environment === undefined ? undefined : { text: await read(environment, cwd), file: environment };
    return importPostman(text, source, own);
  }
  return (await import("@ape/setup/import/k6")).importK6(text, source);
}

async function read(source: string, cwd: string): Promise<string> {
  try {
    if (!/^https?:\/\//.test(source)) return decodeText(await readFile(resolve(cwd, source))).text;
    const { request } = await import("undici");
    const { statusCode, body } = await request(source, { signal: AbortSignal.timeout(FETCH_MS) });
    const bytes = await body.bytes();
    if (statusCode !== 200) throw new Error(`it answered ${statusCode}`);
    return decodeText(bytes).text;
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `${source} cannot be read`, {
      cause,
      hint: "Name a file or a URL that is there.",
    });
  }
}
