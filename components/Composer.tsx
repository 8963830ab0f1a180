import type { ComponentChildren } from "preact";
import { Button } from "./Button.tsx";
import { FieldError } from "./FieldNotes.tsx";
import { Segmented } from "./Segmented.tsx";

/**
 * The reply box: posts `body` and `visibility` to `action`. Requesters (`canBeInternal` false) write public
 * replies only. `children` is for what sits beside the buttons, such as a file input; `under` for what belongs to the
 * text, as completion and preview; `tools` for what fills it.
 */
export function Composer(props: {
  action: string;
  canBeInternal: boolean;
  value?: string | undefined;
  visibility?: "public" | "internal" | undefined;
  error?: string | undefined;
  /** Where files are added; the form is sent as one that may have some. */
  files?: ComponentChildren;
  under?: ComponentChildren;
  tools?: ComponentChildren;
  children?: ComponentChildren;
}) {
  const { action, canBeInternal, value, visibility = "public", error, files } = props;
  return (
    <form
      class="composer"
      id="reply"
      method="post"
      action={action}
      encType={files ? "multipart/form-data" : undefined}
    >
      {/* What Enter presses where nothing else is meant: the first button of a form. */}
      <button class="visually-hidden" type="submit" tabIndex={-1} aria-hidden="true">Send</button>
      <label class="visually-hidden" for="f-body">Your reply</label>
      <textarea
        class="input"
        id="f-body"
        name="body"
        rows={4}
        maxLength={65536}
        required
        placeholder={canBeInternal ? "Write a reply or a note" : "Write a reply"}
        value={value}
        aria-invalid={error ? "true" : undefined}
        aria-describedby={error ? "f-body-error" : undefined}
      />
      {error && <FieldError id="f-body-error" class="composer-error">{error}</FieldError>}
      {props.under}
      {files && <div class="composer-files">{files}</div>}
      <div class="composer-bar">
        {canBeInternal
          ? (
            <span role="group" aria-label="Visibility">
              <Segmented
                name="visibility"
                value={visibility}
                options={[{ value: "public", label: "Public reply" }, {
                  value: "internal",
                  label: "Internal note",
                }]}
              />
            </span>
          )
          : <input type="hidden" name="visibility" value="public" />}
        {props.tools && <span class="composer-tools">{props.tools}</span>}
        <span class="form-actions">
          {props.children}
          <Button variant="primary">Send</Button>
        </span>
      </div>
    </form>
  );
}
