import { useEffect, useState } from "preact/hooks";
import { isReplying } from "@/browser/composer.ts";
import { subscribe } from "@/browser/live_events.ts";
import { Avatar } from "@/components/Avatar.tsx";

interface Present {
  id: string;
  name: string;
  state: "viewing" | "replying";
}

/** The server forgets who hasn't reported for 30 seconds. */
const REPORT_EVERY_MS = 12_000;
const TYPING_MS = 20_000;
/** The others are counted. */
const MOST_NAMED = 3;

/** Shows which colleagues have this ticket open or are replying, and reports the same of the person here. */
export function Presence({ ticketId }: { ticketId: string }) {
  const [present, setPresent] = useState<Present[]>([]);
  useEffect(() => {
    const address = `/v1/tickets/${ticketId}/presence`;
    let typedAt = -Infinity;
    let reported = "";
    const state = () => performance.now() - typedAt < TYPING_MS && isReplying() ? "replying" : "viewing";
    const report = async () => {
      if (document.visibilityState === "hidden") return;
      reported = state();
      const response = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ state: reported }),
      }).catch(() => null);
      if (response?.ok) setPresent((await response.json()).items);
    };
    const leave = () => {
      reported = "";
      fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
    };
    const onInput = (event: Event) => {
      if (!(event.target as Element).matches(".composer textarea")) return;
      typedAt = performance.now();
      if (reported !== state()) report();
    };
    const onVisible = () => document.visibilityState === "visible" ? report() : leave();
    const timer = setInterval(report, REPORT_EVERY_MS);
    const unsubscribe = subscribe((event) => {
      if (event.kind === "presence" && event.entityId === ticketId) report();
    });
    document.addEventListener("input", onInput);
    document.addEventListener("visibilitychange", onVisible);
    addEventListener("pagehide", leave);
    addEventListener("pageshow", report);
    report();
    return () => {
      clearInterval(timer);
      unsubscribe();
      document.removeEventListener("input", onInput);
      document.removeEventListener("visibilitychange", onVisible);
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", report);
    };
  }, [ticketId]);
  const replying = present.filter(({ state }) => state === "replying");
  const viewing = present.filter(({ state }) => state === "viewing");
  return (
    <>
      {present.length > 0 && (
        <div data-island class="presence">
          {replying.length > 0 && <Group people={replying} doing="replying" />}
          {viewing.length > 0 && <Group people={viewing} doing="viewing" />}
        </div>
      )}
      <span data-island class="visually-hidden" role="status">
        {replying.length > 0 ? `${names(replying)} replying` : ""}
      </span>
    </>
  );
}

function Group({ people, doing }: { people: Present[]; doing: Present["state"] }) {
  return (
    <span class={`presence-group is-${doing}`}>
      {people.slice(0, MOST_NAMED).map((person) => <Avatar key={person.id} person={person} size="sm" />)}
      <span class="truncate">{names(people)} {doing}</span>
    </span>
  );
}

function names(people: Present[]): string {
  const named = people.slice(0, MOST_NAMED).map(({ name }) => name);
  const others = people.length - named.length;
  const all = others > 0 ? [...named, others === 1 ? "one other" : `${others} others`] : named;
  const last = all.at(-1)!;
  return `${all.length > 1 ? `${all.slice(0, -1).join(", ")} and ` : ""}${last} ${
    people.length > 1 ? "are" : "is"
  }`;
}
