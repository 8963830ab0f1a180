import { Icon } from "@/components/Icon.tsx";
import type { MeasureInfo } from "@/domain/reports/model/types.ts";

/** What each number counts, for whoever has no mouse to rest on a heading too. */
export function ReportMeanings({ measures }: { measures: readonly MeasureInfo[] }) {
  return (
    <details class="card report-meanings">
      <summary>
        <h2>What the numbers mean</h2>
        <Icon name="chevronDown" size="sm" />
      </summary>
      <dl>
        {measures.map(({ name, label, help }) => (
          <div key={name}>
            <dt>{label}</dt>
            <dd>{help}</dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
