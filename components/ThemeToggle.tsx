import { Icon, type IconName } from "./Icon.tsx";

/** How the page is lit; "system" follows the device. */
export type Theme = "system" | "light" | "dark";

const CHOICES: { value: Theme; label: string; icon: IconName }[] = [
  { value: "light", label: "Light", icon: "sun" },
  { value: "dark", label: "Dark", icon: "moon" },
  { value: "system", label: "System", icon: "monitor" },
];

/** Three buttons of one form: posts `theme` and `returnTo` (the path to come back to) to `action`. */
export function ThemeToggle({ theme, action, returnTo }: {
  theme: Theme;
  action: string;
  returnTo: string;
}) {
  return (
    <form method="post" action={action}>
      <input type="hidden" name="returnTo" value={returnTo} />
      <span class="segmented" role="group" aria-label="Theme">
        {CHOICES.map(({ value, label, icon }) => (
          <button
            key={value}
            class="segment"
            type="submit"
            name="theme"
            value={value}
            aria-pressed={theme === value ? "true" : "false"}
            aria-label={label}
            title={label}
          >
            <Icon name={icon} size="sm" />
          </button>
        ))}
      </span>
    </form>
  );
}
