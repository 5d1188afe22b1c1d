import { join, normalize, sep } from "node:path";

/** Where a file of a given path is to be written below a folder; undefined for a path that leads out of it. */
export function placeBelow(folder: string, path: string): string | undefined {
  const place = normalize(path);
  return place.startsWith("..") || place.startsWith(sep) ? undefined : join(folder, place);
}
