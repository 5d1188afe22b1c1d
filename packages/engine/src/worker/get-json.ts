import { request } from "undici";

/** The description that a part of APE gives of itself. */
export async function getJson(url: string, token: string | undefined): Promise<unknown> {
  const { statusCode, body } = await request(url, {
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
    headersTimeout: 5_000,
  });
  const text = await body.text();
  if (statusCode !== 200) throw new Error(`it answered ${statusCode} ${text.slice(0, 200)}`);
  return JSON.parse(text) as unknown;
}
