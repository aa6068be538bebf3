/**
 * The key of an event as the key maps name it: `j`, `Shift+J`, `Enter`, `Ctrl+a`; null while somebody types, a dialog is open or the browser
 * itself is meant. Letters are told by what they type, so that other layouts work; with Thai letters on, by their place.
 */
export function keyOf(event: KeyboardEvent): string | null {
  if (event.defaultPrevented || event.isComposing) return null
  const target = event.target instanceof Element ? event.target : null
  if (
    target?.closest(
      'input:not([type=checkbox]):not([type=radio]), select, textarea, dialog[open], [contenteditable]',
    )
  )
    return null
  if (event.metaKey || event.altKey) return null
  const key = nameOf(event)
  if (event.ctrlKey) return key.toLowerCase() === 'a' ? 'Ctrl+a' : null
  if ((key === 'Enter' || key === ' ') && target?.closest('a[href], button, summary')) return null
  return event.shiftKey && (key.length > 1 || /[a-z]/i.test(key)) ? `Shift+${key}` : key
}

function nameOf({ key, code, shiftKey }: KeyboardEvent): string {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? []
  if (letter !== undefined && /[\u0E00-\u0E7F]/.test(key)) return shiftKey ? letter : letter.toLowerCase()
  // The Thai layout has no question mark on its key.
  if (code === 'Slash' && /[\u0E00-\u0E7F]/.test(key)) return shiftKey ? '?' : '/'
  return key
}
