import { useEffect, useState } from "preact/hooks";
import { Avatar } from "@/components/Avatar.tsx";
import { onNews } from "@/browser/live.ts";

interface Present {
  id: string;
  name: string;
  state: "viewing" | "replying";
}

/** Says again that one is here, well before half a minute is over, in milliseconds. */
const EVERY_MS = 12_000;
/** Who has typed nothing for this long isn't writing any more, in milliseconds. */
const TYPING_MS = 20_000;
/** Named on the page; the others are counted. */
const MOST_NAMED = 3;

/** Which colleagues have this ticket open, and who writes a reply; tells them the same of who looks at this page. */
export function Presence({ ticketId }: { ticketId: string }) {
  const [present, setPresent] = useState<Present[]>([]);
  useEffect(() => {
    const address = `/v1/tickets/${ticketId}/presence`;
    let typedAt = -Infinity;
    let said = "";
    const state = () => performance.now() - typedAt < TYPING_MS && isWriting() ? "replying" : "viewing";
    const say = async () => {
      if (document.visibilityState === "hidden") return;
      said = state();
      const response = await fetch(address, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ state: said }),
      }).catch(() => null);
      if (response?.ok) setPresent((await response.json()).items);
    };
    const leave = () => {
      said = "";
      fetch(address, { method: "DELETE", keepalive: true }).catch(() => {});
    };
    const onInput = (event: Event) => {
      if (!(event.target as Element).matches(".composer textarea")) return;
      typedAt = performance.now();
      if (said !== state()) say();
    };
    const onVisible = () => document.visibilityState === "visible" ? say() : leave();
    const timer = setInterval(say, EVERY_MS);
    const deafen = onNews((news) => {
      if (news.kind === "presence" && news.entityId === ticketId) say();
    });
    document.addEventListener("input", onInput);
    document.addEventListener("visibilitychange", onVisible);
    addEventListener("pagehide", leave);
    addEventListener("pageshow", say);
    say();
    return () => {
      clearInterval(timer);
      deafen();
      document.removeEventListener("input", onInput);
      document.removeEventListener("visibilitychange", onVisible);
      removeEventListener("pagehide", leave);
      removeEventListener("pageshow", say);
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

function isWriting(): boolean {
  return (document.querySelector<HTMLTextAreaElement>(".composer textarea")?.value.trim() ?? "") !== "";
}
