import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Eta } from "eta";

/**
 * Fills a template file of the package (Eta's syntax, `<%= it.name %>`). Nothing is escaped: the files are plain text.
 * @param templates the folder of template files
 * @param name relative to it, such as `files/README.md.eta`
 */
export function fillTemplate(templates: string, name: string, values: Record<string, unknown>): string {
  const eta = new Eta({ autoEscape: false, autoTrim: [false, "nl"] });
  return eta.renderString(readFileSync(join(templates, name), "utf8"), values);
}
