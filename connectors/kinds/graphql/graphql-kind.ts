// The kind `graphql`: services that answer a query, whose text the hub writes from the columns that the mapping reads.
import { isHubError } from '../../../schema/errors.ts';
import type { ConnectorKind } from '../../kit/contract.ts';
import { toHint } from '../../kit/manifest/shape/suggest.ts';
import type { Line, Question, Speech, WebKind, WebRequest, WebSource } from '../../kit/web/contract.ts';
import { toFault } from '../../kit/web/faults.ts';
import { toWebConnector, type WebParts } from '../../kit/web/open-web-source.ts';
import { toAddress, toHeaders } from '../../kit/web/plan-request.ts';
import { toFilledMap } from '../../kit/web/slots.ts';
import { ASK_ARGUMENTS, type RootFields, toRootFields } from './argument-types.ts';
import { ASK_SCHEMA, toContract } from './describe-schema.ts';
import { judgeAnswer } from './judge-answer.ts';
import { toFieldNames, toSelection } from './selection.ts';
import { type GraphqlRequest, graphqlRequest } from './words.ts';
import { type ArgumentTypes, type Document, toDocument } from './write-document.ts';

const graphql: WebKind<GraphqlRequest> = {
  kind: 'graphql',
  codec: 'json',
  request: graphqlRequest,
  open: openSpeech,
};

export function toGraphqlKind(parts: WebParts): ConnectorKind {
  return toWebConnector(graphql, parts);
}

function openSpeech(source: WebSource<GraphqlRequest>): Speech<GraphqlRequest> {
  const successPath = source.success?.path ?? null;
  /** Undefined: not asked yet. */
  let roots: RootFields | undefined;
  const learn = async (question: Question<GraphqlRequest>, line: Line): Promise<ArgumentTypes | null> => {
    const { place, request } = question.object;
    if (Object.keys(request.args).length === 0) return null;
    if (roots === undefined)
      roots = toRootFields(
        await line.ask(toPost(source, { query: ASK_ARGUMENTS, variables: {} }), source.reader),
        place,
      );
    if (roots === null) return null;
    const types = roots.get(request.root);
    const refuse = (what: string) => {
      // It may have them tomorrow.
      roots = undefined;
      return toFault('HUB_SOURCE_SHAPE', place, what);
    };
    if (types === undefined)
      throw refuse(`it has no root field ${request.root}${toHint(request.root, roots.keys())}`);
    for (const name of Object.keys(request.args))
      if (!types.has(name))
        throw refuse(`${request.root} takes no argument ${name}${toHint(name, types.keys())}`);
    return types;
  };
  return {
    async toRequest(question, line) {
      const { request } = question.object;
      // Before anything is asked: a path that no document can hold needs no service to say so.
      const selection = toSelection(question, successPath);
      const types = await learn(question, line);
      return toPost(source, toDocument(request, toFilledMap(request.args, question.fill), types, selection));
    },
    describe: async (line) => {
      const told = await line.ask(toPost(source, { query: ASK_SCHEMA, variables: {} }), source.reader);
      return toContract(told, source.objects, source.place);
    },
    judge(told, question) {
      const { object } = question;
      try {
        return judgeAnswer(told, object, source, () => toAskedNames(question, successPath));
      } catch (error) {
        // The service may have become another one: its arguments are asked for anew.
        if (isHubError(error, 'HUB_SOURCE_SHAPE', 'HUB_SOURCE_REQUEST')) roots = undefined;
        throw error;
      }
    },
  };
}

/** Every name in the document that is no variable. */
function toAskedNames(question: Question<GraphqlRequest>, successPath: string | null): ReadonlySet<string> {
  const { root, args } = question.object.request;
  return new Set([root, ...Object.keys(args), ...toFieldNames(toSelection(question, successPath))]);
}

function toPost({ base, auth }: WebSource, document: Document): WebRequest {
  return {
    method: 'POST',
    url: toAddress(base, null, {}, auth),
    headers: { ...toHeaders(auth), accept: 'application/graphql-response+json, application/json;q=0.9' },
    body: { type: 'application/json; charset=utf-8', text: JSON.stringify(document) },
  };
}
