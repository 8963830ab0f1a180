/** An organisation in a time zone, with what random tickets need: people, queues, categories, calendars and policies. */
import { Calendar, type CalendarDefinition } from "@/domain/sla/clock/calendar.ts";
import type { PolicyTargets, SlaVersions } from "@/domain/sla/clock/ledger.ts";
import type { ActivePolicy } from "@/domain/sla/tracking/choose_policy.ts";
import { assert } from "./assert.ts";
import type { Client } from "./client.ts";
import type { Desk } from "./desk.ts";

const DAY = 86_400_000;

export interface Thing {
  id: string;
  name: string;
}

export interface RandomPlace {
  desk: Desk;
  tenantId: string;
  timeZone: string;
  now: number;
  /** When the clocks were last put forward and back, or times like that where they never are; epoch milliseconds. */
  changes: number[];
  /** Some left; the last one is a requester since {@link demoted}. */
  staff: Thing[];
  demoted: number;
  requesters: Thing[];
  queues: Thing[];
  categories: Thing[];
  item: string;
  versions: SlaVersions;
  /** Versions of the first policy, then one of the policy of the last queue. */
  policies: ActivePolicy[];
  calendarVersions: string[];
}

/** Opens it; the last queue has a policy of its own. */
export async function openPlace(desk: Desk, timeZone: string, now: number): Promise<RandomPlace> {
  const admin = await desk.register(`Office ${timeZone.replaceAll(/\W/g, " ")}`);
  const tenantId = admin.tenant.id;
  await desk.look("update tenants set time_zone = $2 where id = $1", [tenantId, timeZone]);
  const changes = changesOf(timeZone, now);
  const people = await peopleOf(desk, tenantId);
  await changeCalendar(admin, { timeZone, changes });
  const queues = [{ id: (await admin.get("/queues")).body.items[0].id as string, name: "General" }];
  for (const name of ["Network", "Hardware"]) queues.push(await made(admin, "/queues", { name }));
  const parent = await made(admin, "/categories", { name: "Devices" });
  const child = await made(admin, "/categories", { name: "Printers", parentId: parent.id });
  const grandchild = await made(admin, "/categories", { name: "Toner", parentId: child.id });
  const other = await made(admin, "/categories", { name: "Accounts" });
  const item = await made(admin, "/catalog", { name: "A new laptop" });
  await changePolicies(admin, queues.at(-1)!.id);
  const [staff, requesters] = [people.filter(({ role }) => role !== "REQUESTER"), people.slice(-2)];
  const demoted = changes[0]! + 5 * DAY;
  await demote(desk, tenantId, { person: staff.at(-1)!.id, at: demoted });
  return {
    desk,
    tenantId,
    timeZone,
    now,
    changes,
    staff,
    demoted,
    requesters,
    queues,
    categories: [parent, child, grandchild, other],
    item: item.id,
    ...await versionsOf(desk, tenantId),
  };
}

async function made(admin: Client, path: string, fields: Record<string, unknown>): Promise<Thing> {
  const answer = await admin.post(path, fields);
  assert(answer.status === 201, answer.text);
  return { id: answer.body.id, name: answer.body.name };
}

/** The last two changes of the clocks, the earlier one first. */
function changesOf(timeZone: string, now: number): number[] {
  const changes: number[] = [];
  let at: Temporal.ZonedDateTime | null = Temporal.Instant.fromEpochMilliseconds(now - 8 * DAY)
    .toZonedDateTimeISO(timeZone);
  while (changes.length < 2) {
    at = at.getTimeZoneTransition("previous");
    if (at === null || at.epochMilliseconds < now - 400 * DAY) return [now - 200 * DAY, now - 50 * DAY];
    changes.unshift(at.epochMilliseconds);
  }
  return changes;
}

