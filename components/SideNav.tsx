import { Icon, type IconName } from "./Icon.tsx";

export interface NavItem {
  href: string;
  label: string;
  icon: IconName;
  current?: boolean | undefined;
  count?: number | string | undefined;
}

/** Places that belong together; the first group needs no heading. */
export interface NavGroup {
  label?: string | undefined;
  /** The page that shows the group as a whole, where there is one. */
  href?: string | undefined;
  items: NavItem[];
}

export function SideNav({ groups }: { groups: NavGroup[] }) {
  return (
    <nav aria-label="Main">
      {groups.map((group) => (
        <div key={group.label ?? ""} class="nav-group">
          {group.label && (
            <p class="nav-heading">
              {group.href ? <a href={group.href} aria-current="false">{group.label}</a> : group.label}
            </p>
          )}
          <ul>
            {group.items.map((item) => (
              <li key={item.href}>
                <a class="nav-link" href={item.href} aria-current={item.current ? "page" : "false"}>
                  <Icon name={item.icon} />
                  {item.label}
                  {item.count !== undefined && <span class="nav-count">{item.count}</span>}
                </a>
              </li>
            ))}
          </ul>
        </div>
      ))}
    </nav>
  );
}
