/** The only module that names the metrics library, which is about to be renamed. */
export { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";
