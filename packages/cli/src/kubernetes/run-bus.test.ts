import { parseConfig } from "@ape/core/config/parse";
import type { KubeApi } from "@ape/engine/launch/kubernetes/kube-api";
import type { Project } from "@ape/engine/project/project";
import { expect, test } from "vitest";
import { withRunBus } from "./run-bus.ts";

