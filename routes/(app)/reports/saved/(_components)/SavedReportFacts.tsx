import { Card } from "@/components/Card.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { Time } from "@/components/Time.tsx";
import type { SavedReport } from "@/domain/reports/saved/saved_report.ts";
import { describeSchedule } from "@/domain/reports/saved/schedule.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { filtersText, titleOf } from "@/routes/(app)/reports/saved/(_data)/saved_wording.ts";

/** What a saved report is, for whoever may see it. */
export function SavedReportFacts({ saved, timeZone, reader, now }: {
  saved: SavedReport;
  timeZone: string;
  reader: Reader;
  now: string;
}) {
  const { schedule, nextRunAt, owner, shared, recipients } = saved;
  return (
    <Card>
      <PropertyList
        items={[
          { label: "Report", value: titleOf(saved) },
          { label: "Filters", value: filtersText(saved.query) },
          { label: "Owner", value: shared ? `${owner.name}, shared with the help desk` : owner.name },
          {
            label: "Schedule",
            value: schedule ? `${describeSchedule(schedule)} (${timeZone})` : "Not scheduled",
          },
          ...(nextRunAt
            ? [{ label: "Next", value: <Time at={moment(nextRunAt, reader, now)} absolute /> }]
            : []),
          ...(recipients.length > 0
            ? [{ label: "Recipients", value: recipients.map(({ name }) => name).join(", ") }]
            : []),
        ]}
      />
    </Card>
  );
}
