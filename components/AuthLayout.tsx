import type { ComponentChildren } from "preact";
import { Brand } from "./Logo.tsx";

/** A narrow card under the brand: sign in, register, forgot, reset, invitation. */
export function AuthLayout({ title, intro, aside, foot, children }: {
  title: string;
  intro?: ComponentChildren;
  /** Below the card: "No account yet? …". */
  aside?: ComponentChildren;
  foot?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="auth">
      <main class="auth-main" id="main">
        <Brand href="/" />
        <div class="auth-card">
          <div class="auth-head">
            <h1>{title}</h1>
            {intro && <p>{intro}</p>}
          </div>
          {children}
        </div>
        {aside && <p class="auth-aside">{aside}</p>}
      </main>
      <footer class="auth-foot">{foot}</footer>
    </div>
  );
}
