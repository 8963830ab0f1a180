import { ErrorPage } from "@/components/ErrorPage.tsx";
import { define } from "@/define.ts";
import { errorPage, errorView } from "./errors.ts";

export const handler = define.handlers(errorPage);

export default define.page(({ error, req, state }) => {
  const view = errorView(error, req);
  state.title = view.title;
  return (
    <main id="main">
      <ErrorPage {...view} />
    </main>
  );
});
