import type { Tab } from "@/components/Tabs.tsx";

/** The two lists about people. */
export function peopleTabs(current: "members" | "invitations"): Tab[] {
  return [
    { href: "/admin/users", label: "Members", current: current === "members" },
    { href: "/admin/users/invitations", label: "Invitations", current: current === "invitations" },
  ];
}
