// What a code list of the hub is made of; the lists themselves stand in hub-lists.ts.

/** A value of the GraphQL enum and the raw codes that mean it. */
export type HubValue = {
  readonly name: string;
  readonly from: readonly string[];
  readonly zh: string;
  readonly en: string;
};

/** `enumName` is the GraphQL enum; `other` is what an unknown code lands as, null when it is a fault. */
export type HubList = {
  readonly enumName: string;
  readonly ignoreCase: boolean;
  readonly other: string | null;
  readonly values: readonly HubValue[];
};
