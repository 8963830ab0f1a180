/** Files for tests of attachments, and what a desk's store holds. */
import { deflateSync } from "node:zlib";
import type { Desk } from "./desk.ts";

/** A PNG file that says it is this large; its pixels are one short block, whatever it says. */
export function png(width: number, height: number): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(13);
  const view = new DataView(header.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = width * height <= 1_000_000 ? new Uint8Array(height * (1 + width * 3)) : new Uint8Array(8);
  if (width * height <= 1_000_000) {
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width * 3; x++) rows[y * (1 + width * 3) + 1 + x] = (x * 2 + y * 3) & 255;
    }
  }
  return concat([
    new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk("IHDR", header),
    chunk("IDAT", new Uint8Array(deflateSync(rows))),
    chunk("IEND", new Uint8Array()),
  ]);
}

function chunk(type: string, data: Uint8Array): Uint8Array {
  const body = concat([new TextEncoder().encode(type), data]);
  const out = new Uint8Array(body.length + 8);
  const view = new DataView(out.buffer);
  view.setUint32(0, data.length);
  out.set(body, 4);
  view.setUint32(body.length + 4, crc(body));
  return out;
}

function crc(bytes: Uint8Array): number {
  let value = 0xffffffff;
  for (const byte of bytes) {
    value ^= byte;
    for (let i = 0; i < 8; i++) value = value & 1 ? value >>> 1 ^ 0xedb88320 : value >>> 1;
  }
  return (value ^ 0xffffffff) >>> 0;
}

function concat(parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}

/** The names of everything in a desk's file store, unfinished files too; of one tenant, where one is named. */
export async function storedFiles(desk: Pick<Desk, "config">, tenantId?: string): Promise<string[]> {
  const root = `${desk.config.DATA_DIR}/blobs`;
  const found: string[] = [];
  const read = async (folder: string) => {
    try {
      for await (const { name, isDirectory } of Deno.readDir(folder)) {
        if (isDirectory) await read(`${folder}/${name}`);
        else found.push(`${folder}/${name}`.slice(root.length + 1));
      }
    } catch (error) {
      if (!(error instanceof Deno.errors.NotFound)) throw error;
    }
  };
  await read(tenantId ? `${root}/${tenantId}` : root);
  return found.sort();
}
