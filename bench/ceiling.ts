import pg from "pg";
import type { Flight, Sent, Trace } from "./capture.ts";
import { inOwnProcess } from "./child.ts";
import { asAdmin, type Place } from "./cluster.ts";

/** How the ceiling sends a transaction: one statement after the other, or each flight of the product in one go. */
export type Shape = "one by one" | "in flights";

/** The statements of one operation, ready to be run straight on the database. */
export interface Ceiling {
  name: string;
  /** Rows of parameters in the table `bench.<name>`. */
  variants: number;
  traces: Trace[];
}

/** Connections that the bars are measured at. */
export const CONNECTIONS = 16;

/** Transactions that a connection runs with one row of parameters: fetching one for each would be work of its own. */
const TURNS = 10;

/** Whether pgbench is on PATH. */
export async function hasPgbench(): Promise<boolean> {
  try {
    return (await new Deno.Command("pgbench", { args: ["--version"], stdout: "null" }).output()).success;
  } catch (error) {
    if (error instanceof Deno.errors.NotFound) return false;
    throw error;
  }
}

/** Keeps the parameters of every trace in a table, for pgbench to take from at random. */
export async function prepareCeiling(place: Place, name: string, traces: Trace[]): Promise<Ceiling> {
  const rows = traces.map((trace) => valuesOf(trace).map((value) => value ?? ""));
  const columns = rows[0]!.map((_, i) => `v${i}`);
  await asAdmin(place, async (admin) => {
    await admin.query("create schema if not exists bench; grant usage on schema bench to servicehub_app");
    const table = `bench.${pg.escapeIdentifier(name)}`;
    await admin.query(`drop table if exists ${table}`);
    await admin.query(
      `create table ${table} (n int primary key, ${columns.map((c) => `${c} text`).join(", ")})`,
    );
    for (const [n, row] of rows.entries()) {
      const places = row.map((_, i) => `$${i + 2}`).join(", ");
      await admin.query(`insert into ${table} values ($1, ${places})`, [n + 1, ...row]);
    }
    await admin.query(`grant select on ${table} to servicehub_app`);
    await admin.query(`analyze ${table}`);
  });
  return { name, variants: rows.length, traces };
}

/** Transactions of `ceiling` a second, by pgbench with prepared statements and {@link CONNECTIONS} connections. */
export async function runPgbench(
  ceiling: Ceiling,
  { place, shape, seconds, dir }: { place: Place; shape: Shape; seconds: number; dir: string },
): Promise<number> {
  const file = `${dir}/${ceiling.name}.sql`;
  await Deno.writeTextFile(file, script(ceiling, shape));
  const { success, stdout, stderr } = await new Deno.Command("pgbench", {
    args: [
      ...["-h", place.host, "-p", String(place.port), "-U", "servicehub_app", "-n", "-M", "prepared"],
      ...[
        "-c",
        String(CONNECTIONS),
        "-j",
        "2",
        "-T",
        String(seconds),
        "-D",
        "turn=0",
        "-f",
        file,
        place.database,
      ],
    ],
  }).output();
  const text = new TextDecoder().decode(stdout);
  const perSecond = Number(/^tps = ([\d.]+)/m.exec(text)?.[1]);
  if (!success || !(perSecond > 0)) {
    throw new Error(`Cannot measure "${ceiling.name}": ${new TextDecoder().decode(stderr)}`);
  }
  return perSecond;
}

/** A pgbench script of the statements that the traces have in common; what differs becomes variables. */
export function script({ name, variants, traces: [trace] }: Ceiling, shape: Shape): string {
  const names = valuesOf(trace!).map((_, i) => `v${i}`);
  const made = new Map<string, string>();
  const lines = [
    "\\set turn :turn + 1",
    `\\if :turn % ${TURNS} = 1`,
    `\\set n random(1, ${variants})`,
    `select ${names.join(", ")} from bench.${pg.escapeIdentifier(name)} where n = :n \\gset`,
    "\\endif",
  ];
  let at = 0;
  for (const flight of trace!) {
    const texts: string[] = [];
    for (const sent of flight) {
      const from = at;
      at += slotsOf(sent).length;
      for (const text of textsOf(sent, { from, made })) {
        if (sent.madeId) {
          made.set(sent.madeId, `made${made.size}_id`);
          // What a later flight needs has to be fetched, which pgbench can't do inside a pipeline.
          lines.push(`${text} \\gset made${made.size - 1}_`);
        } else texts.push(`${text};`);
      }
    }
    lines.push(
      ...(shape === "in flights" && texts.length > 1
        ? ["\\startpipeline", ...texts, "\\endpipeline"]
        : texts),
    );
  }
  return lines.join("\n") + "\n";
}

/** Every value of a trace, in the order of its statements. */
function valuesOf(trace: Trace): (string | null)[] {
  return trace.flatMap((flight: Flight) => flight.flatMap(slotsOf));
}

/** The values of a statement; of a simple message, the literals that its checked values became. */
function slotsOf(sent: Sent): (string | null)[] {
  return sent.simple ? [...sent.text.matchAll(/'([^']*)'/g)].map((match) => match[1]!) : sent.values;
}

function textsOf(sent: Sent, { from, made }: { from: number; made: Map<string, string> }): string[] {
  let slot = from;
  const values = slotsOf(sent);
  const variable = (i: number) => {
    const value = values[i]!;
    // pgbench has no null among its values; where it stands is the same in every trace.
    if (value === null) return "null";
    return sent.freshIds?.includes(i) ? "uuidv7()" : `:${made.get(value) ?? `v${from + i}`}`;
  };
  if (!sent.simple) return [sent.text.replaceAll(/\$(\d+)/g, (_, n) => variable(Number(n) - 1))];
  return sent.text.split(";").map((part) => part.trim().replaceAll(/'[^']*'/g, () => `:v${slot++}`));
}

/** The same by a process with the driver, where there is no pgbench. */
export async function runDriver(
  { traces }: Ceiling,
  { place, shape, seconds }: { place: Place; shape: Shape; seconds: number },
): Promise<number> {
  const shaped = shape === "in flights" ? traces : traces.map((trace) => trace.flat().map((sent) => [sent]));
  return await inOwnProcess<number>("ceiling_driver.ts", {
    place,
    traces: shaped,
    connections: CONNECTIONS,
    seconds,
  });
}
