import { readPage } from "@ape/gateway/web/page";
import { TargetUrl } from "@ape/gateway/web/target-url";
import { type BenchResult, machine, stealMeter } from "./result.ts";

/** Bytes of the pages; the last one is the default `maxBody` of a target. */
const SIZES = [64, 128, 256, 512, 1024].map((kib) => kib * 1024);
const ROUNDS = 7;
/** Exponents above this are not linear. */
const LIMIT = 1.2;

/** Pages that repeat one piece: common markup, and markup that makes readers slow. */
const PIECES: Record<string, (index: number) => string> = {
  linksNeverClosed: () => "<a href=/x>",
  linksToManyPlaces: (index) => `<li><a href=/x/${index}>Item ${index}</a> $${index}</li>`,
  linksInOneRow: (index) => `<a href=/x/${index % 50}>go ${index}</a>`,
  nestedDivs: () => "<div class=row>",
  alerts: () => '<div class="alert alert-danger" role=alert>',
  cardsSideBySide: (index) => `<div class=card><a href=/x>Card ${index}</a></div>`,
  closedByOthers: () => "<a></b>",
  forms: (index) => `<form action=/f${index}><input name=a><button>Send</button></form>`,
  controlsElsewhere: (index) => `<form id=f${index}></form><input name=a form=f${index}>`,
  labels: (index) => `<label for=i${index}>Name</label><form><input id=i${index} name=n></form>`,
  labelsNeverClosed: () => "<label><input name=a>",
  radioButtons: (index) => `<form><fieldset><legend>Size</legend><input type=radio name=r value=${index}>`,
  buttonsOfTheirOwn: (index) => `<button formaction=/b${index}>Go</button>`,
  options: (index) => `<select name=s><option value=${index}>One`,
  fieldErrors: () => "<form><div class=row><input name=a><span class=error>Required.</span></div>",
  tableRows: (index) => `<tr><td>${index}<td><a href=/row/${index}>open</a>`,
  unfinishedTags: () => "<a href=",
  unfinishedComments: () => "<!-- <a>",
  entities: () => "&amp;&nbsp;",
  attributes: (index) => `<p a${index}=1 b=2`,
  foreignElements: () => "<svg><title>x</title>",
};

/** How the time to read a page grows with its size: the exponent of each kind of page, 1 being linear. */
export async function pages(log: (line: string) => void): Promise<BenchResult> {
  const stolen = stealMeter();
  const place = new TargetUrl("http://app.test", "");
  const url = place.url("/");
  const figures: Record<string, number> = {};
  const notes: string[] = [];
  let worst = 0;
  let slowest = 0;
  for (const [name, piece] of Object.entries(PIECES)) {
    const times = SIZES.map((size) => {
      const html = pageOf(piece, size);
      const rounds = Array.from({ length: ROUNDS }, () => {
        const began = performance.now();
        readPage(html, url, place);
        return performance.now() - began;
      });
      // The minimum: other work on the machine only adds to it.
      return Math.min(...rounds);
    });
    const exponent = Math.round(100 * slope(SIZES.map(Math.log), times.map(Math.log))) / 100;
    log(`${name}: ${times.map((ms) => ms.toFixed(1)).join(", ")} ms, exponent ${exponent}`);
    figures[`${name}Exponent`] = exponent;
    worst = Math.max(worst, exponent);
    slowest = Math.max(slowest, times.at(-1) ?? 0);
  }
  notes.push(
    worst <= LIMIT ? `linear: no exponent above ${LIMIT}` : `not linear: an exponent above ${LIMIT}`,
  );
  notes.push(`stolen CPU ${stolen() ?? "unknown"} %`);
  return {
    name: "pages",
    machine: machine(),
    figures: { ...figures, largestExponent: worst, slowestMebibyteMs: Math.round(slowest) },
    ratios: {},
    notes,
  };
}

function pageOf(piece: (index: number) => string, bytes: number): string {
  let html = "<!doctype html><body>";
  for (let index = 0; html.length < bytes; index += 1) html += piece(index);
  return html;
}

/** Slope of the line through the points, by least squares. */
function slope(xs: readonly number[], ys: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
  const [mx, my] = [mean(xs), mean(ys)];
  let over = 0;
  let under = 0;
  for (const [i, x] of xs.entries()) {
    over += (x - mx) * ((ys[i] ?? my) - my);
    under += (x - mx) ** 2;
  }
  return over / under;
}
