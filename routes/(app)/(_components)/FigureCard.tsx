import type { ComponentChildren } from "preact";
import { StatCard } from "@/components/Card.tsx";
import type { IconName } from "@/components/Icon.tsx";
import type { Figure } from "@/domain/dashboard/model.ts";
import { countLabel } from "@/domain/tickets/model/formatting.ts";

/** A number that leads to its list. */
export function FigureCard({ label, figure, icon, hint }: {
  label: string;
  figure: Figure;
  icon?: IconName;
  hint?: ComponentChildren;
}) {
  return <StatCard label={label} value={countLabel(figure)} href={figure.list} icon={icon} hint={hint} />;
}

/** A number with a word, as a link to its list. */
export function FigureLink({ figure, word }: { figure: Figure; word: string }) {
  return (
    <a href={figure.list}>
      <span class="num">{countLabel(figure)}</span> {word}
    </a>
  );
}
