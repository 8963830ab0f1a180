import { Card } from "@/components/Card.tsx";
import { ReportChart } from "@/components/charts/ReportChart.tsx";
import { ReportTable } from "@/components/charts/ReportTable.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { PRESET_LABELS } from "@/domain/reports/model/period.ts";
import { hasBegun, progressOf } from "@/domain/reports/model/wording.ts";
import type { ReportResult, ReportRow } from "@/domain/reports/model/types.ts";
import { withValue } from "@/routes/(app)/reports/(_data)/report_query.ts";
import { ReportComments } from "./ReportComments.tsx";
import { ReportMeanings } from "./ReportMeanings.tsx";

/** Chart, table and what the numbers mean; or why there are none. */
export function ReportResultCards({ result, search }: { result: ReportResult; search: URLSearchParams }) {
  const { filters, by, comments } = result;
  const period = `${
    PRESET_LABELS[filters.preset as keyof typeof PRESET_LABELS]
  }, ${filters.period.from} to ${filters.period.to}, ${filters.timeZone}`;
  if (!hasBegun(result)) {
    return (
      <EmptyState icon="clock" title="This period hasn't begun">
        {period}. Choose one that has begun.
      </EmptyState>
    );
  }
  const progress = progressOf(result);
  return (
    <>
      {!result.complete && (
        <p class="hint" role="status">Some changes are still being counted. Look again in a minute.</p>
      )}
      {hasNothing(result)
        ? (
          <EmptyState icon="chart" title="Nothing happened in this period">
            {period}. Choose a longer period, or fewer filters.
          </EmptyState>
        )
        : (
          <>
            {progress && by.name !== "time" && <p class="hint">{progress}</p>}
            <Card title={period}>
              <ReportChart result={result} />
            </Card>
            <Card title="All numbers" flush>
              <ReportTable result={result} sortHref={(name) => withValue(search, "sort", name)} />
            </Card>
          </>
        )}
      <ReportMeanings measures={result.measures} />
      {comments && comments.length > 0 && (
        <ReportComments comments={comments} count={result.commentCount ?? comments.length} />
      )}
    </>
  );
}

/** Over time there are rows of zeros; what is at the end may be nothing where there was something before. */
function hasNothing({ rows, total }: ReportResult): boolean {
  const isNone = ({ values, previous = {} }: ReportRow) =>
    [...Object.values(values), ...Object.values(previous)].every((value) => value === null || value === 0);
  return [...rows, total].every(isNone);
}
