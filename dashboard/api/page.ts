/** The few pages that the server writes itself. No inline style: the Content-Security-Policy allows none. */
export const pageStyle = `:root{color-scheme:light dark;font:16px/1.5 system-ui,sans-serif}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:Canvas;color:CanvasText}
main{max-width:34rem;margin:1rem;padding:1.5rem 2rem;border:1px solid color-mix(in srgb,CanvasText 20%,transparent);border-radius:10px}
h1{font-size:1.4rem;margin:0 0 .5rem}
code{white-space:nowrap;padding:.1rem .35rem;border:1px solid color-mix(in srgb,CanvasText 25%,transparent);border-radius:4px}
`

/** A page of a heading and paragraphs; `code` in backticks. Text is escaped. */
export function page(title: string, paragraphs: readonly string[], language: 'en' | 'th' = 'en'): string {
  const body = paragraphs
    .map((text) => `<p>${escape(text).replace(/`([^`]+)`/g, '<code>$1</code>')}</p>`)
    .join('\n')
  return `<!doctype html>
<html lang="${language}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>${escape(title)} – Daan</title><link rel="stylesheet" href="/page.css"></head>
<body><main><h1>${escape(title)}</h1>
${body}
</main></body>
</html>
`
}

const escape = (text: string): string =>
  text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c] as string)
