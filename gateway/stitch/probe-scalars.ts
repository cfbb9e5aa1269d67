import { GraphQLScalarType } from 'graphql';

const s = (name: string) =>
  new GraphQLScalarType({
    name,
    parseValue: (v) => {
      if (typeof v !== 'string') throw new TypeError('no');
      return v;
    },
    serialize: (v) => v,
  });
export const SCALARS: Record<string, GraphQLScalarType> = Object.fromEntries(
  ['DateTime', 'Date', 'MonthDay', 'Duration', 'Long', 'Decimal', 'PhoneNumber', 'IdNumber'].map((n) => [
    n,
    s(n),
  ]),
);
