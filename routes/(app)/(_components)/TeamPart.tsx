import { ButtonLink } from "@/components/Button.tsx";
import { Card, StatCard } from "@/components/Card.tsx";
import { BarList } from "@/components/charts/BarList.tsx";
import { Change } from "@/components/charts/Change.tsx";
import { Sparkline } from "@/components/charts/Sparkline.tsx";
import { EmptyState } from "@/components/EmptyState.tsx";
import type { Attainment, Team } from "@/domain/dashboard/model.ts";
import { formatValue } from "@/domain/reports/model/wording.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";
import { FigureCard, FigureLink } from "./FigureCard.tsx";

/** How the organisation is doing, for whoever answers for it. */
export function TeamPart({ team, isAdmin }: { team: Team; isAdmin: boolean }) {
  const { firstResponse, resolution, breachedToday, breached, backlog, ageing, load, moreAgents } = team;
  const before = backlog.days[0]!.open;
  return (
    <>
      {!team.complete && (
        <p class="hint" role="status">Some changes are still being counted. Look again in a minute.</p>
      )}
      <div class="cards">
        <Attained label="First response SLA, this week" weeks={firstResponse} />
        <Attained label="Resolution SLA, this week" weeks={resolution} />
        <StatCard
          label="Breached today"
          icon="alert"
          value={(breachedToday.firstResponse.count + breachedToday.resolution.count).toLocaleString("en")}
          hint={
            <span class="home-links">
              <FigureLink figure={breachedToday.firstResponse} word="first response" />
              <FigureLink figure={breachedToday.resolution} word="resolution" />
            </span>
          }
        />
        <FigureCard label="Open with a breach" figure={breached} icon="clock" />
      </div>
      <div class="home-charts">
        <Card title="Backlog">
          <a class="stat-value" href={backlog.list}>{countLabel(backlog)}</a>
          <Change value={backlog.count} before={before} unit="tickets" moreIs="bad" />
          <Sparkline
            values={backlog.days.map(({ open }) => open)}
            label={`Open tickets in the last 30 days: from ${before} to ${backlog.count}`}
          />
          <p class="hint">Last 30 days</p>
        </Card>
        <Card title="Open tickets by age">
          <BarList
            rows={ageing.map(({ name, label, count, capped, list }) => ({
              key: name,
              label,
              value: count,
              text: countLabel({ count, capped }),
              href: list,
            }))}
          />
        </Card>
        <Card title="Load per agent">
          {load.length === 0 && (
            <EmptyState
              icon="user"
              title="There are no agents yet"
              actions={isAdmin && <ButtonLink href="/admin/users">Invite people</ButtonLink>}
            />
          )}
          <BarList
            rows={load.map(({ agent, active }) => ({
              key: agent.id,
              label: agent.name,
              value: active.count,
              text: countLabel(active),
              href: active.list,
            }))}
          />
          {moreAgents > 0 && <p class="hint">And {moreAgents} with fewer tickets.</p>}
        </Card>
      </div>
    </>
  );
}

function Attained({ label, weeks: [last, now] }: { label: string; weeks: [Attainment, Attainment] }) {
  return (
    <StatCard
      label={label}
      icon="shield"
      value={formatValue(now.attainment, "percent")}
      hint={
        <>
          <Change value={now.attainment} before={last.attainment} unit="percent" moreIs="good" />
          <span class="home-links">
            <FigureLink figure={now.met} word="met" />
            <FigureLink figure={now.breached} word="breached" />
          </span>
        </>
      }
    />
  );
}
