import { getHeapStatistics } from "node:v8";
import { byHeadroom, headroom } from "@headroom/alerts/headroom";
import { limit, LIMITS, MEMORY_FRACTION, type Unit } from "@headroom/alerts/limits";
import type { Config } from "@headroom/exporter/config";
import { valueOf } from "@headroom/exporter/hardware/facts";
import { MOST_VUS } from "@headroom/loadtest/plan/k6-options";
import type { Examination } from "./examine.ts";

/** Something that bounds this machine or this configuration, and what is held against it. */
export interface Ceiling {
  readonly what: string;
  readonly unit: Unit | "count";
  readonly is: number;
  /** A limit, which is never reached when it is above; or what a part takes. */
  readonly wants: number;
  /** What wants it. */
  readonly by: string;
  /** What to type; only where more is wanted than there is. */
  readonly toType?: string;
}

/** One that may not be known, with what to type if it is too low. */
type Candidate = Omit<Ceiling, "is" | "toType"> & { is: number | undefined; toType: string };

type Found = Pick<Examination, "facts" | "plan" | "models" | "disk">;

/** The least of a process's resources (getrlimit(2)), as Node names them; unlimited ones are absent. */
type UserLimits = Readonly<Partial<Record<"open_files" | "max_locked_memory_bytes", number>>>;

/** Files that the exporter has open beside its connections: engine, models, logs, Redis. */
const OWN_FILES = 100;

/** The share of Node's heap that kept answers may take; the rest is for what is being answered. */
const CACHE_SHARE = 0.5;

const MIB = 2 ** 20;

/**
 * What Apple gives a graphics processor of the memory unless `iogpu.wired_limit_mb` says otherwise: two thirds
 * up to 36 GiB, above that three quarters (`recommendedMaxWorkingSetSize`, as llama.cpp logs it).
 */
const metalShare = (bytes: number): number => (bytes > 36 * 1024 * MIB ? 3 / 4 : 2 / 3) * bytes;

/**
 * The ceilings of a machine and of its configuration that are known: those first that are too low, then the
 * nearest.
 */
export function ceilingsOf(
  config: Config,
  found: Found,
  ofProcess: UserLimits = userLimits(),
): readonly Ceiling[] {
  const left = ({ is, wants }: Ceiling) => headroom({ bound: "upper", upper: is }, wants);
  return [
    ...ofMemory(config, found),
    ...(found.plan ? ofChatModel(found, found.plan, ofProcess) : []),
    ...ofExporter(config, found, ofProcess),
  ]
    .flatMap(({ is, toType, ...rest }): Ceiling[] =>
      is === undefined ? [] : [{ ...rest, is, ...(rest.wants > is && { toType }) }],
    )
    .sort((a, b) => byHeadroom(left(a), left(b)));
}

/** A limit in bytes that a person set may be above; Headroom's own never exceeds its share. */
function ofMemory({ limits }: Config, { facts: { memory } }: Found): readonly Candidate[] {
  const bytesIn = (all: typeof limits) =>
    (limit("memory", "critical", all) as { upper: number }).upper;
  const [bytes, isOwn] = [bytesIn(limits), bytesIn(limits) !== bytesIn(LIMITS)];
  return (["system", "container"] as const).flatMap((scope) => {
    const is = memory[scope]?.capacityBytes;
    if (is === undefined) return [];
    const share = MEMORY_FRACTION.critical * is;
    const isInBytes = bytes < share || (isOwn && bytes > is);
    return {
      ...{ what: `Memory, ${scope}`, unit: "bytes", is },
      wants: isInBytes ? bytes : share,
      by: `critical limit, ${isInBytes ? "in bytes" : `${100 * MEMORY_FRACTION.critical} % of it`}`,
      toType: `HEADROOM_MEMORY_BYTES=${is} npm start; where HEADROOM_LIMITS_FILE sets it, lower it there`,
    };
  });
}

