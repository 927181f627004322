/** An address that goes to a page; `#` for one that would run a script or open a program. */
export function safeUrl(url: string): string {
  return /^(https?:|\/|#|\?)/i.test(url.trim()) ? url : "#";
}
