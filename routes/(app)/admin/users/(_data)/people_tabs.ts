import type { Tab } from "@/components/Tabs.tsx";

export function peopleTabs(current: "members" | "invitations"): Tab[] {
  return [
    { href: "/admin/users", label: "Members", current: current === "members" },
    { href: "/admin/users/invitations", label: "Invitations", current: current === "invitations" },
  ];
}
