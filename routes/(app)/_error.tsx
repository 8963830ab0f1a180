import { ErrorPage } from "@/components/ErrorPage.tsx";
import { define } from "@/define.ts";
import { errorView } from "@/pages/errors.ts";

export { handler } from "@/pages/error_page.tsx";

export default define.page(({ error, req, state }) => {
  const view = errorView(error, req);
  state.title = view.title;
  return <ErrorPage {...view} homeHref="/home" />;
});
