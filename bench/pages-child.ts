import { readPage } from "@ape/gateway/web/page";
import { TargetUrl } from "@ape/gateway/web/target-url";

const ROUNDS = 7;

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

const place = new TargetUrl("http://app.test", "");
const url = place.url("/");

/** Without a message of its content: the names of the pages. With a name: the milliseconds to read the page in each size. */
process.on("message", ({ name, sizes = [] }: { name?: string; sizes?: number[] }) => {
  const piece = PIECES[name ?? ""];
  process.send?.(piece === undefined ? Object.keys(PIECES) : timesOf(piece, sizes));
});

function timesOf(piece: (index: number) => string, sizes: readonly number[]): number[] {
  const htmls = sizes.map((size) => pageOf(piece, size));
  const times = sizes.map(() => Number.POSITIVE_INFINITY);
  // Sizes in turn, so that what the machine does besides meets all of them. The minimum: other work only adds to it.
  for (let round = 0; round < ROUNDS; round += 1)
    for (const [index, html] of htmls.entries())
      times[index] = Math.min(
        times[index] as number,
        cpuMs(() => readPage(html, url, place)),
      );
  return times;
}

/** CPU time of the process, its collection of garbage included: where other processes want the cores, it still tells. */
function cpuMs(work: () => unknown): number {
  const began = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(began);
  return (user + system) / 1000;
}

function pageOf(piece: (index: number) => string, bytes: number): string {
  let html = "<!doctype html><body>";
  for (let index = 0; html.length < bytes; index += 1) html += piece(index);
  return html;
}
