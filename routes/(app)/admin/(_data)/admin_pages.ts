import type { IconName } from "@/components/Icon.tsx";
import { ADMINS, MANAGERS } from "@/domain/permissions.ts";
import type { Role } from "@/domain/cx.ts";

export interface AdminPage {
  href: string;
  label: string;
  icon: IconName;
  about: string;
  roles: readonly Role[];
}

/** All administration pages, in navigation order. */
export const ADMIN_PAGES: readonly AdminPage[] = [
  {
    href: "/admin/users",
    label: "People",
    icon: "users",
    about: "Invite and deactivate people, change roles",
    roles: ADMINS,
  },
  {
    href: "/admin/queues",
    label: "Queues",
    icon: "queue",
    about: "Teams, members, assignment and routing",
    roles: MANAGERS,
  },
  {
    href: "/admin/canned-replies",
    label: "Canned replies",
    icon: "comment",
    about: "Reusable answers for any ticket",
    roles: MANAGERS,
  },
  {
    href: "/admin/macros",
    label: "Macros",
    icon: "bolt",
    about: "Several changes and a reply in one click",
    roles: MANAGERS,
  },
  {
    href: "/admin/categories",
    label: "Categories",
    icon: "filter",
    about: "Ticket topics, and the queues they are routed to",
    roles: MANAGERS,
  },
  {
    href: "/admin/catalog",
    label: "Catalog",
    icon: "book",
    about: "What people can request, and the questions they answer",
    roles: MANAGERS,
  },
  {
    href: "/admin/sla",
    label: "SLA",
    icon: "shield",
    about: "Response and resolution targets",
    roles: MANAGERS,
  },
  {
    href: "/admin/calendars",
    label: "Calendars",
    icon: "clock",
    about: "Business hours and holidays for SLA targets",
    roles: MANAGERS,
  },
  {
    href: "/admin/outbox",
    label: "Outbox",
    icon: "mail",
    about: "Sent and failed messages, and retries",
    roles: ADMINS,
  },
  {
    href: "/admin/webhooks",
    label: "Webhooks",
    icon: "link",
    about: "Send events to other systems, and check deliveries",
    roles: ADMINS,
  },
  {
    href: "/admin/received-mail",
    label: "Received email",
    icon: "mail",
    about: "Incoming emails, and what happened to each",
    roles: ADMINS,
  },
  {
    href: "/admin/suppressed-addresses",
    label: "Suppressed addresses",
    icon: "eyeOff",
    about: "Addresses that no longer receive email",
    roles: ADMINS,
  },
  {
    href: "/admin/storage",
    label: "Storage",
    icon: "file",
    about: "How much space each person's files take",
    roles: ADMINS,
  },
  {
    href: "/admin/audit",
    label: "Audit",
    icon: "shield",
    about: "Who did what and when, and proof that nothing was altered",
    roles: ADMINS,
  },
  {
    href: "/admin/organisation",
    label: "Organisation",
    icon: "settings",
    about: "Name, language, default queue, closing and reopening",
    roles: ADMINS,
  },
];

/** The pages a role may open. */
export function adminPages(role: Role): AdminPage[] {
  return ADMIN_PAGES.filter(({ roles }) => roles.includes(role));
}
