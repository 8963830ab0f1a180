/** What may happen to a ticket, at random; as rows of the tables in which use cases would have left it. */
import type { Random } from "@/cli/demo/random.ts";
import type { Cx } from "@/domain/cx.ts";
import { uuid7 } from "@/domain/shared/uuid7.ts";
import { evaluate } from "@/domain/sla/clock/evaluate.ts";
import type { ClockSettings, LedgerEntry, LedgerEvent } from "@/domain/sla/clock/ledger.ts";
import { ledgerEvents, startEvent } from "@/domain/sla/tracking/ledger_entries.ts";
import { appendToLedger, type ClockUpdate } from "@/domain/sla/tracking/save_clocks.ts";
import { PRIORITIES } from "@/domain/tickets/model/priority.ts";
import { isEnded, isReopening, type Status, TRANSITIONS } from "@/domain/tickets/model/states.ts";
import type { TicketFacts } from "@/domain/tickets/model/ticket_change.ts";
import type { RandomPlace, Thing } from "./random_place.ts";

const [SECOND, MINUTE, HOUR, DAY] = [1_000, 60_000, 3_600_000, 86_400_000];

type Named = Thing | null;

export interface AuditEntry {
  id: string;
  at: string;
  actorId: string | null;
  action: string;
  entityId: string;
  internal: boolean;
  changes: Record<string, unknown>;
}

export class RandomTicket {
  readonly audit: AuditEntry[] = [];
  readonly comments: { id: string; by: string; visibility: string; at: string }[] = [];
  readonly ledger: ClockUpdate["entries"] = [];
  clocks: ClockUpdate | null = null;
  facts: TicketFacts;
  readonly source: string;
  readonly tags: string[];
  readonly item: string | null;
  score: { score: number; at: string } | null = null;
  resolvedAt: string | null = null;
  closedAt: string | null = null;
  /** What it was before it was merged, while it is. */
  merged: { status: Status; closedAt: string | null; at: string } | null = null;
  readonly created: string;
  #at: number;

  constructor(readonly place: RandomPlace, readonly random: Random) {
    const change = random.pick(place.changes);
    this.#at = Math.min(change + (random.next() * 16 - 13) * DAY, place.now - HOUR);
    // On a second, a minute or an hour as often as not.
    const unit = random.pick([1, SECOND, MINUTE, HOUR]);
    this.#at = Math.floor(this.#at / unit) * unit;
    if (random.chance(0.08)) this.#at = this.#midnight();
    this.created = this.#iso();
    const requester = random.pick([...place.requesters, ...place.requesters, ...place.staff]);
    this.facts = {
      id: uuid7(),
      type: random.pick(["incident", "service_request"]),
      title: "Random",
      status: "new",
      priority: random.pick(PRIORITIES),
      categoryId: random.pick([null, ...place.categories])?.id ?? null,
      queueId: random.pick([null, ...place.queues])?.id ?? null,
      requesterId: requester.id,
      assigneeId: random.chance(0.3) ? random.pick(place.staff).id : null,
      version: 1,
    };
    this.source = random.pick(["web", "api", "email"]);
    this.tags = ["red", "green", "blue"].filter(() => random.chance(0.3));
    this.item = random.chance(0.2) ? place.item : null;
    this.#record("ticket.created", requester.id, {
      type: this.facts.type,
      queue: this.#queue(this.facts.queueId),
      ...(this.facts.assigneeId ? { assignee: this.#person(this.facts.assigneeId) } : {}),
    });
    if (random.chance(0.93)) {
      const policy = this.#policy();
      const { policyVersionId, calendarVersionId } = policy;
      const { priority, queueId } = this.facts;
      this.#append(
        [startEvent(policy)],
        { priority, queueId, policyVersionId, calendarVersionId },
        requester.id,
      );
    }
    for (let left = Math.floor(random.next() * 16); left > 0; left--) {
      this.#at += this.#gap();
      if (this.#at > place.now - 5 * MINUTE) break;
      this.#step();
    }
  }

  #iso(): string {
    return new Date(this.#at).toISOString();
  }

