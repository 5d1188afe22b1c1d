import { readFile } from "node:fs/promises";
import type { Environment } from "@ape/core/config/environment";
import type { S3Variable } from "@ape/core/config/runtime/s3-variables";
import { ApeError, messageOf } from "@ape/core/lib/errors";
import { AwsClient } from "aws4fetch";
import { resultFiles } from "../store/run-files.ts";

/** Uploads at once, tries of each after the first, and how long one may take. */
const AT_ONCE = 4;
const RETRIES = 4;
const FILE_MS = 120_000;

/** Uploads folders of runs to S3-compatible storage. */
export class S3Upload {
  readonly #client: AwsClient;
  /** URL of the folder of all runs, without a slash at its end. */
  readonly #base: string;
  readonly #name: string;

  /**
   * @param place `s3://bucket/prefix`
   * @throws ApeError ENV_MISSING without credentials
   */
  constructor(place: string, environment: Environment) {
    // A variable that is empty is one that nobody has set.
    const value = (...names: S3Variable[]): string | undefined =>
      names.map((name) => environment[name]).find((one) => one !== undefined && one !== "");
    const id = value("AWS_ACCESS_KEY_ID");
    const secret = value("AWS_SECRET_ACCESS_KEY");
    if (id === undefined || secret === undefined)
      throw new ApeError(
        "ENV_MISSING",
        "`results.upload` needs AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY",
        {
          hint: "Set them, and AWS_ENDPOINT_URL_S3 for storage that is not AWS's.",
        },
      );
    const region = value("AWS_REGION", "AWS_DEFAULT_REGION") ?? "us-east-1";
    const session = value("AWS_SESSION_TOKEN");
    this.#name = place;
    this.#base = baseUrl(place, region, value("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL"));
    this.#client = new AwsClient({
      accessKeyId: id,
      secretAccessKey: secret,
      ...(session === undefined ? {} : { sessionToken: session }),
      region,
      service: "s3",
      retries: RETRIES,
    });
  }

  /**
   * Puts every file of a run's folder below `PREFIX/RUN/`.
   * @returns number of files
   * @throws ApeError EXPORT_FAILED
   */
  async upload(directory: string, run: string): Promise<number> {
    const files = await resultFiles(directory);
    const left = [...files];
    const work = async (): Promise<void> => {
      for (let next = left.pop(); next !== undefined; next = left.pop())
        await this.#put(next.file, `${run}/${next.name}`);
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return files.length;
  }

  async #put(file: string, key: string): Promise<void> {
    const failed = (reason: string, cause?: unknown): ApeError =>
      new ApeError("EXPORT_FAILED", `${this.#name} does not take ${key}: ${reason}`, {
        cause,
        hint: "The run's folder is complete where it was made. See the credentials, the bucket and AWS_ENDPOINT_URL_S3.",
      });
    let response: Response;
    try {
      response = await this.#client.fetch(
        `${this.#base}/${key.split("/").map(encodeURIComponent).join("/")}`,
        {
          method: "PUT",
          body: await readFile(file),
          signal: AbortSignal.timeout(FILE_MS),
        },
      );
    } catch (thrown) {
      throw failed(messageOf(thrown), thrown);
    }
    const text = await response.text();
    if (!response.ok) throw failed(`${response.status} ${/<Code>([^<]+)/.exec(text)?.[1] ?? ""}`.trim());
  }
}

/** Buckets of another endpoint, and those with a dot, which no certificate of AWS covers, are in the path. */
function baseUrl(place: string, region: string, endpoint: string | undefined): string {
  const [, bucket = "", prefix = ""] = /^s3:\/\/([^/]+)\/?(.*?)\/?$/.exec(place) ?? [];
  const folder = prefix === "" ? "" : `/${prefix.split("/").map(encodeURIComponent).join("/")}`;
  if (endpoint !== undefined) return `${endpoint.replace(/\/$/, "")}/${bucket}${folder}`;
  return bucket.includes(".")
    ? `https://s3.${region}.amazonaws.com/${bucket}${folder}`
    : `https://${bucket}.s3.${region}.amazonaws.com${folder}`;
}
