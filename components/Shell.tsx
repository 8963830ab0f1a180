import type { ComponentChildren } from "preact";
import { Banner } from "./Banner.tsx";
import { ButtonLink } from "./Button.tsx";
import { Icon } from "./Icon.tsx";
import { Brand } from "./Logo.tsx";
import { type NavGroup, SideNav } from "./SideNav.tsx";
import type { Theme } from "./ThemeToggle.tsx";
import { type ShellUser, UserMenu } from "./UserMenu.tsx";

export interface ShellProps {
  organisation: string;
  user: ShellUser;
  nav: NavGroup[];
  /** Shown once after a redirect, announced politely. */
  flash?: string | undefined;
  /** The search: where it is, and its box. */
  search?: { href: string; box: ComponentChildren } | undefined;
  theme: Theme;
  /** The current path with its query, to come back to after a change of theme. */
  path: string;
  links?: Partial<ShellLinks> | undefined;
  /** Beside the account menu, for islands. */
  topbar?: ComponentChildren;
  children: ComponentChildren;
}

export interface ShellLinks {
  home: string;
  newTicket: string;
  profile: string;
  signOut: string;
  theme: string;
}

const LINKS: ShellLinks = {
  home: "/home",
  newTicket: "/tickets/new",
  profile: "/profile",
  signOut: "/sign-out",
  theme: "/theme",
};

/** The frame of every signed-in page: side navigation, top bar, messages, content. */
export function Shell(props: ShellProps) {
  const links = { ...LINKS, ...props.links };
  return (
    <div class="shell">
      <a class="skip-link" href="#main">Skip to content</a>
      <div class="sidebar">
        <Brand href={links.home} organisation={props.organisation} />
        <details class="sidebar-menu" name="shell">
          <summary class="button button-quiet button-icon" aria-label="Menu">
            <Icon name="menu" />
          </summary>
          <div class="sidebar-body">
            <ButtonLink href={links.newTicket} variant="primary" icon="plus" block>New ticket</ButtonLink>
            <SideNav groups={props.nav} />
          </div>
        </details>
      </div>
      <header class="topbar">
        {props.search?.box}
        <div class="topbar-end">
          {props.topbar}
          {props.search && (
            <span class="only-narrow">
              <ButtonLink href={props.search.href} variant="quiet" icon="search" label="Search" />
            </span>
          )}
          <UserMenu user={props.user} links={links} theme={props.theme} path={props.path} />
        </div>
      </header>
      <main class="main" id="main" tabIndex={-1}>
        <div class="flash-region" role="status">
          {props.flash && <Banner kind="success">{props.flash}</Banner>}
        </div>
        {props.children}
      </main>
    </div>
  );
}
