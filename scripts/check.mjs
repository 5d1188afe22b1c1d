// Lint, types and the unit tests of what changed since main, all at once: the tests mostly wait. Prints the output of each
// part when it ends; fails where any part fails.
import { spawn } from "node:child_process";

const PARTS = {
  lint: "npm run -s lint",
  types: "npm run -s types",
  unit: "npx vitest run --changed main packages",
};

/**
 * Runs a shell command with its output kept; resolves with its exit code.
 * @param {string} name
 * @param {string} command
 * @returns {Promise<number>}
 */
const run = (name, command) =>
  new Promise((resolve) => {
    const began = Date.now();
    const child = spawn(command, { shell: true, stdio: ["ignore", "pipe", "pipe"] });
    /** @type {Buffer[]} */
    const output = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (piece) => output.push(piece));
    child.on("close", (code) => {
      process.stdout.write(Buffer.concat(output));
      console.log(
        `${name}: ${code === 0 ? "passed" : "failed"} in ${Math.round((Date.now() - began) / 1_000)} s`,
      );
      resolve(code ?? 1);
    });
  });

const codes = await Promise.all(Object.entries(PARTS).map(([name, command]) => run(name, command)));
process.exitCode = codes.some((code) => code !== 0) ? 1 : 0;
