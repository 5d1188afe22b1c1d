import { join, normalize, sep } from "node:path";
import { leadsOut } from "@ape/core/config/runtime/leads-out";

/** Where a file of a given path is to be written below a folder; undefined for a path that leads out of it. */
export function placeBelow(folder: string, path: string): string | undefined {
  const place = normalize(path);
  return leadsOut(place) || place.startsWith(sep) ? undefined : join(folder, place);
}
