import { residentMiB } from "./cpu.ts";

const MIB = 1024 * 1024;

/** What parallel uploads cost. */
export interface UploadFigures {
  /** Resident memory of the process before, and at its highest while they came, in MiB. */
  beforeMiB: number;
  peakMiB: number;
  seconds: number;
}

/**
 * Uploads `parallel` files of `mib` MiB at once to a running desk, as a new organisation's admin.
 *
 * @param options `pid` is the process whose memory is watched
 * @throws Error when one of them isn't taken
 */
export async function measureUploads(
  { url, pid, parallel, mib }: { url: string; pid: number; parallel: number; mib: number },
): Promise<UploadFigures> {
  const token = await register(url);
  const beforeMiB = await residentMiB(pid);
  let peakMiB = beforeMiB;
  const watch = setInterval(async () => {
    peakMiB = Math.max(peakMiB, await residentMiB(pid).catch(() => 0));
  }, 20);
  const began = performance.now();
  try {
    await Promise.all(Array.from({ length: parallel }, () => upload(url, token, mib)));
  } finally {
    clearInterval(watch);
  }
  return { beforeMiB, peakMiB, seconds: (performance.now() - began) / 1000 };
}

async function register(url: string): Promise<string> {
  const response = await fetch(`${url}/v1/auth/register`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      organisation: `Works ${crypto.randomUUID()}`,
      name: "Ada Admin",
      email: "ada@works.example",
      password: "a quiet harbour at dawn",
    }),
  });
  const body = await response.json();
  if (!response.ok) throw new Error(`Cannot register: ${JSON.stringify(body)}`);
  return body.accessToken;
}

/** Sends one file of text as a browser does, its length told ahead, in pieces: this process holds none of it whole. */
async function upload(url: string, token: string, mib: number): Promise<void> {
  const encoder = new TextEncoder();
  const head = encoder.encode(
    '--x\r\ncontent-disposition: form-data; name="file"; filename="a.txt"\r\ncontent-type: text/plain\r\n\r\n',
  );
  const tail = encoder.encode("\r\n--x--\r\n");
  const { hostname, port, host } = new URL(url);
  using connection = await Deno.connect({ hostname, port: Number(port) });
  await writeAll(
    connection,
    encoder.encode(
      `POST /v1/attachments HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\n` +
        "content-type: multipart/form-data; boundary=x\r\nconnection: close\r\n" +
        `content-length: ${head.length + mib * MIB + tail.length}\r\n\r\n`,
    ),
  );
  await writeAll(connection, head);
  const piece = new Uint8Array(64 * 1024).fill(0x61);
  for (let left = mib * MIB; left > 0; left -= piece.length) await writeAll(connection, piece);
  await writeAll(connection, tail);
  const answer = await new Response(connection.readable).text();
  if (!answer.startsWith("HTTP/1.1 201")) throw new Error(`Cannot upload: ${answer}`);
}

async function writeAll(connection: Deno.Conn, bytes: Uint8Array): Promise<void> {
  for (let at = 0; at < bytes.length;) at += await connection.write(bytes.subarray(at));
}
