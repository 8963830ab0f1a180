import { page } from "fresh";
import { Icon } from "@/components/Icon.tsx";
import { PageHeader } from "@/components/PageHeader.tsx";
import { define } from "@/define.ts";
import { MANAGERS } from "@/domain/permissions.ts";
import { load } from "@/pages/load.ts";
import { type AdminPage, adminPages } from "./(_data)/admin_pages.ts";

export const handler = define.handlers<AdminPage[]>({
  async GET(ctx) {
    ctx.state.title = "Administration";
    return page(await load(ctx, (cx) => Promise.resolve(adminPages(cx.actor.role)), MANAGERS));
  },
});

export default define.page<typeof handler>(({ data }) => (
  <div class="page">
    <PageHeader title="Administration" />
    <ul class="places">
      {data.map(({ href, label, icon, about }) => (
        <li key={href} class="card place">
          <span class="place-icon">
            <Icon name={icon} />
          </span>
          <div class="grow">
            <a class="row-link" href={href}>{label}</a>
            <p class="muted small">{about}</p>
          </div>
        </li>
      ))}
    </ul>
  </div>
));
