import type { Bus, BusTopic } from "@/ports.ts";
import { log } from "@/log.ts";

/** A bus for one process: who listens is told in the turn after the one that publishes. */
export function createLocalBus(): Bus {
  const listeners = new Map<BusTopic, Set<(message: string) => void>>();
  return {
    publish(topic, message) {
      for (const listener of listeners.get(topic) ?? []) {
        queueMicrotask(() => {
          try {
            listener(message);
          } catch (error) {
            log("error", "Message not taken", { topic, error });
          }
        });
      }
    },
    subscribe(topic, listener) {
      const all = listeners.get(topic) ?? new Set();
      listeners.set(topic, all.add(listener));
      return () => void all.delete(listener);
    },
    state: () => ({ over: "process", up: true }),
    async close() {
      await Promise.resolve(listeners.clear());
    },
  };
}
