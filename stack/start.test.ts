import { type ChildProcess, execFile, spawn } from "node:child_process";
import { once } from "node:events";
import { access } from "node:fs/promises";
import { createServer, type Server } from "node:net";
import { totalmem } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { MEMORY_FRACTION } from "@headroom/alerts/limits";
import { CHAT_MODELS, DEFAULT_CHAT_MODEL } from "@headroom/exporter/models/catalogue";
import { launchBrowser } from "@headroom/grafana-plugin/browser/launch";
import { watchedPage } from "@headroom/grafana-plugin/preview/testing/watched-page";
import { examine } from "./maintenance/examine.ts";
import { attribution } from "./maintenance/steps/attribution.ts";
import { INCIDENTS_PORT } from "./services.ts";
import { ROOT } from "./places.ts";
import { canOpenTerminal, inTerminal, type Shown, tooWide } from "./testing/in-terminal.ts";

/** A rule as Prometheus tells of it; only alerts have annotations. */
interface Rule {
  readonly name: string;
  readonly health: string;
  readonly annotations?: { readonly runbook_url: string; readonly dashboard_url: string };
}

/** What is printed when the report is done and everything stays. */
const STAYS = "Everything keeps running";

let occupied: Server;
let start: ChildProcess;
let output = "";
let prometheus: string;
let exporter: string;
let incidents: string;
let page: string;

beforeAll(async () => {
  // Not the usual ports, so that links which name those are found.
  occupied = createServer().listen(INCIDENTS_PORT, "127.0.0.1");
  await Promise.race([once(occupied, "listening"), once(occupied, "error")]);
  const args = ["stack/start.ts", "--profile", "smoke", "--port", "9770"];
  start = spawn(process.execPath, args, { cwd: ROOT, stdio: ["ignore", "pipe", "pipe"] });
  const ended = once(start, "exit").then(([code]) => {
    throw new Error(`npm start ended with ${code}:\n${output}`);
  });
  const stays = new Promise<void>((resolve) => {
    const read = (chunk: Buffer) => {
      output += chunk;
      if (output.includes(STAYS)) resolve();
    };
    start.stdout!.on("data", read);
    start.stderr!.on("data", read);
  });
  await Promise.race([stays, ended]);
  ended.catch(() => {});
  prometheus = /^Prometheus +(\S+)$/m.exec(output)![1]!;
  page = /^Live page +(http:[^?]+)\/\?/m.exec(output)![1]!;
  incidents = /^Runbooks +(\S+)\/runbooks$/m.exec(output)![1]!;
  exporter = /^Exporter +(\S+)\/v1/m.exec(output)![1]!;
});

afterAll(() => {
  occupied.close();
  start.kill("SIGTERM");
});

/** The process that was told to listen at an address. */
async function listenerOf(url: string): Promise<number> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,args="]);
  const line = stdout
    .split("\n")
    .find((args) => args.includes(`listen-address=${new URL(url).host}`));
  return Number(line!.trim().split(" ")[0]);
}

/** The values of an instant query, from the Prometheus that npm start started. */
async function query(expression: string): Promise<number[]> {
  const response = await fetch(
    `${prometheus}/api/v1/query?query=${encodeURIComponent(expression)}`,
  );
  const { data } = (await response.json()) as {
    data: { result: { value: [number, string] }[] };
  };
  return data.result.map(({ value }) => Number(value[1]));
}

