import type { Tone } from "@/components/types.ts";
import type { MessageState } from "@/domain/messages/states.ts";
import type { WebhookEndpoint } from "@/domain/webhooks/endpoints.ts";
import { topicLabel } from "@/domain/events/topics.ts";

export const STATE_LOOKS: Record<MessageState, { label: string; tone: Tone }> = {
  queued: { label: "Queued", tone: "neutral" },
  retrying: { label: "Retrying", tone: "amber" },
  sending: { label: "Sending", tone: "blue" },
  sent: { label: "Delivered", tone: "green" },
  skipped: { label: "Not sent", tone: "neutral" },
  failed: { label: "Failed", tone: "red" },
};

export function endpointLook(
  { active, failingSince, disabledBecause }: WebhookEndpoint,
): { label: string; tone: Tone } {
  if (!active) return { label: "Disabled", tone: disabledBecause === "admin" ? "neutral" : "red" };
  return failingSince ? { label: "Failing", tone: "amber" } : { label: "Active", tone: "green" };
}

export function eventsText({ topics }: WebhookEndpoint): string {
  if (topics === null) return "All events";
  return topics.length === 1 ? "1 event" : `${topics.length} events`;
}

/** `84 ms`, `2.4 s`. */
export function durationText(ms: number): string {
  return ms < 1000 ? `${ms} ms` : `${(ms / 1000).toFixed(1)} s`;
}

/** A message's body, indented if it is JSON. */
export function readable(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

export function topicsText(endpoint: WebhookEndpoint): string {
  return endpoint.topics?.map(topicLabel).join(", ") ?? eventsText(endpoint);
}
