import { basename, join, sep } from "node:path";
import { ApeError } from "@ape/core/lib/errors";
import { PageServer } from "@ape/engine/page/page-server";
import { RunFolder } from "@ape/engine/page/run-folder";
import { readPageAssets } from "@ape/engine/report/page-html";
import { isActive, livePageOf } from "@ape/engine/run/control";
import { withExamples } from "../examples.ts";
import { locateRun } from "../find-run.ts";
import { openInBrowser } from "../open-in-browser.ts";
import { MOST, wholeNumber } from "../option.ts";
import { PATHS } from "../paths.ts";
import type { CommandDefinition } from "./command.ts";

export const pageVerb: CommandDefinition = (command, { io }) => {
  command
    .argument("[run]", "id, its beginning, or path; the newest finished one if omitted")
    .option("--port <n>", "port on loopback, 0 takes any", wholeNumber(0, MOST.port), 0)
    .option("--open", "open the page in a browser")
    .action(async (id: string | undefined, { port, open }: { port: number; open?: boolean }) => {
      const shown = id === undefined ? undefined : await locateRun(io, id);
      if (shown !== undefined && (await isActive(shown))) {
        const url = await livePageOf(shown);
        if (url === undefined)
          throw new ApeError("USAGE", "the run was started without a page", {
            hint: "Watch it with `ape-test status --watch`; start runs with --page.",
          });
        io.out.write(`${url}\n`);
        if (open === true) openInBrowser(url, io);
        return;
      }
      const runs = join(".ape", "runs") + sep;
      const home = shown === undefined ? io.cwd : shown.slice(0, Math.max(0, shown.lastIndexOf(runs)));
      if (shown !== undefined && !shown.includes(runs))
        throw new ApeError("USAGE", `${shown} is not in a folder of runs`, {
          hint: "Open its report.html, which `ape-test report --html` writes again.",
        });
      const folder = new RunFolder(home, shown === undefined ? undefined : basename(shown));
      const server = await PageServer.open(await readPageAssets(PATHS.page), folder, port);
      io.out.write(`${server.url}\n`);
      io.err.write("serving until Ctrl-C\n");
      if (open === true) openInBrowser(server.url, io);
      await new Promise<void>((resolve) => {
        const unsubscribe = io.onInterrupt(() => {
          unsubscribe();
          resolve();
        });
      });
      await server.close();
    });
  withExamples(command, "ape-test page --open", "ape-test page 20261123 --port 8090");
};