  #midnight(): number {
    const zoned = Temporal.Instant.fromEpochMilliseconds(Math.floor(this.#at))
      .toZonedDateTimeISO(this.place.timeZone);
    return zoned.startOfDay().add({ days: 1 }).epochMilliseconds;
  }

  #gap(): number {
    const { random } = this;
    const dice = random.next();
    if (dice < 0.1) return 0;
    if (dice < 0.16) return this.#midnight() - this.#at;
    const change = this.place.changes.find((change) => change > this.#at);
    if (dice < 0.22 && change !== undefined) return change - this.#at;
    if (dice < 0.3) return Math.ceil(random.next() * 90) * SECOND;
    if (dice < 0.5) return Math.ceil(random.next() * 90) * MINUTE;
    if (dice < 0.85) return Math.ceil(random.next() * 20 * HOUR);
    return Math.ceil(random.next() * (dice < 0.97 ? 4 : 32) * DAY);
  }

  #step(): void {
    const { random, facts } = this;
    if (this.merged) {
      if (random.chance(0.7)) this.#unmerge();
      return;
    }
    const finished = ["resolved", "closed", "cancelled"].includes(facts.status);
    const dice = random.next();
    if (finished && dice < 0.2 && facts.status !== "cancelled") return this.#rate();
    if (dice < 0.27) return this.#say();
    if (dice < 0.45) return this.#assign();
    if (dice < 0.55) return this.#edit();
    if (dice < 0.59) return this.#rollOut();
    if (dice < 0.64) return this.#merge();
    const to = random.pick(
      TRANSITIONS[facts.status].filter((to) => to !== "cancelled" || random.chance(0.4)),
    );
    if (to) this.#move(to);
  }

