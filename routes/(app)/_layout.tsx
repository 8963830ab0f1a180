import { Shell } from "@/components/Shell.tsx";
import type { NavGroup } from "@/components/SideNav.tsx";
import type { Role } from "@/domain/cx.ts";
import { define } from "@/define.ts";
import { Bell } from "@/islands/Bell.tsx";
import { CommandPalette } from "@/islands/CommandPalette.tsx";
import { LiveConnection } from "@/islands/LiveConnection.tsx";
import { SearchBox } from "@/islands/SearchBox.tsx";
import { Shortcuts } from "@/islands/Shortcuts.tsx";
import { adminPages } from "./admin/(_data)/admin_pages.ts";

export default define.layout(({ Component, state, url }) => {
  const { viewer } = state;
  // Without the database there is no viewer, and the error page still has to show.
  if (!viewer) {
    return (
      <main id="main">
        <Component />
      </main>
    );
  }
  const { actor, tenant } = viewer;
  const nav = navigation(actor.role, url.pathname);
  return (
    <Shell
      organisation={tenant.name}
      user={actor}
      nav={nav}
      flash={state.flash}
      search={{
        href: "/search",
        box: (
          <SearchBox
            value={url.pathname === "/search" ? url.searchParams.get("q") ?? "" : ""}
            role={actor.role}
          />
        ),
      }}
      theme={actor.theme}
      path={url.pathname + url.search}
      topbar={<Bell unread={state.unread ?? { count: 0, capped: false }} />}
    >
      <Component />
      <Shortcuts />
      {state.feed && <LiveConnection after={state.feed} user={actor.id} />}
      <CommandPalette places={places(nav)} role={actor.role} user={actor.id} />
    </Shell>
  );
});

/** Where the command palette leads: the navigation, and pages outside it. */
function places(nav: NavGroup[]) {
  const shown = nav.flatMap(({ label: group, items }) =>
    items.map(({ href, label }) => ({ href, label: group ? `${label} (${group.toLowerCase()})` : label }))
  );
  return [
    { href: "/tickets/new", label: "New ticket" },
    ...shown,
    { href: "/notifications", label: "Notifications" },
    { href: "/profile", label: "Profile" },
  ];
}

function navigation(role: Role, path: string): NavGroup[] {
  const current = (href: string) => path === href || path.startsWith(`${href}/`) && path !== "/tickets/new";
  const work: NavGroup["items"] = [
    { href: "/home", label: "Home", icon: "home", current: current("/home") },
    {
      href: "/tickets",
      label: role === "REQUESTER" ? "My requests" : "Tickets",
      icon: "ticket",
      current: current("/tickets"),
    },
    { href: "/search", label: "Search", icon: "search", current: current("/search") },
  ];
  work.push({ href: "/catalog", label: "Catalog", icon: "book", current: current("/catalog") });
  if (role !== "REQUESTER") {
    work.push({ href: "/queues", label: "Queues", icon: "queue", current: current("/queues") });
    work.push({ href: "/sla", label: "SLA monitor", icon: "clock", current: current("/sla") });
    work.push({ href: "/reports", label: "Reports", icon: "chart", current: current("/reports") });
  }
  if (role === "AGENT") {
    const href = "/admin/canned-replies";
    work.push({ href, label: "Canned replies", icon: "comment", current: current(href) });
  }
  const administration = adminPages(role).map(({ href, label, icon }) => ({
    href,
    label,
    icon,
    current: current(href),
  }));
  if (administration.length === 0) return [{ items: work }];
  return [{ items: work }, { label: "Administration", href: "/admin", items: administration }];
}
