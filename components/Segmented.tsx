import type { Option } from "./types.ts";

/** Radio buttons as one strip: a choice of two to four short words. */
export function Segmented({ name, value, options, id }: {
  name: string;
  value?: string | undefined;
  options: Option[];
  id?: string | undefined;
}) {
  return (
    <span class="segmented">
      {options.map((option, i) => (
        <label key={option.value} class="segment">
          <input
            class="visually-hidden"
            type="radio"
            id={i === 0 ? id : undefined}
            name={name}
            value={option.value}
            checked={option.value === value}
          />
          {option.label}
        </label>
      ))}
    </span>
  );
}
