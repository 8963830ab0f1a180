import { Badge } from "@/components/Badge.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";
import { describeSchedule } from "@/domain/reports/saved/schedule.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import {
  addressOf,
  filtersText,
  resultText,
  titleOf,
} from "@/routes/(app)/reports/saved/(_data)/saved_wording.ts";

export function SavedReportTable({ title, reports, reader, now }: {
  title: string;
  reports: SavedReport[];
  reader: Reader;
  now: string;
}) {
  if (reports.length === 0) return null;
  return (
    <Card title={title} flush>
      <StackedTable
        caption={title}
        columns={["Name", "Owner", "Schedule", "Next", "Last result", { hidden: "Details" }]}
      >
        {reports.map((saved) => <SavedRow key={saved.id} saved={saved} reader={reader} now={now} />)}
      </StackedTable>
    </Card>
  );
}

function SavedRow({ saved, reader, now }: { saved: SavedReport; reader: Reader; now: string }) {
  const { id, name, owner, shared, schedule, nextRunAt, lastResult, outdated } = saved;
  return (
    <Row id={`saved-${id}`}>
      <Cell class="c-title">
        <a href={outdated ? `/reports/saved/${id}` : addressOf(saved)}>{name}</a>{" "}
        {outdated && <Badge tone="amber">Out of date</Badge>}
        <div class="hint">{titleOf(saved)} · {filtersText(saved.query)}</div>
      </Cell>
      <Cell>{shared ? `Shared by ${owner.name}` : owner.name}</Cell>
      <Cell>
        <span class="stacked-label">Schedule</span> {schedule ? describeSchedule(schedule) : "Not scheduled"}
      </Cell>
      <Cell>
        {nextRunAt && (
          <>
            <span class="stacked-label">Next</span> <Time at={moment(nextRunAt, reader, now)} absolute />
          </>
        )}
      </Cell>
      <Cell>
        {lastResult && (
          <>
            <span class="stacked-label">Last result</span> <Time at={moment(lastResult.at, reader, now)} />:
            {" "}
            {resultText(lastResult)}
          </>
        )}
      </Cell>
      <Cell>
        <ButtonLink href={`/reports/saved/${id}`} size="sm" variant="quiet" label={`Details of ${name}`}>
          Details
        </ButtonLink>
      </Cell>
    </Row>
  );
}
