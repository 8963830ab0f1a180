import { Card } from "@/components/Card.tsx";
import { CopyLink } from "@/components/CopyLink.tsx";

/** A secret, shown here and nowhere else. */
export function SecretCard({ secret }: { secret: string }) {
  return (
    <Card title="Signing secret">
      <CopyLink
        id="secret"
        label="Copy it now"
        url={secret}
        hint="Shown only once. The receiver checks with it that messages come from here, as Standard Webhooks describes."
      />
    </Card>
  );
}
