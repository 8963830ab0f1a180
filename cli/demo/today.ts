import type { TicketType } from "@/domain/tickets/model/formatting.ts";
import type { Level } from "@/domain/tickets/model/priority.ts";
import type { PendingReason, Status } from "@/domain/tickets/model/states.ts";

export interface DemoRequest {
  by: string;
  type: TicketType;
  title: string;
  description: string;
  impact: Level;
  urgency: Level;
  agent?: string;
  category: string;
  queue?: string;
  replies?: { who: string; body: string; internal?: true }[];
  state?: { to: Status; note?: string; reason?: PendingReason };
}

const DANIEL = "daniel@northwind.example";
const ANA = "ana@northwind.example";
const EMI = "emi@northwind.example";
const FARID = "farid@northwind.example";

export const REQUESTS: DemoRequest[] = [
  {
    by: ANA,
    type: "incident",
    category: "Mail",
    title: "Mailbox is full",
    description: "It says 50 GB, and nothing comes in any more.",
    impact: "low",
    urgency: "medium",
    agent: FARID,
    queue: "Access",
    replies: [{ who: FARID, body: "I am moving the old years to the archive. It takes about an hour." }],
    state: {
      to: "resolved",
      note: "Mail before 2024 is in the archive, which the mailbox searches as well.",
    },
  },
  {
    by: DANIEL,
    type: "service_request",
    category: "Laptops",
    title: "New laptop for Grete, who starts on 1 December",
    description: "14 inches, German keyboard, the usual software.",
    impact: "low",
    urgency: "medium",
    agent: FARID,
    queue: "Hardware",
    replies: [{ who: FARID, body: "Ordered today.", internal: true }],
    state: { to: "pending", reason: "vendor" },
  },
  {
    by: ANA,
    type: "incident",
    category: "Printers",
    title: "Printer on floor 3 prints blank pages",
    description: "Since the toner was changed this morning.",
    impact: "medium",
    urgency: "low",
    agent: FARID,
    queue: "Hardware",
    replies: [{ who: FARID, body: "Did somebody pull the orange strip out of the new toner?" }],
    state: { to: "pending", reason: "requester" },
  },
  {
    by: DANIEL,
    type: "incident",
    category: "Shared drives",
    title: "Cannot open the shared drive “Finance”",
    description:
      "Windows says “access denied”, and the month end is due at noon.\n\n- I was added to the group yesterday\n" +
      "- A restart did not help",
    impact: "high",
    urgency: "medium",
    agent: EMI,
    queue: "Access",
    replies: [
      {
        who: EMI,
        body: "The group is nested in **FIN-RO**, so it only reads. Asking Farid.",
        internal: true,
      },
      {
        who: EMI,
        body:
          "Found it: your group sits below the read-only one. Please sign out and in again in ten minutes.",
      },
    ],
    state: { to: "in_progress" },
  },
  {
    by: ANA,
    type: "incident",
    category: "VPN",
    title: "VPN drops every few minutes since the update on Monday",
    description: "At home, on 5 GHz Wi-Fi. On the phone's hotspot it holds.",
    impact: "medium",
    urgency: "high",
    agent: EMI,
    queue: "Network",
    state: { to: "open" },
  },
  {
    by: DANIEL,
    type: "service_request",
    category: "Meeting rooms",
    title: "Meeting room Aurora needs a second screen",
    description: "We sit there with guests twice a week.",
    impact: "medium",
    urgency: "low",
  },
  {
    by: ANA,
    type: "incident",
    category: "Security",
    title: "Suspicious email asks for my password",
    description: "From “IT Suport”, with a link to a form. I did not click.",
    impact: "high",
    urgency: "high",
  },
];
