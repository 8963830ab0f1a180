import { Icon } from "@/components/Icon.tsx";
import { PLACEHOLDERS } from "@/domain/replies/placeholders.ts";

/** Lists the placeholders that a reply can contain. */
export function PlaceholderHelp() {
  return (
    <details class="placeholders">
      <summary>
        Placeholders
        <Icon name="chevronDown" size="sm" />
      </summary>
      <dl class="properties">
        {Object.entries(PLACEHOLDERS).map(([name, meaning]) => (
          <div key={name}>
            <dt>{meaning}</dt>
            <dd>
              <code>{`{{${name}}}`}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