  #queue(id: string | null): Named {
    return this.place.queues.find((queue) => queue.id === id) ?? null;
  }

  #person(id: string | null): Named {
    const found = this.place.staff.find((person) => person.id === id);
    return found ? { id: found.id, name: found.name } : null;
  }

  /** The last queue has one of its own; else the first one, in any version. */
  #policy() {
    const { policies, queues } = this.place;
    return this.facts.queueId === queues.at(-1)!.id
      ? policies.at(-1)!
      : this.random.pick(policies.slice(0, -1));
  }

  #record(
    action: string,
    actorId: string | null,
    changes: Record<string, unknown>,
    internal = false,
  ): void {
    this.audit.push({
      id: uuid7(),
      at: this.#iso(),
      actorId,
      action,
      entityId: this.facts.id,
      internal,
      changes,
    });
  }

  #append(events: readonly LedgerEvent[], settings: ClockSettings, actorId: string | null): void {
    const cx = { now: this.#iso(), actor: actorId && { id: actorId } } as unknown as Cx;
    const { ledger, place: { versions } } = this;
    this.clocks = appendToLedger(cx, { ticketId: this.facts.id, ledger, events, settings, versions });
    ledger.push(...this.clocks.entries);
  }

  /** As trackSla does. */
  #change(
    actorId: string | null,
    next: Partial<TicketFacts>,
    { replied = false, merged = false } = {},
  ): void {
    const before = this.facts;
    this.facts = { ...before, ...next, version: before.version + 1 };
    const last: LedgerEntry | undefined = this.ledger.at(-1);
    if (!last) return;
    const moved = before.queueId !== this.facts.queueId;
    const chosen = this.#policy();
    const was = this.place.policies.find((policy) => policy.policyVersionId === last.policyVersionId)!;
    const policy = moved && chosen.policyId !== was.policyId ? chosen : null;
    const { clocks } = evaluate(this.ledger, this.place.versions, Math.max(this.#at, Date.parse(last.at)));
    const change = { before, after: this.facts, replied, merged, policy };
    const { events, settings } = ledgerEvents(change, { clocks, last });
    if (events.length > 0) this.#append(events, settings, actorId);
  }

  #say(): void {
    const { random, facts, place } = this;
    const by = random.chance(0.3)
      ? facts.requesterId
      : random.pick([...place.staff, ...place.staff, ...place.requesters]).id;
    const wasStaff = this.#person(by) !== null &&
      !(by === place.staff.at(-1)!.id && this.#at > place.demoted);
    const visibility = wasStaff && random.chance(0.3) ? "internal" : "public";
    const opens = by === facts.requesterId && visibility === "public" &&
      !["new", "open", "in_progress"].includes(
        facts.status,
      );
    const id = uuid7();
    this.comments.push({ id, by, visibility, at: this.#iso() });
    const status = opens ? { status: { from: facts.status, to: "open" } } : {};
    this.#record("ticket.commented", by, { commentId: id, visibility, ...status }, visibility === "internal");
    const replied = visibility === "public" && wasStaff && by !== facts.requesterId;
    if (opens) this.#ended("open");
    this.#change(by, opens ? { status: "open" } : {}, { replied });
  }

  #assign(): void {
    const { random, facts, place } = this;
    const by = random.pick(place.staff).id;
    const [was, queueWas] = [this.#person(facts.assigneeId), this.#queue(facts.queueId)];
    const assignee = random.chance(0.6) ? this.#person(random.pick([null, ...place.staff])?.id ?? null) : was;
    const queue = random.chance(0.5) ? random.pick([null, ...place.queues, ...place.queues]) : queueWas;
    const changes = {
      ...(assignee?.id === was?.id ? {} : { assignee: { from: was, to: assignee } }),
      ...(queue?.id === queueWas?.id ? {} : { queue: { from: queueWas, to: queue } }),
    };
    if (Object.keys(changes).length === 0) return;
    this.#record(random.chance(0.8) ? "ticket.assigned" : "ticket.edited", by, changes);
    this.#change(by, { assigneeId: assignee?.id ?? null, queueId: queue?.id ?? null });
  }

  #edit(): void {
    const { random, facts, place } = this;
    const by = random.pick(place.staff).id;
    const priority = random.pick(PRIORITIES);
    const category: Named = random.pick([null, ...place.categories]);
    this.#record("ticket.edited", by, {
      priority: { from: facts.priority, to: priority },
      category: { from: place.categories.find(({ id }) => id === facts.categoryId) ?? null, to: category },
    });
    this.#change(by, { priority, categoryId: category?.id ?? null });
  }

  /** Another version of its policy or calendar, as a rollout does for tickets that are open. */
  #rollOut(): void {
    const last = this.ledger.at(-1);
    if (!last || isEnded(this.facts.status) || this.facts.status === "resolved") return;
    const { random, place: { calendarVersions, policies } } = this;
    const was = policies.find(({ policyVersionId }) => policyVersionId === last.policyVersionId)!;
    const others = policies.filter(({ policyId }) => policyId === was.policyId);
    const [kind, change] = random.chance(0.5)
      ? ["policy" as const, { policyVersionId: random.pick(others).policyVersionId }]
      : ["calendar" as const, { calendarVersionId: random.pick(calendarVersions) }];
    const { priority, queueId, policyVersionId, calendarVersionId } = last;
    const settings = { priority, queueId, policyVersionId, calendarVersionId, ...change };
    this.#append([{ kind, metric: null, rule: "Another version applies" }], settings, null);
  }

  #move(to: Status): void {
    const { random, facts, place } = this;
    const by = to === "closed" || random.chance(0.1) ? null : random.pick(place.staff).id;
    const reason = to === "pending" ? { reason: random.pick(["requester", "vendor"]) } : {};
    this.#record("ticket.transitioned", by, { status: { from: facts.status, to }, ...reason });
    this.#ended(to);
    this.#change(by, { status: to });
  }

  #ended(to: Status): void {
    if (isReopening(this.facts.status, to)) this.resolvedAt = null;
    if (to === "resolved") this.resolvedAt = this.#iso();
    this.closedAt = isEnded(to) ? this.#iso() : null;
  }

  #merge(): void {
    const { status } = this.facts;
    const by = this.random.pick(this.place.staff).id;
    this.merged = { status, closedAt: this.closedAt, at: this.#iso() };
    this.#record("ticket.merged", by, isEnded(status) ? {} : { status: { from: status, to: "closed" } });
    this.closedAt ??= this.#iso();
    this.#change(by, isEnded(status) ? {} : { status: "closed" }, { merged: true });
  }

  #unmerge(): void {
    const { status, closedAt } = this.merged!;
    const by = this.random.pick(this.place.staff).id;
    const from = this.facts.status;
    this.#record("ticket.unmerged", by, from === status ? {} : { status: { from, to: status } });
    [this.merged, this.closedAt] = [null, closedAt];
    if (from !== status) this.#change(by, { status });
  }

  #rate(): void {
    const score = 1 + Math.floor(this.random.next() * 5);
    this.score = { score, at: this.#iso() };
    this.#record("ticket.rated", this.facts.requesterId, { score }, true);
  }
}
