/** Whether a request's `Cache-Control` leaves the cache out (RFC 9111, section 5.2.1.5). */
export function cacheUse(cacheControl: string | undefined): "use" | "no-store" {
  return /(?:^|,)\s*no-store\s*(?:,|$)/i.test(cacheControl ?? "") ? "no-store" : "use";
}
