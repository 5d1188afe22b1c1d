export interface Finding {
  name: string;
  ok: boolean;
  message: string;
}