function ofChatModel(
  { facts, models }: Found,
  plan: NonNullable<Found["plan"]>,
  ofProcess: UserLimits,
): readonly Candidate[] {
  const { fileBytes } = models.chat.shape;
  const [gpu, cores, memory] = [
    valueOf(facts.gpu),
    valueOf(facts.usableCores),
    valueOf(facts.memoryBytes),
  ];
  const isOnMetal = gpu?.backend === "metal" && plan.gpuLayers.value !== 0;
  return [
    {
      ...{ what: "Memory, free now", unit: "bytes", is: valueOf(facts.availableMemoryBytes) },
      ...{ wants: plan.memoryBytes, by: "the chat model's plan" },
      toType: "HEADROOM_CHAT_MODEL=none npm start, or a smaller model of npm run model -- list",
    },
    {
      ...{ what: "Memory, Metal's share", unit: "bytes" },
      is: isOnMetal && memory ? metalShare(memory) : undefined,
      ...{ wants: plan.memoryBytes, by: "the chat model's plan" },
      toType: `sudo sysctl iogpu.wired_limit_mb=${Math.ceil((1.1 * plan.memoryBytes) / MIB)}`,
    },
    {
      what: `Memory, ${gpu?.name}`,
      unit: "bytes",
      is: plan.gpuLayers.value === 0 ? undefined : gpu?.memory?.totalBytes,
      ...{ wants: fileBytes, by: "the chat model's file" },
      toType: "HEADROOM_CHAT_GPU_LAYERS=0 npm start",
    },
    {
      ...{ what: "Cores", unit: "count", is: cores },
      ...{ wants: plan.threads.value, by: "threads of the chat model" },
      toType: `HEADROOM_CHAT_THREADS=${Math.max(1, Math.floor(cores ?? 1))} npm start`,
    },
    {
      ...{ what: "Memory that may be locked", unit: "bytes" },
      is: plan.mlock.value ? ofProcess.max_locked_memory_bytes : undefined,
      ...{ wants: fileBytes, by: "the chat model's file" },
      toType: "ulimit -l unlimited",
    },
  ];
}

function ofExporter(config: Config, { disk }: Found, ofProcess: UserLimits): readonly Candidate[] {
  const { limits, cacheBytes, requestTimeoutSeconds, chatTimeoutSeconds } = config;
  const files = MOST_VUS + OWN_FILES;
  const secondsOf = (id: string) => (limit(id, "critical", limits) as { upper: number }).upper;
  const [latency, firstToken] = [secondsOf("latency_p95"), secondsOf("first_token_p95")];
  return [
    {
      ...{ what: "Open files", unit: "count", is: ofProcess.open_files, wants: files },
      by: `${MOST_VUS} connections of the largest load, ${OWN_FILES} files`,
      toType: `ulimit -n ${files}`,
    },
    {
      what: `Node's heap, ${100 * CACHE_SHARE} % of it`,
      ...{ unit: "bytes", is: CACHE_SHARE * getHeapStatistics().heap_size_limit },
      ...{ wants: cacheBytes, by: "kept answers, HEADROOM_CACHE_BYTES" },
      toType: `NODE_OPTIONS=--max-old-space-size=${Math.ceil(cacheBytes / CACHE_SHARE / MIB)} npm start`,
    },
    {
      ...{ what: "Disk, free", unit: "bytes", is: valueOf(disk.freeBytes) },
      ...{ wants: disk.neededBytes, by: "tools, a model and logs", toType: "rm -r .runs" },
    },
    {
      ...{ what: "Time for a request", unit: "seconds", is: requestTimeoutSeconds },
      ...{ wants: latency, by: "critical limit of latency" },
      toType: `HEADROOM_REQUEST_TIMEOUT_SECONDS=${4 * latency} npm start`,
    },
    {
      ...{ what: "Time for a chat request", unit: "seconds", is: chatTimeoutSeconds },
      ...{ wants: firstToken, by: "critical limit of the first token" },
      toType: `HEADROOM_CHAT_TIMEOUT_SECONDS=${4 * firstToken} npm start`,
    },
  ];
}

/** Those of this process, which the exporter would inherit. */
function userLimits(): UserLimits {
  // Else it asks for the names of all connections.
  Object.assign(process.report, { excludeNetwork: true });
  const { userLimits = {} } = process.report.getReport() as {
    readonly userLimits?: Readonly<Record<string, { readonly soft: number | "unlimited" }>>;
  };
  const known = Object.entries(userLimits).filter(([, { soft }]) => soft !== "unlimited");
  return Object.fromEntries(known.map(([name, { soft }]) => [name, soft]));
}
