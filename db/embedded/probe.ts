import { join } from "node:path";
import { SOCKET_NUMBER } from "./socket_dir.ts";

export type Answer = { ready: true; version: string } | { ready: false; message: string };

/** Speaks just enough of the protocol ("Message Flow", "Start-up") to tell whether the server is ready. */
export async function probe(
  socketDir: string,
  options: { user: string; timeoutMs: number },
): Promise<Answer> {
  let connection: Deno.UnixConn | undefined;
  const timer = setTimeout(() => connection?.close(), options.timeoutMs);
  try {
    connection = await Deno.connect({
      transport: "unix",
      path: join(socketDir, `.s.PGSQL.${SOCKET_NUMBER}`),
    });
    await connection.write(startup(options.user));
    return await readAnswer(connection);
  } catch (error) {
    if (error instanceof Deno.errors.NotCapable) throw error;
    return { ready: false, message: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
    try {
      connection?.close();
    } catch {
      // The timer was first.
    }
  }
}

function startup(user: string): Uint8Array {
  const text = `user\0${user}\0database\0postgres\0application_name\0servicehub probe\0\0`;
  const bytes = new TextEncoder().encode(text);
  const message = new Uint8Array(8 + bytes.length);
  const view = new DataView(message.buffer);
  view.setInt32(0, message.length);
  view.setInt32(4, 0x00030000);
  message.set(bytes, 8);
  return message;
}

async function readAnswer(connection: Deno.UnixConn): Promise<Answer> {
  const chunk = new Uint8Array(4096);
  let bytes = new Uint8Array(0);
  let version = "";
  while (true) {
    const count = await connection.read(chunk);
    if (count === null) return { ready: false, message: "the server closed the connection" };
    const joined = new Uint8Array(bytes.length + count);
    joined.set(bytes);
    joined.set(chunk.subarray(0, count), bytes.length);
    bytes = joined;
    while (bytes.length >= 5) {
      const length = new DataView(bytes.buffer, bytes.byteOffset).getInt32(1) + 1;
      if (bytes.length < length) break;
      const fields = new TextDecoder().decode(bytes.subarray(5, length)).split("\0");
      const type = String.fromCharCode(bytes[0]!);
      bytes = bytes.slice(length);
      if (type === "S" && fields[0] === "server_version") version = fields[1] ?? "";
      if (type === "E") return { ready: false, message: errorText(fields) };
      if (type === "Z") {
        await connection.write(new Uint8Array([0x58, 0, 0, 0, 4]));
        return { ready: true, version };
      }
    }
  }
}

function errorText(fields: string[]): string {
  return fields.find((field) => field.startsWith("M"))?.slice(1) ?? "unknown error";
}
