import { composeGenerator } from "../compose/generator.ts";
import { kubernetesGenerator } from "../kubernetes/generator.ts";
import { helmGenerator } from "../kubernetes/helm-generator.ts";
import { ciGenerator } from "./ci-file.ts";
import { envGenerator } from "./env-file.ts";
import { gatewayGenerator } from "./gateway-file.ts";
import type { FileGenerator } from "./generator.ts";

/** All generators of `ape-test generate`; the wizard uses the same list. */
export const GENERATORS: readonly FileGenerator[] = [
  gatewayGenerator,
  composeGenerator,
  kubernetesGenerator,
  helmGenerator,
  envGenerator,
  ciGenerator,
];
