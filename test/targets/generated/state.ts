import { randomFrom, seedOf } from "@ape/core/lib/random";
import { type Item, idOf, type SystemPlan } from "./draw.ts";

export interface Deal {
  id: string;
  item: Item;
  /** Trace id of the session that made it. */
  trace: string;
  user: string;
  status: "requested" | "confirmed" | "cancelled";
  notes: string[];
}

export interface OwnFolder {
  id: string;
  name: string;
  size: number | undefined;
  trace: string;
  user: string;
  isDeleted: boolean;
}

/** Why a request was refused. */
export interface SystemRefusal {
  status: 400 | 401 | 404 | 409 | 422;
  message: string;
  field?: string;
}

export const isRefusal = <T>(value: T | SystemRefusal): value is SystemRefusal =>
  typeof value === "object" && value !== null && "status" in value && "message" in value;

const PASSWORD = "correct-horse-9";
const ACCOUNTS = 20;

/** What a system holds, whatever its face: the truth about every session. */
export class SystemState {
  readonly plan: SystemPlan;
  readonly deals: Deal[] = [];
  readonly folders: OwnFolder[] = [];
  /** It answers well to what changes a thing that it has, and does not do it. */
  lies = false;
  readonly #sessions = new Map<string, string>();
  readonly #random;
  #next = 1;

  constructor(plan: SystemPlan) {
    this.plan = plan;
    this.#random = randomFrom(seedOf("state", plan.seed));
  }

  /** Rows of `email,password` for sessions. */
  accounts(): { email: string; password: string }[] {
    return Array.from({ length: ACCOUNTS }, (_, index) => ({
      email: `user${index}@example.org`,
      password: `${PASSWORD}${index}`,
    }));
  }

  id(prefix: string): string {
    this.#next += 1;
    return idOf(this.plan.idStyle, prefix, this.#next, this.#random);
  }

  login(email: unknown, password: unknown): string | SystemRefusal {
    const known = this.accounts().some((one) => one.email === email && one.password === password);
    if (!known) return { status: 401, message: "The credentials are wrong." };
    const token = Array.from({ length: 32 }, () => Math.floor(this.#random() * 16).toString(16)).join("");
    this.#sessions.set(token, String(email));
    return token;
  }

  logout(token: string): void {
    this.#sessions.delete(token);
  }

  /** The user of a credential; a system without logins has one user. */
  userOf(token: string | undefined): string | undefined {
    if (this.plan.login === "none") return "everyone";
    return token === undefined ? undefined : this.#sessions.get(token);
  }

  /** What `work` returns, without what it did to deals and folders. */
  pretend<T>(work: () => T): T {
    const [deals, folders] = [structuredClone(this.deals), structuredClone(this.folders)];
    const answer = structuredClone(work());
    this.deals.splice(0, this.deals.length, ...deals);
    this.folders.splice(0, this.folders.length, ...folders);
    return answer;
  }

  item(id: string): Item | undefined {
    return this.plan.items.find((item) => item.id === id);
  }

  deal(by: { user: string; trace: string }, itemId: string): Deal | SystemRefusal {
    const item = this.item(itemId);
    const { system } = this.plan;
    if (item === undefined) return { status: 404, message: `There is no such ${system.item}.` };
    if (!item.available) return { status: 409, message: `This ${system.item} is not available.` };
    const deal: Deal = { id: this.id("dl"), item, ...by, status: "requested", notes: [] };
    this.deals.push(deal);
    return deal;
  }

  ownDeal(user: string, id: string): Deal | SystemRefusal {
    const found = this.deals.find((deal) => deal.id === id && deal.user === user);
    return found ?? { status: 404, message: `There is no such ${this.plan.system.deal}.` };
  }

  /** Moves a deal to another state. */
  move(deal: Deal, status: Deal["status"]): Deal | SystemRefusal {
    const allowed = deal.status === "requested" || (deal.status === "confirmed" && status === "cancelled");
    if (!allowed || status === "requested")
      return {
        status: 409,
        message: `A ${this.plan.system.deal} that is ${deal.status} cannot be ${status}.`,
      };
    deal.status = status;
    return deal;
  }

  folder(by: { user: string; trace: string }, name: string, size: number | undefined): OwnFolder {
    const folder: OwnFolder = { id: this.id("fo"), name, size, ...by, isDeleted: false };
    this.folders.push(folder);
    return folder;
  }

  ownFolder(user: string, id: string): OwnFolder | SystemRefusal {
    const found = this.folders.find((one) => one.id === id && one.user === user && !one.isDeleted);
    return found ?? { status: 404, message: `There is no such ${this.plan.system.folder}.` };
  }
}
