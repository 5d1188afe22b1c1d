import type { ApiDescription } from "@ape/core/protocol/api";
import type { Page } from "@ape/core/protocol/page";
import type { Gateway } from "@ape/gateway/gateway";
import { describeWebApi } from "@ape/setup/web-api-description";

const MOST_PAGES = 8;

/** What the first pages of a web application offer: its links and forms as operations. Nothing is sent but reads. */
export const describeWebTarget = async (gateway: Gateway, target: string): Promise<ApiDescription> =>
  describeWebApi(target, await pagesOf(gateway, target));

/** The first pages of a web application: `/` and the pages that it links to, read only. */
async function pagesOf(gateway: Gateway, target: string): Promise<Page[]> {
  const pages: Page[] = [];
  const seen = new Set<string>();
  const waiting = ["/"];
  while (pages.length < MOST_PAGES) {
    const path = waiting.shift();
    if (path === undefined) break;
    if (seen.has(path)) continue;
    seen.add(path);
    const { body, status } = await gateway.transport.call({ target, method: "GET", path });
    if (body.kind !== "page" || status >= 400) continue;
    pages.push(body.page);
    // A link that would sign out or delete something is not followed.
    for (const link of body.page.links)
      if (!/(?:log|sign)[\s_-]?(?:out|off)|delete|remove/i.test(`${link.path} ${link.text}`))
        waiting.push(link.path);
  }
  return pages;
}
