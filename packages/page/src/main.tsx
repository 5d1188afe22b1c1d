import "uplot/dist/uPlot.min.css";
import "./style/base.css";
import "./style/parts.css";
import "./style/views.css";
import "./style/print.css";
import type { PageData } from "@ape/core/report/page-data";
import { render } from "preact";
import { App } from "./app.tsx";
import { applyStoredTheme } from "./parts/theme-switch.tsx";
import { ServedApp } from "./served-app.tsx";

const root = document.getElementById("page");
const text = document.getElementById("data")?.textContent;
applyStoredTheme();
if (root !== null && text) {
  const data = JSON.parse(text) as PageData;
  root.replaceChildren();
  render(data.mode === "file" ? <App run={data.run} /> : <ServedApp />, root);
}
