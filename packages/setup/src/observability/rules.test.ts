import { execFile, execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { stringify } from "yaml";
import { cadvisorSeries, RESTARTED } from "../../test/cadvisor-series.ts";
import { prometheusFile } from "./prometheus.ts";
import { ALERTS, rulesFile } from "./rules.ts";

const run = promisify(execFile);
const installed = (() => {
  try {
    execFileSync("promtool", ["--version"]);
    return true;
  } catch {
    return false;
  }
})();

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "ape-rules-"));
  await writeFile(join(folder, "rules.yml"), rulesFile());
  await writeFile(join(folder, "token"), "run");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const promtool = (...args: string[]): Promise<{ stdout: string }> => run("promtool", args, { cwd: folder });

type Series = Record<string, string>;
const C = cadvisorSeries;
/** The same values for the machine and for a container of others. */
const both = (metric: string, values: string): Series => ({
  [C(metric, "machine")]: values,
  [C(metric, "other")]: values,
});
const R = '{run="r"}';
/** Series that make an alert fire, and such that leave it quiet; values a sample every 5 s. */
const CASES: Record<string, { fires: Series; quiet: Series }> = {
  ApeSuccessLow: {
    fires: {
      [`ape_session_success_passes_total${R}`]: "0+8x60",
      [`ape_session_success_fails_total${R}`]: "0+2x60",
    },
    quiet: {
      [`ape_session_success_passes_total${R}`]: "0+99x60",
      [`ape_session_success_fails_total${R}`]: "0+1x60",
    },
  },
  ApeActionsFailing: {
    fires: {
      [`ape_action_failed_passes_total${R}`]: "0+1x60",
      [`ape_action_failed_fails_total${R}`]: "0+9x60",
    },
    quiet: {
      [`ape_action_failed_passes_total${R}`]: "0+1x60",
      [`ape_action_failed_fails_total${R}`]: "0+99x60",
    },
  },
  ApeTimeBetweenActionsHigh: {
    fires: {
      [`ape_time_between_actions_seconds_sum${R}`]: "0+20x60",
      [`ape_time_between_actions_seconds_count${R}`]: "0+10x60",
    },
    quiet: {
      [`ape_time_between_actions_seconds_sum${R}`]: "0+5x60",
      [`ape_time_between_actions_seconds_count${R}`]: "0+10x60",
    },
  },
  ApeFirstTokenSlow: {
    fires: {
      'ape_time_to_first_token_seconds_bucket{run="r",le="1"}': "0+1x60",
      'ape_time_to_first_token_seconds_bucket{run="r",le="2.5"}': "0+10x60",
      'ape_time_to_first_token_seconds_bucket{run="r",le="+Inf"}': "0+10x60",
    },
    quiet: {
      'ape_time_to_first_token_seconds_bucket{run="r",le="1"}': "0+10x60",
      'ape_time_to_first_token_seconds_bucket{run="r",le="2.5"}': "0+10x60",
      'ape_time_to_first_token_seconds_bucket{run="r",le="+Inf"}': "0+10x60",
    },
  },
  ApeSaturated: {
    fires: { 'ape_saturated{run="r",part="agents-0"}': "1x60" },
    quiet: { 'ape_saturated{run="r",part="agents-0"}': "0x60" },
  },
  ApeScrapeDown: {
    fires: { 'up{job="agents",instance="a:9464"}': "0x60" },
    quiet: { 'up{job="agents",instance="a:9464"}': "1x60", 'up{job="containers",instance="c:8080"}': "0x60" },
  },
  ApeContainerMemory: {
    fires: {
      [C("container_memory_working_set_bytes", "gateway")]: "95000000x60",
      [C("container_spec_memory_limit_bytes", "gateway")]: "100000000x60",
    },
    quiet: {
      [C("container_memory_working_set_bytes", "gateway")]: "50000000x60",
      [C("container_spec_memory_limit_bytes", "gateway")]: "100000000x60",
      // A full machine and a container of others are nobody's business here; without a limit it is 0.
      ...both("container_memory_working_set_bytes", "95000000x60"),
      ...both("container_spec_memory_limit_bytes", "100000000x60"),
    },
  },
  ApeContainerCpu: {
    fires: {
      [C("container_cpu_usage_seconds_total", "gateway")]: "0+2.4x60",
      [C("container_spec_cpu_quota", "gateway")]: "50000x60",
      [C("container_spec_cpu_period", "gateway")]: "100000x60",
    },
    quiet: {
      [C("container_cpu_usage_seconds_total", "gateway")]: "0+1x60",
      [C("container_spec_cpu_quota", "gateway")]: "50000x60",
      [C("container_spec_cpu_period", "gateway")]: "100000x60",
      ...both("container_cpu_usage_seconds_total", "0+9x60"),
      ...both("container_spec_cpu_quota", "50000x60"),
      ...both("container_spec_cpu_period", "100000x60"),
    },
  },
  ApeContainerRestarts: {
    fires: {
      [C("container_cpu_usage_seconds_total", "gateway")]: `_x36 ${RESTARTED.usage}`,
      [C("container_start_time_seconds", "gateway")]: `_x36 ${RESTARTED.startTime}`,
    },
    quiet: {
      // One restart within 5 minutes happens; those of others do not count.
      [C("container_cpu_usage_seconds_total", "gateway")]: "0+1x20 0+1x40",
      [C("container_start_time_seconds", "gateway")]: "1795840504x60",
      [C("container_cpu_usage_seconds_total", "other")]: `_x36 ${RESTARTED.usage}`,
    },
  },
};

test("every alert has a case in which it fires and one in which it does not", () => {
  expect(Object.keys(CASES).sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

test.skipIf(!installed)("promtool: the configuration and the rules are good", async () => {
  for (const profile of ["metrics", "full"] as const) {
    const text = prometheusFile(profile);
    await writeFile(
      join(folder, "prometheus.yml"),
      text
        .replaceAll("/run/secrets/ape_scrape_token", join(folder, "token"))
        .replaceAll("/etc/prometheus/rules.yml", join(folder, "rules.yml")),
    );
    expect((await promtool("check", "config", "prometheus.yml")).stdout).toContain("SUCCESS");
    // What does not run in a profile is neither asked nor told.
    expect(/cadvisor|alertmanager/.test(text)).toBe(profile === "full");
  }
  expect((await promtool("check", "rules", "rules.yml")).stdout).toContain(
    `${ALERTS.length + 11} rules found`,
  );
});

test.skipIf(!installed).each(ALERTS)(
  "promtool: $name fires when it should, and only then",
  async ({ name }) => {
    const { fires, quiet } = CASES[name] as (typeof CASES)[string];
    const firing = async (series: Series): Promise<boolean> => {
      const file = {
        rule_files: ["rules.yml"],
        evaluation_interval: "5s",
        tests: [
          {
            interval: "5s",
            input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
            alert_rule_test: [{ eval_time: "4m", alertname: name, exp_alerts: [] }],
          },
        ],
      };
      await writeFile(join(folder, `${name}.yml`), stringify(file, { lineWidth: 0 }));
      return promtool("test", "rules", `${name}.yml`).then(
        () => false,
        (failed: { stdout: string; stderr: string }) => {
          // No alert was expected: the one complaint there may be is that there is one.
          expect(failed.stdout + failed.stderr).toContain(`alertname="${name}"`);
          return true;
        },
      );
    };
    expect(await firing(fires)).toBe(true);
    expect(await firing(quiet)).toBe(false);
  },
);
