import type { z } from "zod";
import { check } from "../check.ts";
import type { RewardRequest } from "../request.ts";
import type { Scored } from "../scored.ts";

/** What a route takes and gives; the scoring between is the same for all. */
export interface Definition<Query, Body> {
  readonly path: string;
  readonly title: string;
  /** The URL's query: texts, but `rewards` is a list of names. */
  readonly query: z.ZodType<Query>;
  readonly body: z.ZodType<Body>;
  /** Opens what is packed inside the body, before it is checked. */
  readonly unpack?: (body: unknown) => unknown;
  readonly answer: z.ZodType;
  readonly toRequest: (body: Body, query: Query) => RewardRequest;
  readonly toAnswer: (scored: Scored, query: Query) => unknown;
}

/** A request that has been checked, with the way to its answer. */
export interface Exchange {
  readonly request: RewardRequest;
  /** Checked too: `z.number()` refuses the NaN that JSON would turn into a silent null. */
  readonly toAnswer: (scored: Scored) => unknown;
}

/** The query of a URL; a field that is there twice is a list. */
export type SentQuery = Readonly<Record<string, string | readonly string[]>>;

/** A way to ask for rewards. */
export interface Protocol
  extends Pick<Definition<unknown, unknown>, "path" | "title" | "query" | "body" | "answer"> {
  /** Errors: HttpFault 422 for what does not fit. */
  readonly open: (body: unknown, query: SentQuery) => Exchange;
}

/** Makes a protocol of its parts. */
export function protocol<Query, Body>(definition: Definition<Query, Body>): Protocol {
  const { path, title, query, body, answer, toRequest, toAnswer } = definition;
  const { unpack = (sent) => sent } = definition;
  return {
    path,
    title,
    query,
    body,
    answer,
    open: (sentBody, sentQuery) => {
      const wishes = check(query, splitNames(sentQuery), "the query");
      return {
        request: toRequest(check(body, unpack(sentBody)), wishes),
        toAnswer: (scored) => answer.parse(toAnswer(scored, wishes)),
      };
    },
  };
}

const splitNames = ({ rewards, ...rest }: SentQuery): object =>
  rewards === undefined ? rest : { ...rest, rewards: String(rewards).split(",") };
