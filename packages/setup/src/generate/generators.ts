import { composeGenerator } from "../compose/generator.ts";
import { ciGenerator } from "./ci-file.ts";
import { envGenerator } from "./env-file.ts";
import { gatewayGenerator } from "./gateway-file.ts";
import type { FileGenerator } from "./generator.ts";

/** Everything that `ape-test generate` knows; the wizard calls the same list. */
export const GENERATORS: readonly FileGenerator[] = [
  gatewayGenerator,
  composeGenerator,
  envGenerator,
  ciGenerator,
];
