/** The thread in which emails are parsed: it has no access to the database, and ends when the main thread says so. */
import { parentPort } from "node:worker_threads";
import { parseMail } from "./parse_mail.ts";

parentPort!.on("message", async (raw: ArrayBuffer) => {
  try {
    const content = await parseMail(new Uint8Array(raw));
    const files = content.files.map((file) => ({ ...file, content: new Uint8Array(file.content).buffer }));
    parentPort!.postMessage({ content: { ...content, files } }, files.map((file) => file.content));
  } catch {
    parentPort!.postMessage({ problem: "The email can't be read, or has too many parts or headers" });
  }
});
parentPort!.postMessage("ready");
