import type { Manifest } from "../store/manifest.ts";
import { type Endpoint, endpointOf } from "./push-exporter.ts";

/** A named text in OTLP's JSON. */
export interface Attribute {
  key: string;
  value: { stringValue: string };
}

export function attributesOf(labels: Readonly<Record<string, string | undefined>>): Attribute[] {
  const attributes: Attribute[] = [];
  for (const [key, value] of Object.entries(labels))
    if (value !== undefined) attributes.push({ key, value: { stringValue: value } });
  return attributes;
}

/** Epoch milliseconds as OTLP's 64-bit numbers, which its JSON writes as text. */
export function nanoseconds(epochMs: number): string {
  return String(BigInt(Math.round(epochMs * 1000)) * 1000n);
}

/**
 * A collector's address with the path of a signal, `/v1/traces`.
 * @throws ApeError USAGE
 */
export function collectorAt(destination: string, path: string): Endpoint {
  const endpoint = endpointOf(destination);
  const url = new URL(endpoint.url);
  if (!url.pathname.endsWith(path)) url.pathname = url.pathname.replace(/\/$/, "") + path;
  return { ...endpoint, url: url.href };
}

/** The sender: the run. */
export function originOf({ id, versions }: Pick<Manifest, "id" | "versions">): {
  resource: { attributes: Attribute[] };
  scope: { name: string; version: string };
} {
  return {
    resource: {
      attributes: attributesOf({
        "service.name": "ape",
        "service.version": versions.ape,
        "ape.run.id": id,
      }),
    },
    scope: { name: "ape", version: versions.ape },
  };
}

/** A server may accept a request and refuse some of its points (OTLP, "Partial Success"). */
export function partialSuccessError(answer: string): string | undefined {
  try {
    const { partialSuccess } = JSON.parse(answer) as {
      partialSuccess?: {
        rejectedDataPoints?: string | number;
        rejectedSpans?: string | number;
        errorMessage?: string;
      };
    };
    const rejected = Number(partialSuccess?.rejectedDataPoints ?? partialSuccess?.rejectedSpans ?? 0);
    return rejected > 0 ? `it refused ${rejected} of them: ${partialSuccess?.errorMessage ?? ""}` : undefined;
  } catch {
    return undefined;
  }
}
