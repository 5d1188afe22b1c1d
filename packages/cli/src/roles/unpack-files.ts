import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { placeBelow } from "@ape/engine/host/place-below";

const unzip = promisify(gunzip);

/**
 * Unpacks the files of a role that had no room in one ConfigMap: the parts, joined in the order of their names, are a
 * compressed JSON object of contents in base64, by path.
 * @param from folder with the parts
 * @param to the role's folder
 */
export async function unpackFiles(from: string, to: string): Promise<void> {
  const names = (await readdir(from)).filter((name) => name.startsWith("part-")).sort();
  const parts = await Promise.all(names.map((name) => readFile(join(from, name))));
  const files = JSON.parse((await unzip(Buffer.concat(parts))).toString("utf8")) as Record<string, string>;
  for (const [path, content] of Object.entries(files)) {
    const file = placeBelow(to, path);
    if (file === undefined) continue;
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, "base64"));
  }
}
