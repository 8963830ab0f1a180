import type { IconName } from "@/components/Icon.tsx";
import { ADMINS, MANAGERS } from "@/domain/permissions.ts";
import type { Role } from "@/domain/cx.ts";

/** A page from which the desk is run. */
export interface AdminPage {
  href: string;
  label: string;
  icon: IconName;
  /** What one does there, in a line. */
  about: string;
  roles: readonly Role[];
}

/** Every page of the administration, in the order of the navigation. */
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
    about: "Teams, their members, assignment and routing",
    roles: MANAGERS,
  },
  {
    href: "/admin/canned-replies",
    label: "Canned replies",
    icon: "comment",
    about: "Answers written once, used in any ticket",
    roles: MANAGERS,
  },
  {
    href: "/admin/macros",
    label: "Macros",
    icon: "bolt",
    about: "Changes and a reply in one click",
    roles: MANAGERS,
  },
  {
    href: "/admin/categories",
    label: "Categories",
    icon: "filter",
    about: "What tickets are about, and which queue they go to",
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
    about: "How soon tickets are answered and solved",
    roles: MANAGERS,
  },
  {
    href: "/admin/calendars",
    label: "Calendars",
    icon: "clock",
    about: "Business hours and holidays, by which service levels count",
    roles: MANAGERS,
  },
  {
    href: "/admin/outbox",
    label: "Outbox",
    icon: "mail",
    about: "What is sent, what failed, and trying it again",
    roles: ADMINS,
  },
  {
    href: "/admin/webhooks",
    label: "Webhooks",
    icon: "link",
    about: "Tell other programs what happens here, and see what arrived",
    roles: ADMINS,
  },
  {
    href: "/admin/received-mail",
    label: "Received mail",
    icon: "mail",
    about: "E-mails that came, and what became of each",
    roles: ADMINS,
  },
  {
    href: "/admin/suppressed-addresses",
    label: "Suppressed addresses",
    icon: "eyeOff",
    about: "Addresses that nothing is sent to, and letting mails go there again",
    roles: ADMINS,
  },
  {
    href: "/admin/audit",
    label: "Audit",
    icon: "shield",
    about: "Who did what and when, and proof that it is unchanged",
    roles: ADMINS,
  },
  {
    href: "/admin/organisation",
    label: "Organisation",
    icon: "settings",
    about: "Name, language, ticket visibility, closing and reopening",
    roles: ADMINS,
  },
];

/** The pages that a role may open. */
export function adminPages(role: Role): AdminPage[] {
  return ADMIN_PAGES.filter(({ roles }) => roles.includes(role));
}
