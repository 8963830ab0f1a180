import type { Tone } from "@/components/types.ts";
import type { ReceivedMail } from "@/domain/mail/inbound/list.ts";

type Outcome = ReceivedMail["outcome"];

export const OUTCOMES: Readonly<Record<Outcome, { label: string; tone: Tone }>> = {
  waiting: { label: "Waiting", tone: "neutral" },
  commented: { label: "Reply", tone: "green" },
  noted: { label: "Internal note", tone: "amber" },
  opened: { label: "New ticket", tone: "green" },
  refused: { label: "Rejected", tone: "red" },
  ignored: { label: "Ignored", tone: "neutral" },
};
