const MIN_LENGTH = 4;

/**
 * Replaces every known secret in a text. Values shorter than four characters are left alone: they
 * would blank out ordinary text.
 */
export function maskSecrets(text: string, secrets: Iterable<string>): string {
  let masked = text;
  for (const secret of secrets)
    if (secret.length >= MIN_LENGTH && masked.includes(secret)) masked = masked.replaceAll(secret, "***");
  return masked;
}
