import { Banner } from "@/components/Banner.tsx";
import { Icon } from "@/components/Icon.tsx";
import type { BulkResult, BulkRow } from "@/domain/tickets/actions/bulk.ts";
import { PENDING_LABELS, PRIORITY_LABELS, STATUS_LABELS } from "@/domain/tickets/model/formatting.ts";

/** How many tickets a bulk change changes, what it does to each, or why it is refused. */
export function Result({ result, visible }: {
  result: BulkResult;
  /** The tickets that the person can still see: the change may have taken others out of their sight. */
  visible: { id: string }[];
}) {
  return (
    <>
      <Summary result={result} />
      <ResultTable result={result} visible={new Set(visible.map(({ id }) => id))} />
    </>
  );
}

function Summary({ result }: { result: BulkResult }) {
  const count = (outcome: string) => result.items.filter((row) => row.outcome === outcome).length;
  const [changed, refused] = [count("changed"), count("refused")];
  if (!result.dryRun) {
    return (
      <Banner kind="warning">
        {`${changed} changed, ${refused} couldn't be changed. The reasons are below.`}
      </Banner>
    );
  }
  return (
    <Banner kind={refused > 0 ? "warning" : "info"}>
      {`Nothing has been changed yet. ${changed} would change${refused > 0 ? `, ${refused} can't` : ""}.`}
    </Banner>
  );
}

function ResultTable({ result, visible }: { result: BulkResult; visible: ReadonlySet<string> }) {
  return (
    <div class="table-wrap">
      <table class="table stacks">
        <caption class="visually-hidden">Result for each ticket</caption>
        <thead>
          <tr>
            <th scope="col">Ticket</th>
            <th scope="col">{result.dryRun ? "What would change" : "What changed"}</th>
          </tr>
        </thead>
        <tbody>
          {result.items.map((row) => (
            <tr key={row.id}>
              <td>
                {visible.has(row.id) ? <a href={`/tickets/${row.key}`}>{row.key}</a> : row.key ?? "Unknown"}
                {" "}
                {row.title}
              </td>
              <td>
                <Outcome row={row} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Outcome({ row }: { row: BulkRow }) {
  if (row.outcome === "unchanged") return <span class="hint">Nothing to change</span>;
  if (row.problem) {
    const reasons = row.problem.errors.map(({ message }) => message);
    return (
      <span class="field-error">
        <Icon name="alert" size="sm" />
        <span>{reasons.length > 0 ? reasons.join("; ") : row.problem.detail}</span>
      </span>
    );
  }
  return (
    <ul class="plain">
      {Object.entries(row.changes).map(([field, { from, to }]) => (
        <li key={field}>
          {LABELS[field] ?? field}: {from !== null && (
            <>
              <del>{worded(field, from)}</del>
              {" "}
            </>
          )}
          {to === null ? "none" : <ins>{worded(field, to)}</ins>}
        </li>
      ))}
    </ul>
  );
}

const LABELS: Record<string, string> = {
  status: "Status",
  pendingReason: "Pending",
  pendingUntil: "Until",
  priority: "Priority",
  category: "Category",
  queue: "Queue",
  assignee: "Assignee",
  tags: "Tags",
  reply: "Reply",
  note: "Internal note",
};

function worded(field: string, value: string): string {
  if (field === "pendingUntil") return `${value.slice(0, 16).replace("T", " ")} UTC`;
  const words: Record<string, Record<string, string>> = {
    status: STATUS_LABELS,
    pendingReason: PENDING_LABELS,
    priority: PRIORITY_LABELS,
  };
  return words[field]?.[value] ?? value;
}
