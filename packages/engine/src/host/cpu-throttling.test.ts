import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { CpuThrottling } from "./cpu-throttling.ts";

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true });
});

/** Files as a kernel shows them, in a folder. */
function kernel(self: string, files: Record<string, string>) {
  const root = mkdtempSync(join(tmpdir(), "ape-cgroup-"));
  folders.push(root);
  const write = (name: string, text: string): void => {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  };
  write("self", self);
  for (const [name, text] of Object.entries(files)) write(name, text);
  return { write, open: () => new CpuThrottling({ root, self: join(root, "self") }) };
}

const v2 = (usec: number): string =>
  `usage_usec 5000\nnr_periods 10\nnr_throttled 3\nthrottled_usec ${usec}\n`;
const v1 = (nanos: number): string => `nr_periods 10\nnr_throttled 3\nthrottled_time ${nanos}\n`;

test.each([
  ["version 2, own cgroup namespace", "0::/\n", "cpu.stat", v2, 1_000],
  ["version 2, path of the host", "0::/kubepods/pod1/c1\n", "kubepods/pod1/c1/cpu.stat", v2, 1_000],
  ["version 2, path that is not mounted", "0::/kubepods/pod1/c1\n", "cpu.stat", v2, 1_000],
  ["version 1", "4:cpu,cpuacct:/docker/c1\n3:memory:/docker/c1\n", "cpu,cpuacct/cpu.stat", v1, 1e6],
  ["version 1, path of the host", "4:cpu:/docker/c1\n", "cpu/docker/c1/cpu.stat", v1, 1e6],
])("%s: the time since the last call", (_name, self, file, text, unit) => {
  const { write, open } = kernel(self, { [file]: text(7_000 * unit) });
  const throttling = open();
  expect(throttling.take()).toBe(0);
  write(file, text(7_250 * unit));
  expect(throttling.take()).toBe(250);
  expect(throttling.take()).toBe(0);
});

test("a system that does not report it has no figure", () => {
  expect(kernel("0::/\n", {}).open().take()).toBeUndefined();
  expect(kernel("0::/\n", { "cpu.stat": "usage_usec 5\n" }).open().take()).toBeUndefined();
  expect(new CpuThrottling({ root: "/none", self: "/none" }).take()).toBeUndefined();
});
