/** A value of a kubeconfig, or of a credential plugin's answer, as text; undefined for an empty text and for other types. */
export const nonEmptyText = (value: unknown): string | undefined =>
  typeof value === "string" && value !== "" ? value : undefined;
