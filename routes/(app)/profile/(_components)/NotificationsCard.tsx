import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Icon } from "@/components/Icon.tsx";
import {
  type Channel,
  CHANNELS,
  kindLabel,
  NOTIFICATION_KINDS,
  type NotificationKind,
} from "@/domain/notifications/kinds.ts";
import { isOn } from "@/domain/validation.ts";
import { formOf, type ProfileData } from "@/routes/(app)/profile/(_data)/profile_data.ts";

const CHANNEL_LABELS: Record<Channel, string> = { inApp: "In app", email: "Email" };

/** What to notify a person about, by kind and channel. */
export function NotificationsCard({ data }: { data: ProfileData }) {
  const kinds = NOTIFICATION_KINDS.filter((kind) => data.preferences.notifications[kind] !== undefined);
  return (
    <Card title="Notifications">
      <form class="form" id="notifications" method="post" action="/profile/preferences">
        <table class="table checks">
          <caption class="visually-hidden">What to notify you about, and how</caption>
          <thead>
            <tr>
              <th scope="col">Notify you when</th>
              {CHANNELS.map((channel) => <th key={channel} scope="col">{CHANNEL_LABELS[channel]}</th>)}
            </tr>
          </thead>
          <tbody>
            {kinds.map((kind) => <KindRow key={kind} kind={kind} data={data} />)}
          </tbody>
        </table>
        <p class="hint">
          You are not notified of your own actions. Emails about your password and invitations are always
          sent.
        </p>
        <div class="form-actions">
          <Button>Save notifications</Button>
        </div>
      </form>
    </Card>
  );
}

function KindRow({ kind, data }: { kind: NotificationKind; data: ProfileData }) {
  const { values, errors, refusal } = formOf(data, "notifications");
  const label = kindLabel(kind);
  return (
    <tr>
      <th scope="row">
        {label}
        {CHANNELS.map((channel) => {
          const name = `notifications.${kind}.${channel}`;
          return errors[name] && (
            <span key={channel} class="field-error" id={`${name}-error`}>
              <Icon name="alert" size="sm" />
              <span>{errors[name]}</span>
            </span>
          );
        })}
      </th>
      {CHANNELS.map((channel) => {
        const name = `notifications.${kind}.${channel}`;
        const chosen = data.preferences.notifications[kind]?.[channel] ?? false;
        return (
          <td key={channel}>
            <label class="check-cell">
              <input
                type="checkbox"
                id={`f-${name}`}
                name={name}
                value="on"
                checked={refusal ? isOn(values[name]) : chosen}
                aria-label={`${label}: ${CHANNEL_LABELS[channel]}`}
                aria-invalid={errors[name] ? "true" : undefined}
                aria-describedby={errors[name] ? `${name}-error` : undefined}
              />
            </label>
          </td>
        );
      })}
    </tr>
  );
}
