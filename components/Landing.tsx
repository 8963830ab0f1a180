import type { ComponentChildren } from "preact";
import { ButtonLink } from "./Button.tsx";
import { Icon, type IconName } from "./Icon.tsx";
import { Brand } from "./Logo.tsx";

/** The frame of the landing page: a bar with sign-in, content, foot. */
export function LandingLayout({ signInHref, foot, children }: {
  signInHref: string;
  foot?: ComponentChildren;
  children: ComponentChildren;
}) {
  return (
    <div class="landing">
      <header class="landing-bar">
        <Brand href="/" />
        <nav aria-label="Account">
          <ButtonLink href={signInHref} variant="quiet">Sign in</ButtonLink>
        </nav>
      </header>
      <main id="main">{children}</main>
      <footer class="landing-foot">{foot}</footer>
    </div>
  );
}

/** The first thing a visitor sees. `children` is a picture of the product, hidden from screen readers. */
export function Hero({ title, lead, actions, children }: {
  title: string;
  lead: string;
  actions: ComponentChildren;
  children?: ComponentChildren;
}) {
  return (
    <section class="hero">
      <div class="landing-section">
        <div class="hero-text">
          <h1>{title}</h1>
          <p class="lead">{lead}</p>
          <div class="hero-actions">{actions}</div>
        </div>
        {children && <div class="hero-shot" aria-hidden="true" inert>{children}</div>}
      </div>
    </section>
  );
}

export function Features({ items }: { items: { icon: IconName; title: string; text: string }[] }) {
  return (
    <section class="landing-section features" aria-label="Features">
      {items.map((item) => (
        <div key={item.title} class="feature">
          <Icon name={item.icon} size="lg" />
          <h2>{item.title}</h2>
          <p>{item.text}</p>
        </div>
      ))}
    </section>
  );
}
