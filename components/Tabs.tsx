/** One tab: a page of its own. */
export interface Tab {
  href: string;
  label: string;
  current?: boolean | undefined;
  count?: number | string | undefined;
}

/** Links between sibling pages. */
export function Tabs({ tabs, label }: { tabs: Tab[]; label: string }) {
  return (
    <nav class="tabs" aria-label={label}>
      {tabs.map((tab) => (
        <a key={tab.href} class="tab" href={tab.href} aria-current={tab.current ? "page" : "false"}>
          {tab.label}
          {tab.count !== undefined && <span class="nav-count">{tab.count}</span>}
        </a>
      ))}
    </nav>
  );
}
