import { Badge } from "@/components/Badge.tsx";

/** Whom a canned reply is available to. */
export function SharedBadge({ shared }: { shared: boolean }) {
  return (
    <Badge tone={shared ? "accent" : "neutral"}>{shared ? "Everyone on the help desk" : "Only you"}</Badge>
  );
}
