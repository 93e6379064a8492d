import type { Socket } from "node:net";
import type { FastifyInstance } from "fastify";

/**
 * Makes the server's end quick and without loss: what has come in is answered, nothing else waits.
 *
 * Node closes idle connections itself. One that is in use would stay open after its answer, so the
 * answer says that it closes; one that was opened and never used would hold up the end, so it goes.
 */
export function drainWell(app: FastifyInstance): void {
  let closing = false;
  const unused = new Set<Socket>();
  app.server.on("connection", (socket: Socket) => {
    unused.add(socket);
    socket.once("data", () => unused.delete(socket));
    socket.once("close", () => unused.delete(socket));
  });
  app.addHook("preClose", async () => {
    closing = true;
    for (const socket of unused) socket.destroy();
  });
  app.addHook("onSend", async (_request, reply) => {
    if (closing) reply.header("connection", "close");
  });
}
