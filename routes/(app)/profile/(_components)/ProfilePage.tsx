import type { PageProps } from "fresh";
import { ConfirmAddress } from "@/components/ConfirmAddress.tsx";
import { FormErrors } from "@/components/FormErrors.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import type { State } from "@/define.ts";
import type { ProfileData } from "@/routes/(app)/profile/(_data)/data.ts";
import { NotificationsCard } from "./NotificationsCard.tsx";
import { PasswordCard } from "./PasswordCard.tsx";
import { ProfileCard } from "./ProfileCard.tsx";
import { SessionsCard } from "./SessionsCard.tsx";

/** What a person sets for themself: name, language, theme, notifications, password, and where they are signed in. */
export function ProfilePage({ data, state }: PageProps<ProfileData, State>) {
  const errors = Object.entries(data.refused?.form.errors ?? {});
  return (
    <div class="page page-narrow">
      <PageHeader title="Profile and security" />
      <FormErrors errors={errors.map(([field, message]) => ({ field, message }))} />
      {data.unconfirmed && <ConfirmAddress email={data.profile.email} />}
      <ProfileCard data={data} />
      <NotificationsCard data={data} />
      <PasswordCard data={data} />
      <SessionsCard data={data} reader={state.viewer!.actor} />
    </div>
  );
}
