import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry, Summary } from "prom-client";
import type { Summary as AnswerSummary } from "./summary.ts";

/** What is counted, for Prometheus. */
export interface Metrics {
  readonly answered: (route: string, code: number, seconds: number) => void;
  readonly scored: (summary: AnswerSummary) => void;
  /** The text that Prometheus reads. */
  readonly text: () => Promise<string>;
  readonly contentType: string;
}

/** Counters of one server; `inFlight` and `workerDeaths` are asked when Prometheus asks. */
export function createMetrics(ask: {
  readonly inFlight: () => number;
  readonly workerDeaths: () => number;
}): Metrics {
  const register = new Registry();
  const registers = [register];
  collectDefaultMetrics({ register });
  const requests = new Counter({
    name: "reward_requests_total",
    help: "Answered requests",
    labelNames: ["route", "code"],
    registers,
  });
  const latency = new Histogram({
    name: "reward_latency_seconds",
    help: "From the headers of a request to the end of its answer",
    labelNames: ["route"],
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const completions = new Counter({
    name: "reward_completions_total",
    help: "Scored completions; unparsed and limit score 0",
    labelNames: ["outcome"],
    registers,
  });
  const failures = new Counter({
    name: "format_failures_total",
    help: "Completions with a fault, by what is wrong",
    labelNames: ["reason"],
    registers,
  });
  const values = new Summary({
    name: "reward_value",
    help: "Rewards of the last ten minutes",
    labelNames: ["component"],
    percentiles: [0.05, 0.5, 0.95],
    maxAgeSeconds: 600,
    ageBuckets: 2,
    registers,
  });
  new Gauge({
    name: "reward_inflight",
    help: "Requests for rewards that have come in and are not answered yet",
    registers,
    collect() {
      this.set(ask.inFlight());
    },
  });
  new Counter({
    name: "reward_worker_deaths_total",
    help: "Worker threads that ended before their time and were replaced",
    registers,
    collect() {
      this.reset();
      this.inc(ask.workerDeaths());
    },
  });
  return {
    answered: (route, code, seconds) => {
      requests.inc({ route, code });
      latency.observe({ route }, seconds);
    },
    scored: (summary) => {
      for (const [outcome, count] of Object.entries(summary.outcomes)) {
        completions.inc({ outcome }, count);
      }
      for (const [reason, count] of Object.entries(summary.failures)) {
        failures.inc({ reason }, count);
      }
      for (const [component, rewards] of Object.entries(summary.rewards)) {
        for (const reward of rewards) values.observe({ component }, reward);
      }
    },
    text: () => register.metrics(),
    contentType: register.contentType,
  };
}
