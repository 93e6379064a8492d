/** A request that gets an answer other than 200, through no fault of ours. */
export class HttpFault extends Error {
  override readonly name = "HttpFault";
  readonly statusCode: number;

  constructor(statusCode: number, message: string) {
    super(message);
    this.statusCode = statusCode;
  }
}
