type Level = "debug" | "info" | "warn" | "error";
export type Fields = Record<string, unknown>;

const LEVELS: Level[] = ["debug", "info", "warn", "error"];
const settings: { level: Level; format: "json" | "text" } = { level: "info", format: "json" };
const encoder = new TextEncoder();

export function configureLog(options: { level: Level; format: "json" | "text" }): void {
  Object.assign(settings, options);
}

/** One line on standard error. `message` is constant, so that lines can be grouped; `fields` never hold a secret. */
export function log(level: Level, message: string, fields: Fields = {}): void {
  if (LEVELS.indexOf(level) < LEVELS.indexOf(settings.level)) return;
  const event = { time: new Date().toISOString(), level, message, ...plain(fields) };
  const line = settings.format === "json" ? JSON.stringify(event) : text(event);
  Deno.stderr.writeSync(encoder.encode(line + "\n"));
}

function plain(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [
      key,
      value instanceof Error ? { name: value.name, message: value.message, stack: value.stack } : value,
    ]),
  );
}

function text({ time, level, message, ...rest }: Fields & { time: string; level: Level }): string {
  const facts = Object.entries(rest).map(([k, v]) => `${k}=${typeof v === "string" ? v : JSON.stringify(v)}`);
  return `${time.slice(11, 19)} ${level.padEnd(5)} ${message} ${facts.join(" ")}`.trimEnd();
}