async function peopleOf(desk: Desk, tenantId: string) {
  const people = [
    "Ana AGENT",
    "Ben AGENT",
    "Mia MANAGER",
    "Gus AGENT",
    "Dora AGENT",
    "Rob REQUESTER",
    "Sue REQUESTER",
  ]
    .map((person) => person.split(" ") as [string, string]);
  return await desk.look<Thing & { role: string }>(
    `insert into users (tenant_id, name, email, role, password_hash, deactivated_at)
      select $1::uuid, p.name, p.name || '@office.example', p.role, '', case when p.name = 'Gus' then now() end
      from unnest($2::text[], $3::text[]) as p (name, role)
      returning id, name, role`,
    [tenantId, people.map(([name]) => name), people.map(([, role]) => role)],
  );
}

async function demote(
  desk: Desk,
  tenantId: string,
  { person, at }: { person: string; at: number },
): Promise<void> {
  await desk.look("update users set role = 'REQUESTER' where id = $1", [person]);
  await desk.look(
    `insert into audit_log (tenant_id, at, action, entity, entity_id, changes)
      values ($1, $2, 'user.edited', 'user', $3, '{"role": {"from": "AGENT", "to": "REQUESTER"}}')`,
    [tenantId, new Date(at).toISOString(), person],
  );
}

/** Three versions of it: one has nights and weekends, the last one a holiday near the change of the clocks. */
async function changeCalendar(
  admin: Client,
  { timeZone, changes }: { timeZone: string; changes: number[] },
): Promise<void> {
  const days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
  const week = (of: (i: number) => unknown[]) => Object.fromEntries(days.map((day, i) => [day, of(i)]));
  const date = Temporal.Instant.fromEpochMilliseconds(changes[1]! + DAY).toZonedDateTimeISO(timeZone)
    .toPlainDate().toString();
  const nights = week((
    i,
  ) => [{ from: "22:00", to: i % 2 ? "06:00" : "03:30" }, { from: "07:00", to: "12:00" }]);
  const office = week((i) => i < 5 ? [{ from: "08:30", to: "12:00" }, { from: "12:45", to: "17:15" }] : []);
  for (const change of [{ week: nights }, { week: office, holidays: [{ date, name: "Closed" }] }]) {
    const { id, version } = (await admin.get("/calendars")).body.items[0];
    const answer = await admin.patch(`/calendars/${id}`, { version, timeZone, ...change });
    assert(answer.status === 200, answer.text);
  }
}

async function changePolicies(admin: Client, queueId: string): Promise<void> {
  const policy = (await admin.get("/sla-policies")).body.items[0];
  const targets = {
    firstResponse: { low: null, medium: 240, high: 45, urgent: 10 },
    resolution: { low: 4_000, medium: 1_500, high: 300, urgent: 60 },
  };
  const answer = await admin.patch(`/sla-policies/${policy.id}`, { version: policy.version, targets });
  assert(answer.status === 200, answer.text);
  await made(admin, "/sla-policies", {
    name: "Hardware",
    calendarId: policy.calendar?.id ?? policy.calendarId,
    queueId,
    targets: {
      firstResponse: { low: 500, medium: 120, high: 60, urgent: 5 },
      resolution: { low: null, medium: 700, high: 120, urgent: 90 },
    },
  });
}

async function versionsOf(
  desk: Desk,
  tenantId: string,
): Promise<Pick<RandomPlace, "versions" | "policies" | "calendarVersions">> {
  const calendars = await desk.look<{ id: string; definition: CalendarDefinition }>(
    "select id, definition from calendar_versions where tenant_id = $1 order by version",
    [tenantId],
  );
  const policies = await desk.look<{ id: string; policyId: string; name: string; targets: PolicyTargets }>(
    `select id, policy_id as "policyId", name, targets from sla_policy_versions where tenant_id = $1
      order by queue_id is not null, version`,
    [tenantId],
  );
  const hours = new Map(calendars.map(({ id, definition }) => [id, new Calendar(definition)]));
  const targets = new Map(policies.map(({ id, targets }) => [id, targets]));
  return {
    versions: { calendar: (id) => hours.get(id)!, targets: (id) => targets.get(id)! },
    calendarVersions: calendars.map(({ id }) => id),
    policies: policies.map(({ id, policyId, name }) => ({
      policyId,
      policyVersionId: id,
      calendarVersionId: calendars[0]!.id,
      name,
      queueId: null,
      categoryDistance: null,
      typed: false,
    })),
  };
}
