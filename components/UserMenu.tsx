import { Avatar } from "./Avatar.tsx";
import { Icon } from "./Icon.tsx";
import { ROLE_LABELS } from "./labels.ts";
import { type Theme, ThemeToggle } from "./ThemeToggle.tsx";
import type { Person, Role } from "./types.ts";

export interface ShellUser extends Person {
  email: string;
  role: Role;
}

/** Profile, theme and sign-out behind the person's initials. */
export function UserMenu({ user, links, theme, path }: {
  user: ShellUser;
  links: { profile: string; signOut: string; theme: string };
  theme: Theme;
  path: string;
}) {
  return (
    <details class="menu" name="shell">
      <summary class="user-button" aria-label={`Account of ${user.name}`}>
        <Avatar person={user} />
      </summary>
      <div class="menu-panel menu-panel-end">
        <div class="menu-head">
          <strong class="truncate">{user.name}</strong>
          <span class="muted small truncate">{user.email}</span>
          <span class="muted small">{ROLE_LABELS[user.role]}</span>
        </div>
        <a class="menu-item" href={links.profile} aria-current="false">
          <Icon name="user" />Profile and security
        </a>
        <div class="menu-row">
          <span>Theme</span>
          <ThemeToggle theme={theme} action={links.theme} returnTo={path} />
        </div>
        <form method="post" action={links.signOut}>
          <button class="menu-item" type="submit">
            <Icon name="logout" />Sign out
          </button>
        </form>
      </div>
    </details>
  );
}
