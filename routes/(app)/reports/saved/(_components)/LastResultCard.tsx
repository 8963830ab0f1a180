import { Badge } from "@/components/Badge.tsx";
import { Banner } from "@/components/Banner.tsx";
import { Card } from "@/components/Card.tsx";
import { Cell, Row, StackedTable } from "@/components/StackedTable.tsx";
import { Time } from "@/components/Time.tsx";
import type { LastResult } from "@/domain/reports/saved/saved_report.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { sentText } from "@/routes/(app)/reports/saved/(_data)/saved_wording.ts";

/** The latest sending: when, and what became of it for each. */
export function LastResultCard({ result, reader, now }: { result: LastResult; reader: Reader; now: string }) {
  return (
    <Card title="Last sending" flush>
      <p class="card-note">
        {result.scheduled ? "By its schedule" : "On demand"},{" "}
        <Time at={moment(result.at, reader, now)} absolute />
      </p>
      {result.notSent && (
        <Banner kind="warning">
          Nobody was sent it: {result.notSent}. Open the report and save it again.
        </Banner>
      )}
      {result.people.length > 0 && (
        <StackedTable caption="Last sending" columns={["Person", "Result"]}>
          {result.people.map((one) => {
            const { text, tone } = sentText(one);
            return (
              <Row key={one.person.id}>
                <Cell class="c-title">{one.person.name}</Cell>
                <Cell>
                  <Badge tone={tone}>{text}</Badge>
                </Cell>
              </Row>
            );
          })}
        </StackedTable>
      )}
    </Card>
  );
}
