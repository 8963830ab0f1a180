import type { ComponentChildren } from "preact";
import { Icon, type IconName } from "./Icon.tsx";

export type BannerKind = "success" | "error" | "info" | "warning";

const LOOKS: Record<BannerKind, { tone: string; icon: IconName }> = {
  success: { tone: "green", icon: "check" },
  error: { tone: "red", icon: "alert" },
  info: { tone: "accent", icon: "info" },
  warning: { tone: "amber", icon: "alert" },
};

/** A message across the page. */
export function Banner({ kind = "info", children }: {
  kind?: BannerKind | undefined;
  children: ComponentChildren;
}) {
  const { tone, icon } = LOOKS[kind];
  return (
    <div class={`banner tone-${tone}`}>
      <Icon name={icon} />
      <div class="grow">{children}</div>
    </div>
  );
}
