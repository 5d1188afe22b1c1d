/** A recorded multipart form (RFC 7578): its plain fields, and the fields that were files. */
export interface MultipartText {
  fields: Record<string, string>;
  files: string[];
}

const DISPOSITION = /^content-disposition:\s*form-data\b(.*)$/im;

/** Reads the text of a multipart body; its first line is the boundary. */
export function readMultipart(text: string): MultipartText {
  const fields: [string, string][] = [];
  const files: string[] = [];
  const boundary = /^\s*(--[^\r\n]+)/.exec(text)?.[1]?.trim();
  const parts = boundary === undefined ? [] : text.split(boundary);
  for (const part of parts) {
    const gap = /\r?\n\r?\n/.exec(part);
    const parameters = DISPOSITION.exec(part.slice(0, gap?.index))?.[1];
    const name = parameters === undefined ? undefined : /;\s*name="([^"]*)"/i.exec(parameters)?.[1];
    if (parameters === undefined || name === undefined || gap === null) continue;
    if (/;\s*filename\*?=/i.test(parameters)) files.push(name);
    else fields.push([name, part.slice(gap.index + gap[0].length).replace(/\r?\n$/, "")]);
  }
  return { fields: Object.fromEntries(fields), files };
}
