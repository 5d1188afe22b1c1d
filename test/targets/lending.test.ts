import { expect, test } from "vitest";
import { type Client, clientOf, newTrace, type Read } from "./client.ts";
import { contractOf, undescribed } from "./contract.ts";
import { type Lending, type MemberRow, startLending } from "./lending.ts";

async function withLending(use: (lending: Lending) => Promise<void>): Promise<void> {
  const lending = await startLending();
  try {
    await use(lending);
  } finally {
    await lending.close();
  }
}

async function enter(
  lending: Lending,
  index = 0,
): Promise<{ send: Client; traceId: string; visit: number; row: MemberRow }> {
  const { traceId, traceparent } = newTrace();
  const row = lending.rows[index];
  if (row === undefined) throw new Error("no such member");
  const entered = await clientOf(lending.url, { traceparent })("POST /desk/visits", {
    memberNumber: row.member,
    pin: row.pin,
  });
  const send = clientOf(lending.url, { traceparent, "x-library-key": entered.at("libraryKey") });
  return { send, traceId, visit: entered.at<number>("visitNumber"), row };
}

interface Listed {
  entries: Array<{ toolNumber: number; dailyFee: number; onShelf: boolean }>;
  next: string | null;
}

async function allTools(send: Client): Promise<Listed["entries"]> {
  const found: Listed["entries"] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const list = (await send(`GET /tools${cursor === "" ? "" : `?cursor=${cursor}`}`)).json() as Listed;
    found.push(...list.entries);
    cursor = list.next;
  }
  return found;
}

const WHEN = { startsOn: "2031-05-12", days: 3, pickUp: "morning" };

test("a member who does all of it has reached the goal, one who leaves a part out has not", async () => {
  await withLending(async (lending) => {
    const go = async (index: number, below: boolean, confirm: boolean, leave: boolean) => {
      const { send, traceId, visit } = await enter(lending, index);
      const tools = await allTools(send);
      const tool = tools.find(({ dailyFee, onShelf }) => onShelf && dailyFee < 12 === below);
      const held = await send("POST /reservations", { toolNumber: tool?.toolNumber, ...WHEN });
      expect(held.at("stage")).toBe("held");
      const number = held.at<number>("reservationNumber");
      if (confirm)
        expect((await send(`POST /reservations/${number}/confirmation`)).at("stage")).toBe("confirmed");
      expect((await send(`GET /reservations/${number}`)).at("stage")).toBe(confirm ? "confirmed" : "held");
      if (leave) expect((await send(`DELETE /desk/visits/${visit}`)).status).toBe(204);
      expect((await send("GET /tools")).status).toBe(leave ? 401 : 200);
      return traceId;
    };
    const good = await go(0, true, true, true);
    await go(1, false, true, true);
    await go(2, true, false, true);
    await go(3, true, true, false);
    const books = lending.books();
    expect(books.reached).toEqual([good]);
    expect(books.traces[good]).toMatchObject({ signIns: 1, signOuts: 1, members: [lending.rows[0]?.member] });
    expect(books.traces[good]?.reservations[0]).toMatchObject({ stage: "confirmed", days: 3 });
    expect(Object.keys(books.traces).length).toBe(4);
  });
});

test("the list continues where its cursor says, and needs leafing through for a low fee", async () => {
  await withLending(async (lending) => {
    const { send } = await enter(lending);
    const tools = await allTools(send);
    expect(new Set(tools.map(({ toolNumber }) => toolNumber)).size).toBe(40);
    expect(tools.slice(0, 5).filter(({ dailyFee }) => dailyFee < 12)).toEqual([]);
    expect(tools.filter(({ dailyFee, onShelf }) => onShelf && dailyFee < 12).length).toBeGreaterThan(3);
  });
});

test("the document describes everything, and the server answers as it says", async () => {
  await withLending(async (lending) => {
    expect(undescribed(lending.document)).toEqual([]);
    expect((await clientOf(lending.url)("GET /openapi.json")).json()).toEqual(lending.document);
    const contract = contractOf(lending.document);
    const seen = new Map<string, Set<number>>(contract.operations.map((operation) => [operation, new Set()]));
    const violations: string[] = [];
    const hold = (operation: string, read: Read) => {
      seen.get(operation)?.add(read.status);
      violations.push(...contract.violations({ operation, ...read }));
      return read;
    };
    const bare = clientOf(lending.url);
    const { send, visit, row } = await enter(lending);
    const other = await enter(lending, 1);
    for (const operation of contract.operations) {
      const path = operation.replace(/\{\w+\}/, "1");
      if (operation !== "POST /desk/visits") hold(operation, await bare(path));
      if (path.includes("/1")) hold(operation, await send(path));
      if (operation.startsWith("POST")) hold(operation, await send(path, "{"));
    }
    const signIn = "POST /desk/visits";
    hold(signIn, await bare(signIn, { memberNumber: row.member, pin: row.pin }));
    hold(signIn, await bare(signIn, { memberNumber: row.member, pin: "9999" }));
    hold(signIn, await bare(signIn, { memberNumber: 1000, pin: 0 }));
    const tools = await allTools(send);
    const [there, gone] = [tools.find(({ onShelf }) => onShelf), tools.find(({ onShelf }) => !onShelf)];
    hold("GET /tools", await send("GET /tools?kind=wood&limit=2"));
    for (const query of ["kind=stone", "limit=0", "cursor=!"])
      hold("GET /tools", await send(`GET /tools?${query}`));
    hold("GET /tools/{toolNumber}", await send(`GET /tools/${there?.toolNumber}`));
    const reserve = "POST /reservations";
    const held = hold(reserve, await send(reserve, { toolNumber: there?.toolNumber, ...WHEN }));
    hold(reserve, await send(reserve, { toolNumber: gone?.toolNumber, ...WHEN }));
    hold(reserve, await send(reserve, { toolNumber: 1, ...WHEN }));
    for (const bad of [{ days: 15 }, { days: "3" }, { startsOn: "2031-13-01" }, { pickUp: "night" }]) {
      const refused = hold(reserve, await send(reserve, { toolNumber: there?.toolNumber, ...WHEN, ...bad }));
      expect(Object.keys((refused.json() as { unfit: object }).unfit)).toEqual(Object.keys(bad));
    }
    const number = held.at<number>("reservationNumber");
    hold("GET /reservations/{reservationNumber}", await send(`GET /reservations/${number}`));
    expect((await other.send(`GET /reservations/${number}`)).status).toBe(404);
    for (let turn = 0; turn < 2; turn += 1) {
      const confirm = `POST /reservations/${number}/confirmation`;
      hold("POST /reservations/{reservationNumber}/confirmation", await send(confirm));
    }
    hold("DELETE /desk/visits/{visitNumber}", await send(`DELETE /desk/visits/${visit}`));

    expect(violations).toEqual([]);
    for (const [operation, statuses] of seen) {
      expect([operation, [...statuses].toSorted()]).toEqual([
        operation,
        contract.statuses(operation).toSorted(),
      ]);
    }
  });
});
