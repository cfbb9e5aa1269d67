// Answers to requests that never become an operation: wrong JSON, a body too large, no key, no such address. They have
// the shape of a GraphQL answer, so that clients read one form of error.
import type { Socket } from 'node:net';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ERRORS, type ErrorCode, HubError, isHubError } from '../../schema/errors.ts';
import type { GatewayLog } from '../observe/log.ts';
import type { GatewayMetrics } from '../observe/metrics.ts';
import { BODY_LIMIT_BYTES } from '../policy/use-body-limit.ts';
import { INTERNAL_MESSAGE } from '../policy/use-error-codes.ts';

type Refusal = { readonly status: number; readonly code: ErrorCode; readonly message: string };

/** The answer to an error outside of GraphQL; pure. */
function toRefusal(error: unknown): Refusal {
  if (isHubError(error) && error.code !== 'HUB_INTERNAL')
    return { status: ERRORS[error.code].status, code: error.code, message: error.message };
  const { code, statusCode = 500, message } = error as Partial<FastifyError>;
  if (code === 'FST_ERR_CTP_BODY_TOO_LARGE')
    return {
      status: 413,
      code: 'HUB_QUERY_TOO_LARGE',
      message: `The request body is larger than ${BODY_LIMIT_BYTES} bytes; send less, or ask in several operations.`,
    };
  // Fastify's own messages name what is wrong with the request and quote nothing of it but its content type.
  if (statusCode >= 400 && statusCode < 500 && code?.startsWith('FST_') === true)
    return { status: statusCode, code: 'HUB_REQUEST_INVALID', message: message ?? 'Bad request.' };
  if (statusCode >= 400 && statusCode < 500)
    return { status: statusCode, code: 'HUB_REQUEST_INVALID', message: 'The request cannot be read.' };
  return { status: 500, code: 'HUB_INTERNAL', message: INTERNAL_MESSAGE };
}

/** The body of such an answer. */
function toRefusalBody({ code, message }: Refusal, requestId?: string): string {
  const extensions = code === 'HUB_INTERNAL' && requestId !== undefined ? { code, requestId } : { code };
  return `${JSON.stringify({ errors: [{ message, extensions }] })}\n`;
}

export function useCodedHttpErrors(app: FastifyInstance, log: GatewayLog, metrics: GatewayMetrics): void {
  app.setErrorHandler((error, request, reply) => {
    const refusal = toRefusal(error);
    if (refusal.code === 'HUB_INTERNAL')
      log.error({ err: error, requestId: request.id, route: request.routeOptions.url }, 'a request failed');
    metrics.recordRefusal(refusal.code);
    if (refusal.status === 401) void reply.header('www-authenticate', 'Bearer');
    return reply
      .code(refusal.status)
      .type('application/json; charset=utf-8')
      .send(toRefusalBody(refusal, request.id));
  });
  app.setNotFoundHandler(() => {
    throw new HubError('HUB_REQUEST_UNKNOWN', 'There is nothing at this address; GraphQL is at /graphql.');
  });
}

/** Answers an address that cannot be decoded: Fastify finds no route for it, so none of the hooks above sees it. */
export function answerBrokenAddress(error: FastifyError, request: FastifyRequest, reply: FastifyReply): void {
  const refusal = toRefusal(error);
  void reply
    .code(refusal.status)
    .type('application/json; charset=utf-8')
    .send(toRefusalBody(refusal, request.id));
}

/** Answers what is not even HTTP, or has headers beyond Node's 16 KB, before Fastify sees it. */
export function answerBrokenRequest(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const isLarge = error.code === 'HPE_HEADER_OVERFLOW';
  const status = isLarge ? '431 Request Header Fields Too Large' : '400 Bad Request';
  const body = toRefusalBody({
    status: 400,
    code: isLarge ? 'HUB_QUERY_TOO_LARGE' : 'HUB_REQUEST_INVALID',
    message: isLarge
      ? 'The address and headers are too large; send the query by POST.'
      : 'The request is no HTTP.',
  });
  const head = `HTTP/1.1 ${status}\r\ncontent-type: application/json; charset=utf-8\r\nconnection: close`;
  socket.end(`${head}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
}
