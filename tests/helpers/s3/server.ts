/**
 * An S3-speaking server on loopback, which checks signatures; its folder is the argument, its port the first line that
 * it writes. Run as a process of its own under the `deno.json` beside it: its packages are in no lock file but this
 * folder's.
 */

import crypto from "node:crypto";

// It encrypts the tokens of its listings with DES, which no library of today has any more: any other cipher will do.
const { createCipheriv, createDecipheriv } = crypto;
const key = new Uint8Array(16);
const wide = (iv: Uint8Array) => new Uint8Array([...iv, ...iv]);
Object.assign(crypto, {
  createCipheriv: (name: string, secret: Uint8Array, iv: Uint8Array) =>
    name === "des" ? createCipheriv("aes-128-cbc", key, wide(iv)) : createCipheriv(name, secret, iv),
  createDecipheriv: (name: string, secret: Uint8Array, iv: Uint8Array) =>
    name === "des" ? createDecipheriv("aes-128-cbc", key, wide(iv)) : createDecipheriv(name, secret, iv),
});

// Named at run time: a static import would enter the root's lock file when the root type-checks this file.
const name = "@20minutes/s3rver";
const { default: S3rver } = await import(name);

const server = new S3rver({
  address: "127.0.0.1",
  port: 0,
  directory: Deno.args[0],
  silent: true,
  allowMismatchedSignatures: false,
  configureBuckets: [{ name: "attachments" }],
});
const { port } = await server.run();
Deno.stdout.writeSync(new TextEncoder().encode(`${port}\n`));
