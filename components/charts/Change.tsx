import { Icon } from "@/components/Icon.tsx";
import type { MeasureInfo } from "@/domain/reports/model/types.ts";
import { formatChange, formatValue } from "@/domain/reports/model/wording.ts";

/** How a value changed, and from what; an icon says whether that is better or worse. */
export function Change({ value, before, unit, moreIs }: {
  value: number | null;
  before: number | null;
  unit: MeasureInfo["unit"];
  moreIs: MeasureInfo["moreIs"];
}) {
  if (before === null) return null;
  const change = formatChange(value, before, unit);
  const up = (value ?? 0) - before;
  const judged = change === null || moreIs === null || up === 0
    ? null
    : (up > 0) === (moreIs === "good")
    ? "better"
    : "worse";
  return (
    <span class="report-change">
      {change && (
        <span class={judged === null ? undefined : judged === "better" ? "tone-green" : "tone-red"}>
          {judged && <Icon name={judged === "better" ? "check" : "alert"} size="sm" label={judged} />}
          {change}
        </span>
      )}
      from {formatValue(before, unit)}
    </span>
  );
}
