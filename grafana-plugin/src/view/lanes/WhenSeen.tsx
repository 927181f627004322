import { type ReactNode, useEffect, useRef, useState } from "react";

interface Props {
  readonly width: number;
  readonly height: number;
  readonly children: ReactNode;
}

/** Charts are made a little before they scroll into view. */
const MARGIN = "100px";

/** Keeps the place of its children and makes them once they come into view: fifty lanes do not draw at once. */
export function WhenSeen({ width, height, children }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const [wasSeen, setSeen] = useState(typeof IntersectionObserver === "undefined");
  useEffect(() => {
    if (wasSeen || !place.current) return;
    const observer = new IntersectionObserver(
      (entries) => {
        if (entries.some((entry) => entry.isIntersecting)) setSeen(true);
      },
      { rootMargin: MARGIN },
    );
    observer.observe(place.current);
    return () => observer.disconnect();
  }, [wasSeen]);
  return (
    <div ref={place} style={{ width, height, flex: "none" }}>
      {wasSeen && children}
    </div>
  );
}
