#!/usr/bin/env node
// `npm create ape-test` is `ape-test init`: the wizard lives there, so that both are always of one version.
process.argv.splice(2, 0, "init");
await import(new URL("bin/ape-test.mjs", import.meta.resolve("ape-test/package.json")).href);
