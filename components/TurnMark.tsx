import { Badge } from "./Badge.tsx";
import type { TicketStatus } from "./types.ts";

/** Whose turn it is, where the status doesn't say: a new ticket that was answered is no untouched one. */
export function TurnMark({ status, needsReply }: { status: TicketStatus; needsReply?: boolean | undefined }) {
  if (needsReply) return <Badge tone="amber">Needs reply</Badge>;
  return needsReply === false && status === "new" ? <Badge>Answered</Badge> : null;
}
