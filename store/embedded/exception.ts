/** ClickHouse's errors as its HTTP interface shows them: text, code, status. */

/** The statuses ClickHouse answers with (its exceptionCodeToHTTPStatus.cpp); every other code is 500. */
const CODES_OF_STATUS: Readonly<Record<number, readonly number[]>> = {
  400: [6, 8, 15, 25, 26, 27, 36, 37, 38, 41, 44, 53, 62, 72, 117, 123, 167, 168, 223, 321, 376, 427, 441, 675, 676],
  401: [194],
  403: [192, 193, 497, 512, 516],
  404: [46, 47, 50, 56, 60, 63, 73, 78, 81, 115, 152, 336, 511],
  408: [159],
  411: [381],
  413: [229],
  415: [779],
  501: [48],
  503: [76, 209, 439],
};

const STATUS_OF_CODE: ReadonlyMap<number, number> = new Map(
  Object.entries(CODES_OF_STATUS).flatMap(([status, codes]) => codes.map((code) => [code, Number(status)] as const)),
);

/** What a client is told: `Code: 62. DB::Exception: … (SYNTAX_ERROR)`. */
export class EngineException extends Error {
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.name = 'EngineException';
    this.code = code;
  }

  get status(): number {
    return STATUS_OF_CODE.get(this.code) ?? 500;
  }
}

/** An error of our own in ClickHouse's words. */
export function exception(code: number, name: string, text: string): EngineException {
  return new EngineException(code, `Code: ${code}. DB::Exception: ${text} (${name})`);
}

/** Whatever was thrown while a statement ran. */
export function asException(thrown: unknown): EngineException {
  if (thrown instanceof EngineException) return thrown;
  const text = unwrapped(thrown instanceof Error ? thrown.message : String(thrown));
  const code = /^Code: (\d+)\./.exec(text);
  if (code === null) return exception(1002, 'UNKNOWN_EXCEPTION', text);
  return new EngineException(Number(code[1]), text);
}

/** An error without the words about the pipe that the rows came through. */
export function withoutPipe(failure: EngineException, path: string): EngineException {
  const origin = new RegExp(`: \\(in file/uri [^\\n]*${path}\\)`, 'g');
  const text = failure.message.replace(origin, '').replaceAll(': data for INSERT was parsed from file', '');
  return new EngineException(failure.code, text);
}

/** The text without the layers that chdb puts around it: `Code: 33. DB::Exception: Code: 33. … (X) (version 1). (X)`. */
function unwrapped(text: string): string {
  const inner = /^Code: (\d+)\. DB::Exception: (Code: \1\. DB::Exception: [\s\S]*)$/.exec(text)?.[2];
  if (inner !== undefined) return unwrapped(inner);
  return text.replace(/(?<=\(([A-Z_0-9]+)\))(?: \(version [^()]*\)\. \(\1\))+$/, '');
}
