import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { InferenceConfig } from "@ape/core/config/inference";
import { decodeText } from "@ape/core/lib/charset";
import { ApeError } from "@ape/core/lib/errors";

/** A comment is for people who edit the file, not for the model. */
const COMMENT = /<!--[\s\S]*?-->/g;

/**
 * The user's own instructions to the model, without HTML comments; empty without a file.
 * @throws ApeError FILE_MISSING
 */
export async function readInstructions(
  { instructions }: Pick<InferenceConfig, "instructions">,
  baseDir: string,
): Promise<string> {
  if (instructions === undefined) return "";
  try {
    return decodeText(await readFile(resolve(baseDir, instructions)))
      .text.replaceAll(COMMENT, "")
      .trim();
  } catch (cause) {
    throw new ApeError("FILE_MISSING", `${instructions} cannot be read`, {
      cause,
      hint: "Correct `inference.instructions`, or leave it out.",
    });
  }
}
