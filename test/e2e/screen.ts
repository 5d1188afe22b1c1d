import xterm from "@xterm/headless";

/** The lines that a terminal of 100 columns has shown, from a program's output. */
export async function screenOf(raw: string): Promise<string> {
  const terminal = new xterm.Terminal({ cols: 100, rows: 60, scrollback: 2_000, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(raw, resolve));
  const { active } = terminal.buffer;
  const lines: string[] = [];
  for (let row = 0; row < active.length; row += 1)
    lines.push(active.getLine(row)?.translateToString(true) ?? "");
  terminal.dispose();
  return `${lines.join("\n").trimEnd()}\n`;
}
