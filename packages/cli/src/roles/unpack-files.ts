import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join, normalize, sep } from "node:path";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";

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
    const place = normalize(path);
    if (place.startsWith("..") || place.startsWith(sep)) continue;
    const file = join(to, place);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, Buffer.from(content, "base64"));
  }
}
