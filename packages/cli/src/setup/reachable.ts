import { lookup } from "node:dns/promises";
import { connect } from "node:net";
import type { DoctorFinding } from "./doctor-finding.ts";

const ANSWER_MS = 5_000;

/**
 * Whether this process finds addresses and reaches them: a name alone is looked up, `HOST:PORT` is connected to as well.
 * The findings have the names of the addresses.
 */
export function judgeAddresses(addresses: readonly string[]): Promise<DoctorFinding[]> {
  return Promise.all(addresses.map(judgeAddress));
}

async function judgeAddress(address: string): Promise<DoctorFinding> {
  const [, host = address, port] = /^\[?(.*?)\]?:(\d+)$/.exec(address) ?? [];
  let found: string;
  try {
    ({ address: found } = await within(lookup(host)));
  } catch (thrown) {
    return { name: address, ok: false, message: `DNS has no answer for ${host} (${codeOf(thrown)})` };
  }
  if (port === undefined) return { name: address, ok: true, message: `DNS knows ${host}` };
  const how = await tryConnection(found, Number(port));
  return how === undefined
    ? { name: address, ok: true, message: `${found} accepts connections` }
    : { name: address, ok: false, message: `${found} accepts no connection (${how})` };
}

/** @returns why there is no connection, if there is none */
function tryConnection(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: ANSWER_MS });
    const end = (how?: string): void => {
      socket.destroy();
      resolve(how);
    };
    socket.once("connect", () => end());
    socket.once("timeout", () => end(TOO_LATE));
    socket.once("error", (error) => end(codeOf(error)));
  });
}

const TOO_LATE = `none after ${ANSWER_MS / 1_000} s`;

/** Node's lookup has no time limit of its own. */
async function within<T>(work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(TOO_LATE)), ANSWER_MS);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

function codeOf(thrown: unknown): string {
  const { code, message } = thrown as NodeJS.ErrnoException;
  return code ?? message;
}
