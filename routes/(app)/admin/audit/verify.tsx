import { page } from "fresh";
import { Banner } from "@/components/Banner.tsx";
import { ButtonLink } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { PropertyList } from "@/components/PropertyList.tsx";
import { define } from "@/define.ts";
import { ADMINS } from "@/domain/permissions.ts";
import {
  type AuditFailure,
  type AuditVerification,
  VerifyAudit,
  verifyAudit,
} from "@/domain/audit/verify.ts";
import { parse } from "@/domain/validation.ts";
import { AutoContinue } from "@/islands/AutoContinue.tsx";
import { load } from "@/pages/load.ts";

interface Data extends AuditVerification {
  /** Totals of the parts that were already checked. */
  before: { rows: number; seals: number; wrong: number };
}

function count(text: string | null): number {
  return text !== null && /^\d{1,12}$/.test(text) ? Number(text) : 0;
}

export const handler = define.handlers<Data>({
  async GET(ctx) {
    ctx.state.title = "Verify the audit log";
    const { searchParams } = ctx.url;
    const cursor = searchParams.get("cursor") ?? undefined;
    const found = await load(ctx, (cx) => verifyAudit(cx, parse(VerifyAudit, { cursor })), ADMINS);
    const [rows, seals, wrong] = ["rows", "seals", "wrong"].map((name) => count(searchParams.get(name)));
    return page({ ...found, before: { rows: rows!, seals: seals!, wrong: wrong! } });
  },
});

export default define.page<typeof handler>(({ data }) => {
  const { head, nextCursor, before, failures } = data;
  const [rows, seals] = [before.rows + data.rows, before.seals + data.seals];
  const wrong = before.wrong + data.wrong;
  const next = `/admin/audit/verify?${new URLSearchParams({
    cursor: nextCursor ?? "",
    rows: String(rows),
    seals: String(seals),
    wrong: String(wrong),
  })}`;
  return (
    <div class="page page-narrow">
      <PageHeader
        title="Verify the audit log"
        crumbs={[{ label: "Administration", href: "/admin" }, { label: "Audit", href: "/admin/audit" }]}
        actions={<ButtonLink href="/admin/audit/verify" icon="refresh">Verify again</ButtonLink>}
      />
      <Verdict wrong={wrong} more={nextCursor !== null} />
      {failures.length > 0 && <Failures failures={failures} />}
      <Card title="Checked">
        <PropertyList
          items={[
            { label: "Entries", value: rows.toLocaleString("en") },
            { label: "Seals", value: seals.toLocaleString("en") },
            ...(head && !nextCursor
              ? [{ label: "Latest seal", value: <code class="seal">{head.number} · {head.mac}</code> }]
              : []),
          ]}
        />
      </Card>
      {nextCursor && (
        <div class="form-actions">
          <ButtonLink href={next} variant="primary">Check the next part</ButtonLink>
          {/* Problems stay on screen until someone has read them. */}
          {failures.length === 0 && <AutoContinue href={next} />}
        </div>
      )}
      <p class="hint">
        Every entry is signed with a key that isn't stored in the database, and each minute's entries are
        listed in a seal. Any entry that was changed, added or removed in the database is detected. Keep a
        copy of the latest seal elsewhere: if it is ever missing here, the end of the log was cut off.
      </p>
    </div>
  );
});

function Verdict({ wrong, more }: { wrong: number; more: boolean }) {
  if (wrong > 0) {
    return (
      <Banner kind="error">
        The audit log is not intact: {wrong} {wrong === 1 ? "problem" : "problems"} found
        {more ? " so far" : ""}
      </Banner>
    );
  }
  if (more) return <Banner kind="info">No problems so far; more entries remain to be checked</Banner>;
  return <Banner kind="success">The audit log is intact: no entry was changed, added or removed</Banner>;
}

const REASONS: Record<AuditFailure["reason"], string> = {
  changed: "Changed, or not written by ServiceHub",
  removed: "Removed",
  seal_changed: "Seal changed",
  seal_removed: "Seal removed",
};

function Failures({ failures }: { failures: AuditFailure[] }) {
  return (
    <Card title="Problems">
      <ul class="failures">
        {failures.map(({ reason, id, at }) => (
          <li key={reason + id}>
            {REASONS[reason]} <code>{id}</code>
            {at && <span class="muted small">&nbsp;{at}</span>}
          </li>
        ))}
      </ul>
    </Card>
  );
}
