import type { EventData } from "@/components/TimelineItem.tsx";
import type { Metric } from "@/domain/sla/clock/ledger.ts";
import { METRIC_LABELS } from "@/domain/sla/clock/wording.ts";
import { type Relation, RELATION_LABELS } from "@/domain/tickets/model/relations.ts";
import type { TimelineEntry } from "@/domain/tickets/model/types.ts";
import type { Person } from "@/domain/shared/types.ts";

type Described = Pick<EventData, "icon" | "parts">;

/** Links, watchers, merges, ratings, SLA thresholds, and a ticket created for someone else. Null for anything else. */
export function describeWork({ action, actor, changes }: TimelineEntry, requester: Person): Described | null {
  const other = (changes.other as { key: string } | undefined)?.key ?? "";
  switch (action) {
    case "ticket.created":
      return actor && actor.id !== requester.id
        ? { icon: "ticket", parts: ["created this for ", requester.name] }
        : null;
    case "ticket.linked":
      return { icon: "link", parts: ["added a link: ", `${relationOf(changes)} ${other}`] };
    case "ticket.unlinked":
      return { icon: "link", parts: ["removed a link: ", `${relationOf(changes)} ${other}`] };
    case "ticket.watcher_added":
    case "ticket.watcher_removed":
      return { icon: "eye", parts: watched(action, changes.watcher as Person, actor?.id) };
    case "ticket.merged":
      return { icon: "merge", parts: ["merged this into ", other] };
    case "ticket.merged_in":
      return { icon: "merge", parts: ["merged ", other, " into this"] };
    case "ticket.unmerged":
      return { icon: "merge", parts: ["undid the merge into ", other] };
    case "ticket.unmerged_out":
      return { icon: "merge", parts: ["undid the merge of ", other] };
    case "ticket.rated":
      return { icon: "star", parts: ["rated the work: ", `${scoreOf(changes.score)} of 5`] };
    case "ticket.sla_warned":
      return {
        icon: "clock",
        parts: [`reported that ${changes.percent}% of the `, clockOf(changes), " target has elapsed"],
      };
    case "ticket.sla_breached":
      return { icon: "alert", parts: ["recorded a breach of the ", clockOf(changes), " target"] };
    default:
      return null;
  }
}

function clockOf({ metric }: Record<string, unknown>): string {
  return METRIC_LABELS[metric as Metric].toLowerCase();
}

function relationOf({ relation }: Record<string, unknown>): string {
  return RELATION_LABELS[relation as Relation].toLowerCase();
}

function watched(action: string, { id, name }: Person, actorId: string | undefined): string[] {
  const added = action === "ticket.watcher_added";
  if (id === actorId) return [added ? "is watching this" : "stopped watching this"];
  return added ? ["added ", name, " as a watcher"] : ["removed ", name, " from the watchers"];
}

function scoreOf(score: unknown): number {
  return typeof score === "object" && score !== null ? (score as { to: number }).to : Number(score);
}
