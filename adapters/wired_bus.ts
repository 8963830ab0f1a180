import type { Bus, BusTopic } from "@/ports.ts";
import { log } from "@/log.ts";
import { createLocalBus } from "./local_bus.ts";

export interface Wire {
  readonly over: "postgresql" | "redis";
  readonly up: boolean;
  /** Sends a text to every process that listens, this one too. It may be lost. Never throws. @returns when it left */
  send(text: string): Promise<void>;
  listen(listener: (text: string) => void): void;
  close(): Promise<void>;
}

/** The longest text that a wire carries, in bytes: PostgreSQL takes less than 8,000. */
const MOST_BYTES = 7_900;
/** Most messages that wait to be sent; listeners poll as well. */
const MOST_WAITING = 10_000;

type Packet = [from: string, ...messages: [BusTopic, string][]];

/** Calls local listeners at once and ignores the echo. Batches to other processes go one after the other, deduplicated. */
export function createWiredBus(wire: Wire): Bus {
  const local = createLocalBus();
  const self = crypto.randomUUID().slice(0, 8);
  const waiting = new Map<string, number>();
  let sending = false;
  const flush = async () => {
    while (waiting.size > 0 && wire.up) await wire.send(nextPacket(self, waiting));
    waiting.clear();
    sending = false;
  };
  wire.listen((text) => {
    const [from, ...messages] = read(text);
    if (from !== self) { for (const [topic, message] of messages) local.publish(topic, message); }
  });
  return {
    publish(topic, message) {
      local.publish(topic, message);
      if (!wire.up || waiting.size >= MOST_WAITING) return;
      const part = JSON.stringify([topic, message]);
      const bytes = new TextEncoder().encode(part).length + 1;
      if (bytes > MOST_BYTES - 100) {
        return log("error", "Message too long for other processes", { topic, bytes });
      }
      waiting.set(part, bytes);
      if (sending) return;
      sending = true;
      queueMicrotask(flush);
    },
    subscribe: local.subscribe,
    state: () => ({ over: wire.over, up: wire.up }),
    async close() {
      await local.close();
      await wire.close();
    },
  };
}

function nextPacket(self: string, waiting: Map<string, number>): string {
  const parts = [JSON.stringify(self)];
  let room = MOST_BYTES - 20;
  for (const [part, bytes] of waiting) {
    if ((room -= bytes) < 0) break;
    parts.push(part);
    waiting.delete(part);
  }
  return `[${parts.join()}]`;
}

function read(text: string): Packet {
  try {
    return JSON.parse(text);
  } catch {
    return [""];
  }
}
