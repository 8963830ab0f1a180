import type { PageProps } from "fresh";
import { ConfirmAddress } from "@/components/ConfirmAddress.tsx";
import { ErrorList } from "@/components/ErrorList.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { StaleNotice } from "@/components/StaleNotice.tsx";
import type { State } from "@/define.ts";
import type { ProfileData } from "@/routes/(app)/profile/(_data)/profile_data.ts";
import { NotificationsCard } from "./NotificationsCard.tsx";
import { PasswordCard } from "./PasswordCard.tsx";
import { ProfileCard } from "./ProfileCard.tsx";
import { SessionsCard } from "./SessionsCard.tsx";

/** A person's own settings: profile, notifications, password and sessions. */
export function ProfilePage({ data, state }: PageProps<ProfileData, State>) {
  return (
    <div class="page page-narrow">
      <PageHeader title="Profile and security" />
      {data.refused && <StaleNotice form={data.refused.form} href="/profile" />}
      <ErrorList form={data.refused?.form} />
      {data.unconfirmed && <ConfirmAddress email={data.profile.email} />}
      <ProfileCard data={data} />
      <NotificationsCard data={data} />
      <PasswordCard data={data} />
      <SessionsCard data={data} reader={state.viewer!.actor} />
    </div>
  );
}
