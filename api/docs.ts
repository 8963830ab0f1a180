import { asset } from "fresh/runtime";
import { html } from "hono/html";
import { nameOfAccess } from "./operation.ts";
import type { AnyOperation } from "./operation.ts";

/** The operations as a page. The contract is /v1/openapi.json. */
export function docsPage(operations: AnyOperation[]) {
  const tags = [...new Set(operations.map(({ tag }) => tag))];
  return html`<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>REST API · ServiceHub</title>
    <link rel="icon" href="${asset("/favicon.svg")}" type="image/svg+xml">
    <link rel="stylesheet" href="${asset("/styles.css")}">
  </head>
  <body>
    <main id="main" class="landing-section">
      <h1>REST API</h1>
      <p class="lead">The contract is <a href="/v1/openapi.json">the OpenAPI 3.1 document</a>: the parameters,
        bodies and answers of every operation.</p>
      ${tags.map((tag) => tagSection(tag, operations.filter((operation) => operation.tag === tag)))}
    </main>
  </body>
</html>`;
}

function tagSection(tag: string, operations: AnyOperation[]) {
  return html`
    <section class="card card-flush">
      <div class="card-header">
        <h2>${tag}</h2>
      </div>
      <div class="table-wrap">
        <table class="table">
          <thead>
            <tr>
              <th scope="col">Operation</th>
              <th scope="col">What it does</th>
              <th scope="col">Who</th>
            </tr>
          </thead>
          <tbody>${operations.map(row)}</tbody>
        </table>
      </div>
    </section>
  `;
}

function row(operation: AnyOperation) {
  return html`
    <tr>
      <td><code>${operation.method.toUpperCase()} /v1${operation.path}</code></td>
      <td>${operation.summary}</td>
      <td>${nameOfAccess(operation)}</td>
    </tr>
  `;
}
