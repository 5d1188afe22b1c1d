import { SecretMasker } from "../../lib/mask.ts";
import { maskUrl } from "../base-url.ts";

/** A configuration as written, with the secrets of it masked; those below eight characters as whole values only. */
export function maskConfiguration(value: unknown, secrets: readonly string[]): unknown {
  const masker = new SecretMasker({ minInText: 8 });
  for (const secret of secrets) masker.add(secret);
  const within = (part: unknown): unknown => {
    if (typeof part === "string") return maskUrl(masker.mask(part));
    if (Array.isArray(part)) return part.map(within);
    if (typeof part !== "object" || part === null) return part;
    return Object.fromEntries(Object.entries(part).map(([key, item]) => [key, within(item)]));
  };
  return within(value);
}
