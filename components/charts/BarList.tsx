interface BarListRow {
  key: string;
  label: string;
  value: number;
  text: string;
  href: string;
}

/** Names with bars and their values, each a link; the longest bar fills the room. */
export function BarList({ rows }: { rows: BarListRow[] }) {
  const top = Math.max(...rows.map(({ value }) => value), 1);
  return (
    <ul class="plain bar-list">
      {rows.map(({ key, label, value, text, href }) => (
        <li key={key}>
          <a href={href}>
            <bdi class="bar-list-name">{label}</bdi>
            <svg class="bar-list-track" aria-hidden="true">
              <rect class="chart-bar chart-c-1" width={`${Math.max(value, 0) / top * 100}%`} height="100%" />
            </svg>
            <span class="num">{text}</span>
          </a>
        </li>
      ))}
    </ul>
  );
}
