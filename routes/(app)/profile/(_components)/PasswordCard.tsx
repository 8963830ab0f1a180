import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { formOf, type ProfileData } from "@/routes/(app)/profile/(_data)/profile_data.ts";

/** A new password, confirmed by the current one. */
export function PasswordCard({ data }: { data: ProfileData }) {
  const { errors } = formOf(data, "password");
  const wrong = errors.currentPassword ? "currentPassword" : errors.newPassword ? "newPassword" : "";
  return (
    <Card title="Password">
      <form class="form" id="password" method="post" action="/profile/password">
        <input type="hidden" name="username" autoComplete="username" value={data.profile.email} />
        <div class="form-row">
          <Field
            name="currentPassword"
            label="Current password"
            kind="password"
            error={errors.currentPassword}
            autoComplete="current-password"
            autoFocus={wrong === "currentPassword"}
            required
          />
          <Field
            name="newPassword"
            label="New password"
            kind="password"
            error={errors.newPassword}
            hint="At least 12 characters. A few words make a good password"
            autoComplete="new-password"
            autoFocus={wrong === "newPassword"}
            minLength={12}
            required
          />
        </div>
        <div class="form-actions">
          <Button>Change password</Button>
          <span class="hint">Signs you out everywhere else</span>
        </div>
      </form>
    </Card>
  );
}
