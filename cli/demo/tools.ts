import { CreateCannedReply, createCannedReply } from "@/domain/replies/canned/write.ts";
import type { UserCx } from "@/domain/cx.ts";
import { parse } from "@/domain/validation.ts";
import { CreateMacro, createMacro } from "@/domain/replies/macros/write.ts";
import { CreateView, createView } from "@/domain/views/write.ts";

const REPLIES = [
  {
    title: "Ask for a screenshot",
    body:
      "Hello {{requester.firstName}},\n\ncould you send us a screenshot of the message, and tell us since when it appears?\n\nThank you\n{{agent.name}}",
  },
  {
    title: "Restart first",
    body:
      "Hello {{requester.firstName}},\n\nplease restart the computer once and try again. If it still happens, reply here and we will have a look.\n\n{{agent.name}}",
  },
  {
    title: "On its way",
    body:
      "Hello {{requester.firstName}},\n\nyour request {{ticket.key}} is approved and ordered. Delivery usually takes three working days.\n\n{{agent.name}}",
  },
];

const MACROS = [
  {
    name: "Ask for details and wait",
    description: "When a report says too little to begin with",
    actions: {
      assigneeId: "me",
      status: "pending",
      reason: "requester",
      replyVisibility: "public",
      reply:
        "Hello {{requester.firstName}},\n\nwhat exactly happens, since when, and does it happen to others as well?\n\n{{agent.name}}",
    },
  },
  {
    name: "Phishing reported",
    description: "A suspicious e-mail that somebody passed on",
    actions: {
      priority: "high",
      addTags: ["phishing"],
      assigneeId: "me",
      status: "in_progress",
      replyVisibility: "public",
      reply:
        "Hello {{requester.firstName}},\n\nthank you for reporting this. Please don't open links or attachments of that e-mail, and delete it. If you entered a password, change it now and tell us.\n\n{{agent.name}}",
    },
  },
];

const VIEWS = [
  {
    name: "Urgent and unassigned",
    shared: true,
    filter: { status: ["new", "open"], priority: ["urgent"], assigneeId: ["none"] },
    sort: "due",
  },
  { name: "Breached", shared: true, filter: { sla: ["breached"] }, sort: "due" },
];

export async function addTools(cx: UserCx): Promise<void> {
  for (const reply of REPLIES) {
    await createCannedReply(cx, parse(CreateCannedReply, { ...reply, shared: true }));
  }
  for (const macro of MACROS) await createMacro(cx, parse(CreateMacro, macro));
  for (const view of VIEWS) await createView(cx, parse(CreateView, view));
}
