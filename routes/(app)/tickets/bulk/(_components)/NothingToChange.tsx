import { ButtonLink } from "@/components/Button.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { BulkData } from "@/routes/(app)/tickets/bulk/(_data)/bulk_data.ts";
import { Result } from "./Result.tsx";

/** The page of a bulk change when no ticket is left to change, with what became of those that were chosen. */
export function NothingToChange({ data: { result, form, chosen }, back }: {
  data: BulkData;
  back: string;
}) {
  const link = <ButtonLink href={back}>Back to the list</ButtonLink>;
  if (result) {
    return (
      <div class="page page-narrow">
        <PageHeader
          title="Change tickets"
          crumbs={[{ label: "Tickets", href: back }, { label: "Change" }]}
        />
        <Result result={result} visible={[]} />
        <p>You can't see any of these tickets now.</p>
        <div class="form-actions">{link}</div>
      </div>
    );
  }
  const { title, text } = WORDS[chosen];
  return (
    <div class="page page-narrow">
      <ErrorList form={form} />
      <EmptyState icon="ticket" title={title} actions={link}>{text}</EmptyState>
    </div>
  );
}

const WORDS: Record<BulkData["chosen"], { title: string; text: string }> = {
  none: { title: "No tickets selected", text: "Select the tickets that you want to change in the list." },
  some: {
    title: "You can't see the selected tickets",
    text: "They may have been moved to another queue since you selected them.",
  },
  list: { title: "No tickets match", text: "The list that you selected has no tickets now." },
};
