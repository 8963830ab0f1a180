import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { SidePanel } from "@/components/PropertyList.tsx";
import { StarInput, Stars } from "@/components/Stars.tsx";
import { Time } from "@/components/Time.tsx";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { TicketData } from "@/routes/(app)/tickets/[key]/(_data)/ticket_data.ts";

/** Asks the requester of a resolved ticket for a rating, and lets them change it. */
export function RatingCard({ data, reader }: { data: TicketData; reader: Reader }) {
  const { ticket, rating: state, rate, now } = data;
  if (!state?.changeableUntil) return null;
  const { rating } = state;
  const failed = Object.keys(rate.errors).length > 0;
  const form = (
    <form class="form" method="post" action={`/tickets/${ticket.key}/rating`}>
      <StarInput
        name="score"
        legend="From bad to excellent"
        value={Number(rate.values.score ?? rating?.score ?? 0)}
        error={rate.errors.score ?? rate.errors[""]}
      />
      <Field
        name="comment"
        idPrefix="rating"
        label="What went well, what didn't?"
        kind="textarea"
        rows={2}
        value={rate.values.comment ?? rating?.comment}
        error={rate.errors.comment}
        maxLength={2000}
        optional
      />
      <div class="form-actions">
        <Button>{rating ? "Change rating" : "Send rating"}</Button>
        <span class="hint">
          Until <Time at={moment(state.changeableUntil, reader, now)} absolute />
        </span>
      </div>
    </form>
  );
  if (!rating) return <Card title="How was our help?">{form}</Card>;
  return (
    <Card title="Your rating">
      <div class="rating-given">
        <Stars score={rating.score} />
        {rating.comment && <p>{rating.comment}</p>}
        <details open={failed}>
          <summary class="text-button">Change it</summary>
          {form}
        </details>
      </div>
    </Card>
  );
}

/** The rating beside the conversation: for staff, and for the requester when it can no longer be changed. */
export function RatingPanel({ data, reader }: { data: TicketData; reader: Reader }) {
  const { rating: state, now } = data;
  if (!state?.rating || state.changeableUntil !== null) return null;
  return (
    <SidePanel title="Rating" open>
      <div class="rating-given">
        <Stars score={state.rating.score} />
        {state.rating.comment && <p>{state.rating.comment}</p>}
        <span class="hint">
          <Time at={moment(state.rating.updatedAt, reader, now)} />
        </span>
      </div>
    </SidePanel>
  );
}
