import { escapeHtml } from "./escape.ts";
import { pageScript, pageScriptHash } from "./page-script.ts";
import { pageStyle } from "./page-style.ts";

/** What stands in a page's frame; all but the texts `title` and `summary` is HTML. */
export interface Page {
  readonly title: string;
  readonly summary?: string | undefined;
  /** Beside that of all pages. */
  readonly style: string;
  readonly main: readonly string[];
  readonly footer?: string;
  /** A script beside that of all pages, and its SHA-256 as a policy names it. */
  readonly script?: { readonly text: string; readonly hash: string };
}

/**
 * A page in one HTML file that asks for nothing else; its policy allows its own script by its hash
 * and no other, for what it shows may be hostile.
 */
export const pageHtml = ({
  title,
  summary,
  style,
  main,
  footer,
  script,
}: Page): string => `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src '${pageScriptHash}'${script ? ` '${script.hash}'` : ""}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="data:,">
<title>${escapeHtml(title)}</title>
<style>${pageStyle}${style}</style>
</head>
<body>
<header>
<h1>${escapeHtml(title)}</h1>
${summary === undefined ? "" : `<p class="quiet">${escapeHtml(summary)}</p>`}
</header>
<main>
${main.join("\n")}
</main>
${footer === undefined ? "" : `<footer>${footer}</footer>`}
<script>${pageScript}</script>
${script ? `<script>${script.text}</script>` : ""}
</body>
</html>
`;