describe("npm start, with the real model, k6, Prometheus, Alertmanager and Redis", () => {
  it("reports every limit as kept", () => {
    expect(output).toContain("Within all limits.");
    // And says by what.
    expect(output).toMatch(/Memory is judged by system \d+\.\d+ GB \(warning from \d+\.\d+ GB/);
    expect(output).toContain("engine llama.cpp");
    expect(output).not.toContain("SIMULATED");
  });

  it("asks for the eight status scenarios, and shows the answers within their targets", () => {
    expect(output).toContain("The machine, in eight answers");
    expect(output).toMatch(/Each status request has an answer within its target +8 of 8 +holds/);
  });

  it("has Prometheus scrape the exporter and evaluate every rule", async () => {
    expect(await query('up{job="headroom"}')).toEqual([1]);
    expect(await query('up{job="headroom-incidents"}')).toEqual([1]);
    const response = await fetch(`${prometheus}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: Rule[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(10);
    expect(rules.filter(({ health }) => health === "err")).toEqual([]);
    const runbooks = rules.flatMap(({ annotations }) => annotations?.runbook_url ?? []);
    expect(runbooks.length).toBeGreaterThan(10);
    expect(runbooks.filter((url) => !url.startsWith(`${incidents}/runbooks/`))).toEqual([]);
    const dashboards = rules.flatMap(({ annotations }) => annotations?.dashboard_url ?? []);
    expect(dashboards.filter((url) => !url.startsWith(`${page}/d/headroom-`))).toEqual([]);
  });

  it("shows dashboards that link the run's own runbooks", async () => {
    const dashboard = await (await fetch(`${page}/api/dashboards/headroom-overview`)).text();
    const links = dashboard.match(/http:[^"]+\/runbooks\/\w+/g) ?? [];
    expect(links.length).toBeGreaterThan(0);
    expect(links.filter((link) => !link.startsWith(incidents))).toEqual([]);
  });

  it("has Prometheus send alerts to Alertmanager, which tells the incidents process", async () => {
    const alertmanager = /^Alertmanager +(http:\S+)$/m.exec(output)![1]!;
    const found = await fetch(`${prometheus}/api/v1/alertmanagers`);
    const { data } = (await found.json()) as { data: { activeAlertmanagers: { url: string }[] } };
    const active = data.activeAlertmanagers.map(({ url }) => new URL(url).origin);
    expect(active).toEqual([alertmanager]);
    const status = await fetch(`${alertmanager}/api/v2/status`);
    const { config } = (await status.json()) as { config: { original: string } };
    expect(config.original).toContain(`url: ${incidents}/v1/alerts\n`);
  });

  it("has the limits, the answered messages and k6's own figures in Prometheus", async () => {
    const { limits } = (await (await fetch(`${exporter}/v1/limits`)).json()) as {
      limits: { id: string; severity: string; scope?: string; upper: number }[];
    };
    for (const severity of ["warning", "critical"]) {
      const own = limits.filter((limit) => limit.severity === severity);
      const [errors] = await query(`headroom_limit{limit="error_ratio",severity="${severity}"}`);
      expect(errors).toBe(own.find(({ id }) => id === "error_ratio")!.upper);
      // This machine is judged by what it has.
      const [memory] = await query(
        `headroom_limit{limit="memory",severity="${severity}",scope="system"}`,
      );
      expect(memory).toBe(own.find(({ scope }) => scope === "system")!.upper);
      expect(memory).toBeLessThanOrEqual(MEMORY_FRACTION[severity as "warning"] * totalmem());
    }
    const [answered] = await query("sum(sentiment_messages_total)");
    expect(answered).toBeGreaterThan(0);
    const [requests] = await query("sum(max_over_time(k6_http_reqs_total[5m]))");
    expect(requests).toBeGreaterThan(0);
  });

  it("shows every limit live on the page, with the attributions inside their region", async () => {
    const browser = await launchBrowser();
    try {
      const { page: live, complaints } = await watchedPage(browser);
      await live.goto(`${page}/?from=now-5m`);
      const lanes = live.locator("[data-lane]");
      await live.locator('[data-lane][data-state="ok"]').nth(3).waitFor();
      const all = await lanes.all();
      const states = await Promise.all(all.map((lane) => lane.getAttribute("data-state")));
      // Memory of two scopes, latency, errors, entropy and sparsity; status answers are too few.
      expect(states.length).toBeGreaterThan(5);
      expect(states).not.toContain("no-limit");
      await live.locator('[data-inside="true"]').waitFor();
      expect(complaints).toEqual([]);
    } finally {
      await browser.close();
    }
  });

  it("prints only addresses that a browser can open, and those of licences", async () => {
    const all = [...new Set(output.match(/\b(?:https?|redis):\/\/[^\s()]+/g))];
    const licences = [DEFAULT_CHAT_MODEL, ...CHAT_MODELS].map(({ licence }) => licence.url);
    const printed = all.filter((address) => !licences.includes(address));
    expect(printed.length).toBeGreaterThan(10);
    const browser = await launchBrowser();
    try {
      const { page: tab } = await watchedPage(browser);
      for (const address of printed) {
        if (address.startsWith("redis:")) {
          const ping = promisify(execFile)("redis-cli", ["-u", address, "ping"]);
          expect([address, (await ping).stdout]).toEqual([address, "PONG\n"]);
          continue;
        }
        const answer = (await tab.goto(address))!;
        await tab.waitForFunction("document.body.innerText.trim() !== ''");
        const text = await tab.innerText("body");
        expect({ address, text }).toEqual({ address, text: expect.not.stringMatching(/^404/) });
        if (answer.status() === 200) continue;
        // What is only sent something says how, as a page.
        expect([address, answer.status()]).toEqual([address, 405]);
        expect(text).toContain(`curl -s '${address}'`);
      }
    } finally {
      await browser.close();
    }
    await access(/^Logs +(\S+)$/m.exec(output)![1]!);
  });

  it("links from alerts and dashboards only what a browser can open", async () => {
    const rules = await (await fetch(`${prometheus}/api/v1/rules`)).text();
    const { dashboards } = (await (await fetch(`${page}/api/dashboards`)).json()) as {
      dashboards: { uid: string }[];
    };
    const texts = await Promise.all(
      dashboards.map(async ({ uid }) => (await fetch(`${page}/api/dashboards/${uid}`)).text()),
    );
    // A mark on a graph names the alert of its incident, a table that of its row.
    const named = /\{\{alert\}\}|\$\{__value\.raw\}/g;
    const filled = [rules, ...texts].join().replace(named, "HeadroomMemoryHigh");
    // What follows `--upstream` is typed, for a server that is not there.
    const links = new Set(filled.match(/(?<!--upstream )http:\/\/127[^"\\ ]+/g));
    expect(links.size).toBeGreaterThan(20);
    for (const link of links) {
      const answer = await fetch(link, { headers: { accept: "text/html,*/*;q=0.8" } });
      expect([link, answer.status]).toEqual([link, 200]);
      expect([link, answer.headers.get("content-type")]).toEqual([
        link,
        expect.stringMatching(/^text\/html/),
      ]);
    }
    // And what Prometheus calls the source of an alert is a page of the live page.
    const flags = (await (await fetch(`${prometheus}/api/v1/status/flags`)).json()) as {
      data: Record<string, string>;
    };
    expect(flags.data["web.external-url"]).toBe(page);
  });

  it("has runbooks that carry its own addresses and logs, and queries that open", async () => {
    const browser = await launchBrowser();
    try {
      const { page: tab, complaints } = await watchedPage(browser);
      await tab.goto(`${incidents}/runbooks/HeadroomExporterDown`);
      const commands = await tab.locator(".line code").allInnerTexts();
      expect(commands).toContain(`curl -sS ${exporter}/healthz`);
      const [log] = commands.filter((command) => command.startsWith("tail "));
      const shown = await promisify(execFile)("bash", ["-c", log!]);
      expect(shown.stdout).toContain('"msg":"listening"');
      expect(complaints).toEqual([]);
      await tab.getByRole("link", { name: 'Open up{job="headroom"}' }).click();
      await tab.waitForLoadState();
      expect(new URL(tab.url()).searchParams.get("g0.expr")).toBe('up{job="headroom"}');
      // The old page has it in a field, the new ones in an editor.
      await tab.waitForFunction(
        `[...document.querySelectorAll("textarea, .cm-content")].some((field) =>
          (field.value ?? field.textContent).includes("up{job="))`,
      );
    } finally {
      await browser.close();
    }
  });

  it("says the same share of messages inside on the map, in the daily check and in the report", async () => {
    const [, reported] = /^\W*Both\W+(\d+(?:\.\d+)? %)/m.exec(output)!;
    const { signal } = new AbortController();
    const places = { prometheus, url: exporter, incidents, token: undefined };
    const rows = await attribution.rows(await examine(places, signal));
    const checked = rows.find(({ id }) => id === "both-in-range-prefix")?.observed;
    const browser = await launchBrowser();
    try {
      const { page: live } = await watchedPage(browser);
      await live.goto(`${page}/?from=now-15m`);
      const map = live.locator("section[data-inside]");
      await map.getByText("of messages inside").waitFor();
      const [shown, method] = await map.locator("strong").allInnerTexts();
      expect(method).toBe("prefix");
      // They begin and end at other scrapes than the load does: some messages more or less.
      const shares = [reported, checked, shown].map((share) => parseFloat(share!));
      expect(Math.max(...shares) - Math.min(...shares)).toBeLessThanOrEqual(1);
    } finally {
      await browser.close();
    }
  });

  it("fires no alert under a load that keeps all limits", async () => {
    expect(await query('ALERTS{alertstate="firing"}')).toEqual([]);
  });

  it("starts a service again that was killed, says so, and its data are still there", async () => {
    const before = await query(`count_over_time(up{job="headroom"}[1h])`);
    const browser = await launchBrowser();
    try {
      const { page: live } = await watchedPage(browser);
      await live.goto(`${page}/?from=now-5m`);
      await live.locator("[data-lane]").first().waitFor();
      process.kill(await listenerOf(prometheus), "SIGKILL");
      await live.getByText(/^prometheus is back after \d+\.\d s$/).waitFor();
    } finally {
      await browser.close();
    }
    expect(output).toContain("prometheus ended unexpectedly (SIGKILL) and is started again.");
    expect(output).toMatch(/^prometheus is back after \d+\.\d s\.$/m);
    expect((await query(`count_over_time(up{job="headroom"}[1h])`))[0]).toBeGreaterThan(before[0]!);
  });

  it("stops everything that it started when it is interrupted", async () => {
    const closed = once(start, "close");
    start.kill("SIGINT");
    await closed;
    await expect(fetch(`${prometheus}/-/ready`)).rejects.toThrow("fetch failed");
    await expect(fetch(page)).rejects.toThrow("fetch failed");
    await expect(fetch(`${exporter}/healthz`)).rejects.toThrow("fetch failed");
  });
});

/** All that a process started, and what these started. */
async function descendantsOf(pid: number): Promise<number[]> {
  const { stdout } = await promisify(execFile)("ps", ["-A", "-o", "pid=,ppid="]);
  const all = stdout
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/ +/).map(Number));
  const below = (parent: number): number[] =>
    all.filter(([, of]) => of === parent).flatMap(([own]) => [own!, ...below(own!)]);
  return below(pid);
}

async function allEnded(pids: readonly number[]): Promise<void> {
  for (const pid of pids) {
    const state = () => promisify(execFile)("ps", ["-o", "stat=", "-p", String(pid)]);
    while (/^[^Z]/.test((await state().catch(() => ({ stdout: "" }))).stdout)) await sleep(50);
  }
}

const SIMULATED = ["stack/start.ts", "--simulate", "--port", "9770"] as const;
/** The lines that say where services of a run answer. */
const told = (text: string) =>
  text.match(/^(Live page|Exporter|Prometheus|Alertmanager|Redis) .*$/gm);

describe("npm start that ends without stopping anything", () => {
  let before = "";

  it("leaves nothing behind when it is killed", async () => {
    const killed = spawn(process.execPath, SIMULATED, { cwd: ROOT });
    for (const stream of [killed.stdout, killed.stderr]) {
      stream.on("data", (chunk: Buffer) => (before += chunk));
    }
    while (!/msg\/s/.test(before)) {
      if (killed.exitCode !== null) throw new Error(`It ended with ${killed.exitCode}:\n${before}`);
      await sleep(50);
    }
    const descendants = await descendantsOf(killed.pid!);
    // Redis, exporter, Alertmanager, Prometheus, page and k6, each with its guard.
    expect(descendants.length).toBeGreaterThanOrEqual(12);
    killed.kill("SIGKILL");
    await allEnded(descendants);
  });

  (canOpenTerminal ? describe : describe.skip)("and the next one, in a terminal", () => {
    let shown: Shown;
    beforeAll(async () => {
      const next = inTerminal(80, SIMULATED);
      await next.until(/nearest[^\r]* [1-9]\d* msg/);
      const descendants = await descendantsOf(next.pid);
      // What comes at once is the same Ctrl-C.
      next.type("\x03\x03");
      shown = await next.shown;
      await allEnded(descendants);
    });

    it("finds its ports free, and stops all at Ctrl-C", () => {
      expect(told(shown.lines.join("\n"))).toEqual(told(before));
      expect(shown.code).toBe(130);
    });

    it("fits its 80 columns, with every address and path whole", async () => {
      expect(tooWide(shown, 80)).toEqual([]);
      const page = /^Live page +http:\/\/127\.0\.0\.1:\d+\/\?from=now-3m&refresh=2s$/;
      expect(shown.lines).toContainEqual(expect.stringMatching(page));
      const paths = shown.lines.flatMap((line) => /(?<=^|\s)\/\S+$/.exec(line) ?? []);
      expect(paths).toContainEqual(expect.stringMatching(/\/report\.md$/));
      for (const path of paths) await access(path);
    });

    it("shows what it does in one line, and then how the load goes, the nearest limit first", () => {
      expect(shown.raw).toMatch(
        /\nStarting exporter \.\.\.(\r\x1b\[KStarting exporter \.\.\. \d+ s)*\r\x1b\[K/,
      );
      expect(shown.raw).toMatch(/\r\x1b\[K\d+\/60 s {3}\x1b\[3[123]m(\x1b\[1m)?nearest: /);
    });

    it("reports what was measured until then, with the nearest limit first", () => {
      const rows = shown.lines.slice(shown.lines.indexOf("Limits"));
      const left = rows
        .slice(0, rows.indexOf(""))
        .flatMap((row) => /(-?[\d.]+) % {2}\D+$/.exec(row)?.[1] ?? [])
        .map(Number);
      expect(left.length).toBeGreaterThan(5);
      expect(left).toEqual(left.toSorted((a, b) => a - b));
    });
  });
});
