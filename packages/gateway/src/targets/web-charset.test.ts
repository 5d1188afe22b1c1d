import { applyForm, submitForm } from "@ape/core/protocol/form";
import type { Page, PageForm } from "@ape/core/protocol/page";
import type { ToolCall, ToolResult } from "@ape/core/protocol/tool-call";
import { afterEach, expect, test } from "vitest";
import { Rig } from "../../test/rig.ts";

const rig = new Rig();
afterEach(() => rig.close());

/** An application in an encoding of its own: answers every request with a page, and keeps what it was sent. */
async function application(type: string, html: Buffer): Promise<{ url: string; sent: string[] }> {
  const sent: string[] = [];
  const url = await rig.serve((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      sent.push(
        `${request.method} ${request.url} ${request.headers["content-type"] ?? ""} ${Buffer.concat(parts).toString("latin1")}`,
      );
      response.setHeader("content-type", type);
      response.end(html);
    });
  });
  return { url, sent };
}

const pageOf = ({ body }: ToolResult): Page => {
  if (body.kind !== "page") throw new Error(`no page but ${body.kind}`);
  return body.page;
};

/** Sends the first form of a page, with a field filled in. */
function sending(form: PageForm | undefined, fields: Record<string, string>): ToolCall {
  if (form === undefined) throw new Error("no form");
  const filled = submitForm(form, { fields });
  if (typeof filled === "string") throw new Error(filled);
  const call: ToolCall = { target: "api", method: "GET", path: "/", headers: {} };
  applyForm(call, filled);
  return call;
}

const FORM = `<title>Caf\xe9</title><form method=post action=/save><input type=hidden name=k value="\xe9t\xe9"><input name=n></form>`;

test.each([
  ["the header says it", "text/html; charset=ISO-8859-1", FORM],
  ["the page says it", "text/html", `<meta charset="latin1">${FORM}`],
  [
    "the page says it in the old way",
    "text/html",
    `<meta http-equiv=Content-Type content="text/html; charset=iso-8859-1">${FORM}`,
  ],
  ["nothing says it", "text/html", FORM],
])("a page in Latin-1 is read, and its form sent, in Latin-1: %s", async (_how, type, html) => {
  const { url, sent } = await application(type, Buffer.from(html, "latin1"));
  const gateway = await rig.open({ kind: "web", baseUrl: url });
  const page = pageOf(await rig.call(gateway));
  expect(page.title).toBe("Café");
  expect(page.forms[0]).toMatchObject({ charset: "windows-1252", controls: [{ value: "été" }, {}] });
  await gateway.transport.call(sending(page.forms[0], { n: "gr\xfcn €" }));
  expect(sent[1]).toBe("POST /save application/x-www-form-urlencoded k=%E9t%E9&n=gr%FCn+%80");
});

test("a form sent by GET has its query in the page's encoding", async () => {
  const html = "<meta charset=shift_jis><form action=/find><input name=q></form>";
  const { url, sent } = await application("text/html", Buffer.from(html, "latin1"));
  const gateway = await rig.open({ kind: "web", baseUrl: url });
  const page = pageOf(await rig.call(gateway));
  await gateway.transport.call(sending(page.forms[0], { q: "日本" }));
  expect(sent[1]).toBe("GET /find?q=%93%FA%96%7B  ");
});

test("a multipart form has its texts in the encoding that it accepts", async () => {
  const html = `<form method=post action=/up enctype=multipart/form-data accept-charset="nonsense latin1"><input name=n></form>`;
  const { url, sent } = await application("text/html; charset=utf-8", Buffer.from(html));
  const gateway = await rig.open({ kind: "web", baseUrl: url });
  const page = pageOf(await rig.call(gateway));
  await gateway.transport.call(sending(page.forms[0], { n: "é" }));
  expect(sent[1]).toMatch(/multipart\/form-data; boundary=[\s\S]*name="n"\r\n\r\n\xe9\r\n/);
});

test("UTF-8 with a byte-order mark, and UTF-16, are read; their forms are sent in UTF-8", async () => {
  const html = "<title>Café</title><form method=post action=/save><input name=n></form>";
  for (const bytes of [Buffer.from(`\ufeff${html}`), Buffer.from(`\ufeff${html}`, "utf16le")]) {
    const { url, sent } = await application("text/html", bytes);
    const gateway = await rig.open({ kind: "web", baseUrl: url });
    const page = pageOf(await rig.call(gateway));
    expect(page.title).toBe("Café");
    await gateway.transport.call(sending(page.forms[0], { n: "é" }));
    expect(sent[1]).toBe("POST /save application/x-www-form-urlencoded n=%C3%A9");
  }
});

test.each([
  ["application/json", Buffer.from('\ufeff{"a":"é"}')],
  ["application/json; charset=iso-8859-1", Buffer.from('{"a":"é"}', "latin1")],
  ["application/json", Buffer.from('\ufeff{"a":"é"}', "utf16le")],
])("JSON as %s is read whatever mark or encoding it has", async (type, bytes) => {
  const { url } = await application(type, bytes);
  const gateway = await rig.open({ kind: "rest", baseUrl: url });
  const { body, error } = await rig.call(gateway);
  expect(error).toBeUndefined();
  expect(body).toMatchObject({ kind: "json", json: { a: "é" } });
});
