/** Every error as application/problem+json (RFC 9457), and none of them with a value of the request in it. */
import { STATUS_CODES } from 'node:http';
import type { ErrorRequestHandler } from 'express';
import { QuanyuError } from '../../errors.ts';
import type { Log } from '../../log.ts';
import { routeOf } from './request.ts';

/** When to try again what cannot be answered now. */
const RETRY_SECONDS = '5';

/** The error a request meets, whatever was thrown on the way. */
export function errorOf(thrown: unknown): QuanyuError {
  if (thrown instanceof QuanyuError) return thrown;
  const { type, status } = (thrown ?? {}) as { type?: unknown; status?: unknown };
  switch (type) {
    case 'entity.too.large':
      return new QuanyuError('api.body-too-large', 'The body is larger than 1 MB. Send less at once.', {
        limit_bytes: 1_048_576,
      });
    case 'entity.parse.failed':
      return new QuanyuError('api.body-not-json', 'The body is not JSON. Expected one JSON object, in UTF-8.');
    case 'encoding.unsupported':
    case 'charset.unsupported':
      return new QuanyuError(
        'api.media-type-unsupported',
        'The body is in an encoding that is not read here. Expected UTF-8, plain or compressed with gzip, deflate or br.',
      );
  }
  if (typeof status === 'number' && status >= 400 && status < 500)
    return new QuanyuError(
      'api.request-invalid',
      'The request cannot be read: its path, its length or its body is broken. Send it again as the OpenAPI document says.',
    );
  return new QuanyuError('api.internal', 'A fault of Quanyu itself.', {}, { cause: thrown });
}

/** Answers with the error's problem document; faults of Quanyu itself go to the log, by place and not by text. */
export function problems(log: Log): ErrorRequestHandler {
  return (thrown: unknown, _request, response, _next) => {
    const error = errorOf(thrown);
    const request = String(response.locals.requestId);
    if (error.status >= 500) {
      const fields = { request, route: routeOf(response), code: error.code };
      log.error(fields, `a request failed${placeOf(error.cause ?? error)}`);
    }
    response.locals.code = error.code;
    if (response.headersSent) {
      response.destroy();
      return;
    }
    const { details, retry, status, code } = error;
    if (status === 503 && !response.get('Retry-After')) response.set('Retry-After', RETRY_SECONDS);
    response
      .status(status)
      .type('application/problem+json')
      .send(
        JSON.stringify({
          ...(error.status >= 500 ? {} : details),
          type: `urn:quanyu:error:${code}`,
          title: STATUS_CODES[status],
          status,
          detail: detailOf(error),
          code,
          retry,
          request_id: request,
        }),
      );
  };
}

/** Texts of the engine and of unknown errors could quote values, so an answer only says where to look. */
function detailOf(error: QuanyuError): string {
  if (error.code !== 'api.internal' && error.code !== 'store.query-failed') return error.message;
  return 'This is a fault of Quanyu and not of the request. The log has it under the request_id of this answer.';
}

/** Name and stack frames of what was thrown: files and lines, never its message. */
function placeOf(thrown: unknown): string {
  if (!(thrown instanceof Error)) return '';
  const frames = (thrown.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  const short = frames.slice(0, 6).map((line) => line.trim());
  return `: ${thrown.name} ${short.join(' < ')}`;
}
