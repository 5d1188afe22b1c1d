/** How long a new connection took, in milliseconds. */
export interface ConnectionTiming {
  dns: number;
  connect: number;
  tls: number;
}
