import { Card } from "@/components/Card.tsx";
import { CopyLink } from "@/components/CopyLink.tsx";

/** A new secret; it is shown only here. */
export function SecretCard({ secret }: { secret: string }) {
  return (
    <Card title="Signing secret">
      <CopyLink
        id="secret"
        label="Copy it now"
        url={secret}
        hint="Shown only once. The receiver uses it to verify that messages come from here, as Standard Webhooks describes."
      />
    </Card>
  );
}
