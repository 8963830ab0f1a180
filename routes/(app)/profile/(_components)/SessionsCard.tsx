import { Badge } from "@/components/Badge.tsx";
import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Time } from "@/components/Time.tsx";
import type { SessionView } from "@/domain/auth/sessions.ts";
import { moment, type Reader } from "@/domain/shared/moment.ts";
import type { ProfileData } from "@/routes/(app)/profile/(_data)/profile_data.ts";
import { deviceName } from "@/routes/(app)/profile/(_data)/device_name.ts";

/** The person's sessions, each with a way to end it. */
export function SessionsCard({ data: { sessions, now }, reader }: { data: ProfileData; reader: Reader }) {
  return (
    <Card
      title="Active sessions"
      flush
      actions={sessions.length > 1 && (
        <form method="post" action="/profile/sign-outs" id="sign-out-elsewhere">
          <input type="hidden" name="session" value="others" />
          <Button size="sm">Sign out everywhere else</Button>
        </form>
      )}
    >
      <div class="table-wrap">
        {/* Roles are written out because a changed display takes them away in some browsers. */}
        <table class="table stacks" role="table">
          <caption class="visually-hidden">Active sessions</caption>
          <thead role="rowgroup">
            <tr role="row">
              <th scope="col" role="columnheader">Device</th>
              <th scope="col" role="columnheader">Last seen</th>
              <th scope="col" role="columnheader">Signed in</th>
              <th scope="col" role="columnheader">
                <span class="visually-hidden">Sign out</span>
              </th>
            </tr>
          </thead>
          <tbody role="rowgroup">
            {sessions.map((session) => (
              <SessionRow key={session.id} session={session} reader={reader} now={now} />
            ))}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

function SessionRow({ session, reader, now }: { session: SessionView; reader: Reader; now: string }) {
  const device = deviceName(session.userAgent);
  const seen = moment(session.lastSeenAt, reader, now);
  return (
    <tr role="row">
      <td class="c-title" role="cell">
        <strong title={session.userAgent}>{device}</strong>{" "}
        {session.current && <Badge tone="green">This device</Badge>}
      </td>
      <td class="muted" role="cell">
        {session.ip}, last seen <Time at={seen} />
      </td>
      <td class="muted" role="cell">
        since <Time at={moment(session.createdAt, reader, now)} absolute />
      </td>
      <td class="actions" role="cell">
        <form method="post" action={session.current ? "/sign-out" : "/profile/sign-outs"}>
          {!session.current && <input type="hidden" name="session" value={session.id} />}
          <Button size="sm" variant="quiet" label={`Sign out ${device}, last seen ${seen.relative}`}>
            Sign out
          </Button>
        </form>
      </td>
    </tr>
  );
}
