// Installs the npm packages when they are missing or older than the lock file, and does nothing otherwise,
// so that `npm run demo` and `npm test` are the only commands a fresh clone needs. Plain JavaScript, because
// it runs before anything is installed.
import { spawnSync } from "node:child_process";
import { statSync } from "node:fs";

const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  process.stderr.write(`APE needs Node 20.19 or newer; this is ${process.versions.node}.\n`);
  process.exit(1);
}

/** @param {string} path @returns {number} modification time, or 0 where there is no such file */
const modified = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (modified("node_modules/.package-lock.json") < modified("package-lock.json")) {
  const npm = process.platform === "win32" ? "npm.cmd" : "npm";
  const { status } = spawnSync(npm, ["ci", "--no-audit", "--no-fund", "--loglevel=error"], {
    stdio: "inherit",
    shell: process.platform === "win32",
  });
  process.exit(status ?? 1);
}
