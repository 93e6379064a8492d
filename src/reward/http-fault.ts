/** A request that gets an answer other than 200, told to the client in one sentence. */
export class HttpFault extends Error {
  override readonly name = "HttpFault";
  readonly statusCode: number;

  constructor(statusCode: number, message: string, options?: { readonly cause?: unknown }) {
    super(message, options);
    this.statusCode = statusCode;
  }
}
