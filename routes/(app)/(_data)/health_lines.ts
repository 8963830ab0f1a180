import type { Figure, Health } from "@/domain/dashboard/model.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";

/** How one part of the system is, in words. */
export interface HealthLine {
  label: string;
  isFine: boolean;
  text: string;
  links: { text: string; href: string }[];
}

const LATE_MS = 5 * 60_000;

/** @param now RFC 3339 */
export function healthLines(health: Health, reader: Reader, now: string): HealthLine[] {
  return [
    mailLine(health),
    jobsLine(health, reader, now),
    webhooksLine(health),
    factsLine(health, reader, now),
  ];
}

const failed = (figure: Figure, word: string) =>
  figure.count === 0 ? [] : [{ text: `${countLabel(figure)} ${word}`, href: figure.list }];

function mailLine({ delivers, deadLetters: { email, inbound } }: Health): HealthLine {
  const links = [...failed(email, "not sent"), ...failed(inbound, "received and not processed")];
  return {
    label: "Email",
    isFine: delivers && links.length === 0,
    text: !delivers
      ? "No mail transport is set up, so emails become files"
      : links.length > 0
      ? "Some emails failed for good"
      : "No email failed",
    links,
  };
}

function jobsLine({ jobs: { dead, oldestDueAt } }: Health, reader: Reader, now: string): HealthLine {
  const late = oldestDueAt !== null && Date.parse(now) - Date.parse(oldestDueAt) > LATE_MS;
  return {
    label: "Background jobs",
    isFine: !late && dead.count === 0,
    text: dead.count > 0
      ? `${countLabel(dead)} failed for good`
      : oldestDueAt === null
      ? "Nothing is waiting"
      : `The longest waiting one is due since ${moment(oldestDueAt, reader, now).relative}`,
    links: late ? [{ text: "Outbox", href: "/admin/outbox" }] : [],
  };
}

function webhooksLine({ webhooks: { endpoints, failing, disabled }, deadLetters }: Health): HealthLine {
  const links = failed(deadLetters.webhook, "not delivered");
  const troubles = [disabled > 0 ? `${disabled} disabled` : "", failing > 0 ? `${failing} failing` : ""];
  const trouble = troubles.filter(Boolean).join(", ");
  const all = endpoints === 1 ? "1 endpoint" : `${endpoints} endpoints`;
  return {
    label: "Webhooks",
    isFine: !trouble && links.length === 0,
    text: trouble ? `Of ${all}: ${trouble}` : endpoints === 0 ? "No endpoints" : `${all}, none failing`,
    links: [...links, ...(trouble ? [{ text: "Endpoints", href: "/admin/webhooks" }] : [])],
  };
}

function factsLine(
  { facts: { behind, comparedAt, differences } }: Health,
  reader: Reader,
  now: string,
): HealthLine {
  const compared = comparedAt && `checked ${moment(comparedAt, reader, now).relative}`;
  return {
    label: "Reports",
    isFine: behind.count === 0 && differences === 0,
    text: [
      behind.count > 0
        ? `${countLabel(behind)} changed tickets aren't counted yet`
        : "Every change is counted",
      differences > 0 ? `${differences} tickets were wrong and were corrected` : "",
      compared ?? "",
    ].filter(Boolean).join("; "),
    links: [],
  };
}
