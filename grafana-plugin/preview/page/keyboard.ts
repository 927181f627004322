import { useEffect, type RefObject } from "react";

/**
 * Makes of Grafana's components below an element what a keyboard and a screen reader want, now and after
 * each change: they make a stop of every frame, legend entry and chart, and name few of them.
 */
export function useTidyStops(place: RefObject<HTMLElement | null>): void {
  useEffect(() => {
    const root = place.current;
    if (!root) return;
    const observer = new MutationObserver(() => tidy(root));
    const attributeFilter = ["tabindex", "aria-label"];
    observer.observe(root, { subtree: true, childList: true, attributes: true, attributeFilter });
    tidy(root);
    return () => observer.disconnect();
  }, [place]);
}

function tidy(root: HTMLElement): void {
  for (const frame of root.querySelectorAll("[data-panel] section")) {
    // Nothing can be done with it, and a page with a landmark for each panel has none.
    frame.removeAttribute("tabindex");
    set(frame, "role", "group");
    const title = frame.querySelector("h2")?.textContent || "this panel";
    const name = (selector: string, role: string, label: string) => {
      for (const part of frame.querySelectorAll(`${selector}:not([aria-label])`)) {
        set(part, "role", role);
        set(part, "aria-label", label);
      }
    };
    // The icon whose tooltip describes the panel.
    name("span[tabindex='0']:has(> svg)", "button", `About ${title}`);
    name(".uplot[tabindex]", "img", `${title} over time. Arrow keys move the crosshair.`);
    name("div[tabindex='0']:has(li)", "group", `Legend of ${title}`);
  }
  // Who speaks to the page says what is written there, and the name says it in other words.
  for (const picker of root.querySelectorAll("[data-testid$='RefreshPicker interval button']")) {
    const now = picker.textContent;
    if (now) set(picker, "aria-label", `${now}: choose refresh time interval`);
  }
  // The page hides no series, so that there is nothing to press.
  for (const entry of root.querySelectorAll("button[aria-label='All series selected']")) {
    entry.removeAttribute("aria-label");
    set(entry, "tabindex", "-1");
  }
  // The list of them is a stop only where it must be scrolled.
  for (const list of root.querySelectorAll("[aria-label^='Legend of ']")) {
    set(list, "tabindex", list.scrollHeight > list.clientHeight ? "0" : "-1");
  }
  // The arrow keys lead from lane to lane, and Tab into the one where they are.
  for (const lane of root.querySelectorAll<HTMLElement>("[data-lane]")) {
    for (const part of lane.querySelectorAll("a, button, .uplot[tabindex]")) {
      set(part, "tabindex", String(lane.tabIndex));
    }
  }
}

/** Only what is another value, or the observer would see it without end. */
function set(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}
