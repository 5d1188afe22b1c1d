import type { VNode } from "preact";
import { usePage } from "../../data/page-state.ts";
import type { PathLayout, PathLink, PathNode } from "../../data/path-layout.ts";
import { linkTo } from "../../data/route.ts";
import { numberText } from "../../format.ts";
import { Scroll } from "../../parts/scroll.tsx";

/** Pixels of a character. */
const CHAR_WIDTH = 7;

/** Paths as bands from operation to operation; every band and operation is a link to its sessions. */
export function PathDrawing({ layout, height }: { layout: PathLayout; height: number }): VNode {
  const { route } = usePage();
  const { width } = layout;
  const to = (node: PathNode): string =>
    linkTo(route, {
      view: "sessions",
      goal: route.goal,
      persona: route.persona,
      from: node.name,
      depth: node.isOutcome ? undefined : String(node.layer),
    });
  const along = (link: PathLink): string =>
    linkTo(route, {
      view: "sessions",
      goal: route.goal,
      persona: route.persona,
      from: link.from,
      to: link.to,
      depth: String(link.depth),
    });
  return (
    <Scroll label="Paths, drawn">
      <svg class="paths" width={width} height={height} viewBox={`0 0 ${width} ${height}`}>
        <title>Paths from operation to operation</title>
        <g class="bands">
          {layout.links.map((link) => (
            <a
              key={`${link.depth} ${link.from} ${link.to}`}
              href={along(link)}
              aria-label={`${numberText(link.sessions)} sessions from ${link.from} to ${link.to}`}
            >
              <path
                class={link.to.startsWith("(") && link.to !== "(succeeded)" ? "band lost" : "band"}
                d={bandPath(link)}
                stroke-width={Math.max(1, link.width)}
              >
                <title>{`${link.from} → ${link.to}: ${numberText(link.sessions)} sessions`}</title>
              </path>
            </a>
          ))}
        </g>
        {layout.nodes.map((node) => (
          <a key={node.id} href={to(node)}>
            <rect
              class={`node ${node.name === "(succeeded)" ? "fill-green" : node.isOutcome ? "fill-red" : "fill-blue"}`}
              x={node.x0}
              y={node.y0}
              width={node.x1 - node.x0}
              height={Math.max(2, node.y1 - node.y0)}
              rx="2"
            >
              <title>{`${node.name}: ${numberText(node.sessions)} sessions`}</title>
            </rect>
            <text x={node.x0} y={node.y0 - 4}>
              {shortName(node.name, Math.floor(layout.layerWidth / CHAR_WIDTH) - countOf(node).length - 2)}{" "}
              <tspan class="count">{countOf(node)}</tspan>
            </text>
          </a>
        ))}
      </svg>
    </Scroll>
  );
}

const countOf = (node: PathNode): string => numberText(node.sessions);

function bandPath({ source, target, y0, y1 }: PathLink): string {
  const middle = (source.x1 + target.x0) / 2;
  return `M${source.x1},${y0}C${middle},${y0} ${middle},${y1} ${target.x0},${y1}`;
}

function shortName(name: string, chars: number): string {
  const text = name.replace(/^\((.*)\)$/, "$1").replaceAll("_", " ");
  return text.length > chars ? `${text.slice(0, chars - 1)}…` : text;
}
