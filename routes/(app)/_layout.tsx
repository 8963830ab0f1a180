import { Shell } from "../../components/Shell.tsx";
import type { NavGroup } from "../../components/SideNav.tsx";
import type { Role } from "../../domain/cx.ts";
import { define } from "../../define.ts";
import { Bell } from "../../islands/Bell.tsx";
import { Shortcuts } from "../../islands/Shortcuts.tsx";
import { adminPages } from "./admin/(_components)/pages.ts";

export default define.layout(({ Component, state, url }) => {
  const { viewer } = state;
  // Without the database nobody is known, and the error page still has to show.
  if (!viewer) {
    return (
      <main id="main">
        <Component />
      </main>
    );
  }
  const { actor, tenant } = viewer;
  return (
    <Shell
      organisation={tenant.name}
      user={actor}
      nav={navigation(actor.role, url.pathname)}
      flash={state.flash}
      search={{
        action: "/tickets",
        value: url.pathname === "/tickets" ? url.searchParams.get("q") ?? "" : "",
      }}
      theme={actor.theme}
      path={url.pathname + url.search}
      topbar={<Bell unread={state.unread ?? { count: 0, capped: false }} />}
    >
      <Component />
      <Shortcuts />
    </Shell>
  );
});

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
  ];
  if (role !== "REQUESTER") {
    work.push({ href: "/queues", label: "Queues", icon: "queue", current: current("/queues") });
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
