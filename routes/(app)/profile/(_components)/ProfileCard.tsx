import { Button } from "@/components/Button.tsx";
import { Card } from "@/components/Card.tsx";
import { Field } from "@/components/Field.tsx";
import { HiddenFields } from "@/components/HiddenFields.tsx";
import { localeOptions, zoneOptions } from "@/routes/(app)/profile/(_data)/choices.ts";
import { formOf, type ProfileData } from "@/routes/(app)/profile/(_data)/profile_data.ts";

const THEMES = [
  { value: "system", label: "System" },
  { value: "light", label: "Light" },
  { value: "dark", label: "Dark" },
];

/** Name, language, time zone and theme. */
export function ProfileCard({ data }: { data: ProfileData }) {
  const { profile } = data;
  const form = formOf(data, "profile");
  const { values, errors } = form;
  const locale = values.locale ?? profile.locale;
  const timeZone = values.timeZone ?? profile.timeZone;
  const wrong = ["name", "locale", "timeZone"].find((name) => errors[name]);
  return (
    <Card title="Profile">
      <form class="form" id="profile" method="post" action="/profile">
        <HiddenFields form={form} version={profile.version} />
        <div class="form-row">
          <Field
            name="name"
            label="Name"
            value={values.name ?? profile.name}
            error={errors.name}
            autoComplete="name"
            autoFocus={wrong === "name"}
            maxLength={120}
            required
          />
          <Field
            name="email"
            label="Email"
            value={profile.email}
            hint="You sign in with it. It can't be changed"
            readOnly
          />
        </div>
        <div class="form-row">
          <Field
            name="locale"
            label="Language and region"
            kind="select"
            value={locale}
            options={localeOptions(locale)}
            error={errors.locale}
            hint="How dates and numbers are formatted"
            autoFocus={wrong === "locale"}
          />
          <Field
            name="timeZone"
            label="Time zone"
            kind="select"
            value={timeZone}
            options={zoneOptions(timeZone)}
            error={errors.timeZone}
            hint="Times are shown in this time zone"
            autoFocus={wrong === "timeZone"}
          />
        </div>
        <Field
          name="theme"
          label="Theme"
          kind="segmented"
          value={values.theme ?? profile.theme}
          options={THEMES}
          error={errors.theme}
        />
        <div class="form-actions">
          <Button variant="primary">Save profile</Button>
        </div>
      </form>
    </Card>
  );
}
