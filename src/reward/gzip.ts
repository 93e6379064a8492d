import { pipeline } from "node:stream";
import { createGunzip } from "node:zlib";
import type { preParsingHookHandler, RequestPayload } from "fastify";
import { HttpFault } from "./http-fault.ts";

/** Unpacks gzip bodies. Fastify counts the unpacked bytes against the body limit. */
export const unpackGzip: preParsingHookHandler = (request, reply, payload, done) => {
  const encoding = (request.headers["content-encoding"] ?? "identity").toLowerCase();
  if (encoding === "identity") return done(null, payload);
  if (encoding !== "gzip" && encoding !== "x-gzip") {
    return done(
      new HttpFault(415, `Cannot read the request: content-encoding "${encoding}", expected gzip`),
    );
  }
  const unpacked: ReturnType<typeof createGunzip> & RequestPayload = createGunzip();
  unpacked.receivedEncodedLength = 0;
  payload.on("data", (chunk: Buffer) => {
    unpacked.receivedEncodedLength! += chunk.length;
  });
  pipeline(payload, unpacked, () => {}); // a fault reaches Fastify as the stream's error event
  reply.raw.once("finish", () => unpacked.destroy()); // refused early: unpack no further
  done(null, unpacked);
};
